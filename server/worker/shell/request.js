/**
 * A request as Go is given it: one text, because each value that crosses by itself costs more than the whole text
 * does, and only what the API reads, so that nothing else of a user's ever gets there.
 */
import { hintOf } from "./place.js";

/** More than any batch of a node's has: of what is longer, so much is enough to be refused for. */
const BODY_MAX = 64 * 1024;

/**
 * One field a line, in the order of front.go. Headers and URLs have no line ends; a name might.
 * @param {(string | number | null | undefined)[]} fields
 */
const lines = (fields) => fields.map((field) => String(field ?? "").replaceAll("\n", " ")).join("\n");

/** @param {Request} request @returns {Asked} */
export function forGo(request) {
  const { url, method, headers, body } = request;
  const cf = /** @type {any} */ (request).cf ?? {};
  // A body whose length is not told is one all the same; net/http says -1.
  const length = headers.get("content-length") ?? (body ? -1 : 0);
  const text = lines([method, url, headers.get("host"), headers.get("accept"), headers.get("cf-connecting-ip"), length, hintOf(cf), "", cf.asn, cf.asOrganization, cf.country]);
  return { text, body: null };
}

/** The same, with the body of a node's report; nothing else has one that anybody reads. @param {Request} request @returns {Promise<Asked>} */
export async function withBody(request) {
  const asked = forGo(request);
  if (request.body && request.method === "POST") asked.body = await upTo(request.body, BODY_MAX);
  return asked;
}

/** A node's report, as one object passes it on to another. @param {Uint8Array} part @returns {Asked} */
export const inner = (part) => ({
  text: lines(["POST", "http://inner/v1/report", "inner", "", "", part.byteLength, "", "inner", "", "", ""]),
  body: part,
});

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

/** @typedef {{ text: string, body: Uint8Array | null }} Asked */
