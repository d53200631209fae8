/** Requests to the companion: no cookies, no cache, no referrer, bounded replies. */
import { Garbage } from "./shapes.js";

/** Replies are under 4 KiB; a bigger one is not read to its end. */
const BODY_MAX = 64 * 1024;

/** @type {RequestInit} */
export const PLAIN = {
  credentials: "omit",
  cache: "no-store",
  referrerPolicy: "no-referrer",
  redirect: "error",
};

/** The companion answered, but with an error of its own. */
export class HttpError extends Error {}

/**
 * Whether an error page is the companion's own. An HTTP proxy answers in its place when it cannot reach it
 * (502, 504 and a page of its own): then the companion has said nothing at all.
 * @param {string} body
 */
function ownError(body) {
  try {
    return typeof JSON.parse(body)?.error?.code === "string";
  } catch {
    return false;
  }
}

/** @param {Response} response */
async function boundedText(response) {
  if (!response.body) return "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > BODY_MAX) {
      reader.cancel().catch(() => {});
      throw new Garbage("reply too long");
    }
  }
}

/**
 * @template T
 * @param {typeof fetch} fetch
 * @param {string} url
 * @param {(value: unknown) => T} shape
 * @param {AbortSignal} signal
 */
export async function getJson(fetch, url, shape, signal) {
  const response = await fetch(url, { ...PLAIN, signal, headers: { Accept: "application/json" } });
  const body = await boundedText(response);
  if (!response.ok) throw ownError(body) ? new HttpError(String(response.status)) : new Error("no answer of the companion");
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Garbage("not JSON");
  }
  return shape(value);
}

/** The reason, in the words of the evidence. @param {unknown} error */
export function reasonOf(error) {
  if (error instanceof Garbage) return "garbage";
  if (error instanceof HttpError) return "http";
  if (error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError")) return "timeout";
  return "network";
}
