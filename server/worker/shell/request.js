/**
 * A request as Go is given it: one text, because each value that crosses by itself costs more than the whole text
 * does, and only what the API reads, so that nothing else of a user's ever gets there.
 */
import { hintOf } from "./place.js";

/** More than any batch of a node's has: of what is longer, so much is enough to be refused for. */
const BODY_MAX = 64 * 1024;

const TOKEN = /^\/v1\/sightings\/([a-z2-7]{26})$/;

/** Go compares without regard to case. */
const STREAM = /text\/event-stream/iu;

/** One line: what a name or a header might have more of would be other fields. @param {unknown} text */
const line = (text) => String(text ?? "").replaceAll("\n", " ");

/**
 * What a request asks for, read once: each of its fields is the engine's and costs a call. What Cloudflare says of
 * where it came from is not even looked at for a token.
 * @param {Request} request @param {boolean} regions whether objects are where they are asked from @returns {Asked}
 */
export function read(request, regions) {
  const { url, method, headers } = request;
  const [host, target] = cut(url);
  const path = pathOf(target);
  const token = TOKEN.exec(path)?.[1] ?? "";
  /** @type {any} */
  const said = (!token && /** @type {any} */ (request).cf) || {};
  const cf = regions ? said : { ...said, continent: "" };
  const from = headers.get("cf-connecting-ip") ?? "";
  const accept = headers.get("accept") ?? "";
  const hasBody = Boolean(request.body);
  // A body whose length is not told is one all the same; net/http says -1.
  const length = hasBody ? headers.get("content-length") ?? -1 : 0;
  // In the order of request.go. An engine's URL has no line ends.
  const text = `${method}\n${host}\n${target}\n${line(accept)}\n${line(from)}\n${length}\n${token ? "" : hintOf(cf)}\n\n${cf.asn ?? ""}\n${line(cf.asOrganization)}\n${line(cf.country)}`;
  return { path, token, from, cf, text, hasBody, isStream: Boolean(token) && STREAM.test(accept) };
}

/** The host of an absolute URL, and the rest. @param {string} url @returns {[string, string]} */
function cut(url) {
  const host = url.indexOf("//") + 2;
  const target = url.indexOf("/", host);
  return [url.slice(host, target), url.slice(target)];
}

/** @param {string} target */
function pathOf(target) {
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}

/** The body of a node's report; nothing else has one that anybody reads. @param {Request} request */
export async function bodyOf(request) {
  return request.body && request.method === "POST" ? upTo(request.body, BODY_MAX) : null;
}

/** A node's report, as one object passes it on to another. @param {Uint8Array} part */
export const inner = (part) => `POST\n\n/v1/report\n\n\n${part.byteLength}\n\ninner\n\n\n`;

/** @param {ReadableStream<Uint8Array>} body @param {number} most */
async function upTo(body, most) {
  const all = new Uint8Array(most);
  let length = 0;
  const reader = body.getReader();
  while (length < most) {
    const { done, value } = await reader.read();
    if (done) return all.subarray(0, length);
    const piece = value.subarray(0, most - length);
    all.set(piece, length);
    length += piece.byteLength;
  }
  await reader.cancel();
  return all;
}

/**
 * from: the asker's address. cf: what Cloudflare says of the asker. text: for Go.
 * @typedef {{ path: string, token: string, from: string, cf: any, text: string, hasBody: boolean, isStream: boolean }} Asked
 */
