/** A request as Go is given it: only what the API reads, so that nothing else of a user's ever gets there. */
import { hintOf } from "./place.js";

const HEADERS = ["host", "accept", "cf-connecting-ip", "content-type", "content-length"];

/** @param {Request} request */
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

/** @typedef {ReturnType<typeof forGo>} Asked */
