/**
 * What the companion says is checked field by field and copied: nothing that
 * is not in the contract comes through, whatever the server sends.
 */

import { isHint } from "./token.js";

/** @typedef {import("./types.js").Network} Network */
/** @typedef {import("./types.js").Sighting} Sighting */

/** Thrown for a reply that does not have its shape; reported as reason "garbage". */
export class Garbage extends Error {}

/** An organisation's name or a resolver's address is never longer; a longer one is not what it claims to be. */
const TEXT_MAX = 256;

/** @param {unknown} value @returns {Record<string, unknown>} */
export function object(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Garbage("not an object");
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {number} [max] */
export function text(value, max = TEXT_MAX) {
  if (typeof value !== "string" || value.length > max) throw new Garbage("not a text");
  return value;
}

/** @param {unknown} value */
export function integer(value) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new Garbage("not a number");
  return value;
}

/** @param {unknown} value */
export function family(value) {
  if (value !== 4 && value !== 6) throw new Garbage("not an address family");
  return value;
}

/** @template T @param {unknown} value @param {(item: unknown) => T} each @param {number} max */
export function list(value, each, max) {
  if (!Array.isArray(value) || value.length > max) throw new Garbage("not a list");
  return value.map(each);
}

/** Only the look of an address: what it is, the core decides. @param {unknown} value */
export function address(value) {
  const it = text(value, 64);
  if (!/^[0-9a-fA-F:.]{2,}$/.test(it)) throw new Garbage("not an address");
  return it;
}

/** @param {unknown} value @returns {Network | null} */
export function network(value) {
  if (value === null || value === undefined) return null;
  const it = object(value);
  return {
    prefix: text(it.prefix ?? ""),
    asn: integer(it.asn ?? 0),
    org: text(it.org ?? ""),
    country: text(it.country ?? ""),
    kind: text(it.kind ?? ""),
  };
}

/** @param {unknown} value */
export function exit(value) {
  const it = object(value);
  const companion = it.companion ? { families: list(object(it.companion).families, family, 2) } : null;
  // Absent from older companions.
  const servers = it.server ? list(object(it.server).addresses ?? [], address, 4) : [];
  const hint = (it.server && object(it.server).hint) ?? "";
  if (!isHint(hint)) throw new Garbage("not a hint");
  return { address: address(it.address), family: family(it.family), network: network(it.network), companion, servers, hint };
}

/** @param {unknown} value @returns {Sighting} */
export function sighting(value) {
  const it = object(value);
  const label = text(it.label);
  if (!/^([fsprxtv][0-9]{1,2})?$/.test(label)) throw new Garbage("not a label");
  const edns = it.edns ? object(it.edns) : null;
  return {
    label,
    vector: text(it.vector ?? "", 1),
    resolver: address(it.resolver),
    family: family(it.family),
    transport: text(it.transport, 8),
    network: network(it.network),
    qtypes: list(it.qtypes ?? [], (type) => text(type, 16), 32),
    edns: edns && { size: integer(edns.size ?? 0), do: edns.do === true, cookie: edns.cookie === true },
    ecs: text(it.ecs ?? "", 64),
  };
}

/** @param {unknown} value @returns {import("./types.js").Path} */
export function path(value) {
  const it = object(value);
  if (it.transport !== "udp" && it.transport !== "tcp") throw new Garbage("not a transport");
  return { transport: it.transport, family: family(it.family), address: address(it.address), network: network(it.network) };
}

/** @param {unknown} value @returns {Record<string, Network | null>} */
export function networks(value) {
  const entries = Object.entries(object(object(value).networks));
  if (entries.length > 64) throw new Garbage("too many networks");
  return Object.fromEntries(entries.map(([key, net]) => [address(key), network(net)]));
}

/** @param {unknown} value */
export function about(value) {
  const it = object(value);
  const name = text(it.name);
  if (name !== "watertight-server") throw new Garbage("not a companion");
  return { name, version: text(it.version), zone: text(it.zone), data_date: text(it.data_date ?? "") };
}
