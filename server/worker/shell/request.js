/** A request as Go is given it: only what the API reads, so that nothing else of a user's ever gets there. */
import { hintOf } from "./place.js";

const HEADERS = ["host", "accept", "cf-connecting-ip", "content-type", "content-length"];

/** @param {Request} request @returns {Asked} */
export function forGo(request) {
  const { url, method, body } = request;
  const cf = /** @type {any} */ (request).cf ?? {};
  /** @type {[string, string][]} */
  const entries = [];
  for (const name of HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) entries.push([name, value]);
  }
  // A body whose length is not told is one all the same; net/http says -1.
  if (body && !request.headers.has("content-length")) entries.push(["content-length", "-1"]);
  const hint = hintOf(cf);
  if (hint) entries.push(["watertight-hint", hint]);
  const { asn, asOrganization, country } = cf;
  return { url, method, body, headers: { entries: () => entries }, cf: { asn, asOrganization, country } };
}

/** A node's report, as one object passes it on to another. @param {Uint8Array<ArrayBuffer>} part @returns {Asked} */
export function inner(part) {
  /** @type {[string, string][]} */
  const entries = [["content-length", String(part.byteLength)], ["watertight-inner", "1"]];
  const body = new Response(part).body;
  return { url: "http://inner/v1/report", method: "POST", body, headers: { entries: () => entries }, cf: {} };
}

/**
 * @typedef {{ url: string, method: string, body: ReadableStream | null,
 *   headers: { entries(): [string, string][] }, cf: { asn?: number, asOrganization?: string, country?: string } }} Asked
 */
