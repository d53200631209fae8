/**
 * Which companion the extension talks to, and the addresses that follow from it.
 * `{api, zone}`; with an empty zone (a companion on loopback) there is one
 * exit, one frame and no DNS probe.
 */
import { COMPANION } from "./defaults.js";
import * as ext from "./ext.js";

/** @typedef {{ api: string, zone: string }} Companion */
/** @typedef {{ family: number, url: string }} Place */

const KEY = "companion";

/**
 * The page to gather in. Chromium may take it from its cache for some minutes: what it gathers does not depend on how the
 * page came. Firefox chooses the interface by that, so there it comes over the network each time.
 */
const FRAME = ext.hasOffscreen ? "/v1/frame?keep" : "/v1/frame";

const STUN_PORT = 3478; // RFC 8489 §14
const TURN_PORT = 3479; // beside it: the companion's TURN is a listener of its own

/** Any word will do: who knows the token of a check may speak for it. */
const TURN_PASSWORD = "watertight";

/** The longest zone that leaves room for `v0.token.v6.` in a 253-octet name (RFC 1035 §2.3.4); tools/extension has it too. */
export const ZONE_MAX = 253 - 3 - 1 - 26 - 1 - 3;

/**
 * @param {string} text
 * @returns {{ ok: true, value: string } | { ok: false, error: string }} error: a message id
 */
export function parseApi(text) {
  let url;
  try {
    url = new URL(text.trim());
  } catch {
    return { ok: false, error: "ui_error_api_url" };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return { ok: false, error: "ui_error_api_scheme" };
  if (url.username || url.password) return { ok: false, error: "ui_error_api_user" };
  if (url.pathname !== "/" || url.search || url.hash) return { ok: false, error: "ui_error_api_path" };
  return { ok: true, value: url.origin };
}

/**
 * @param {string} text
 * @returns {{ ok: true, value: string } | { ok: false, error: string }}
 */
export function parseZone(text) {
  const zone = text.trim().toLowerCase().replace(/\.$/, "");
  if (zone === "") return { ok: true, value: "" };
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  const labels = zone.split(".");
  if (zone.length > ZONE_MAX || labels.length < 2 || !labels.every((part) => label.test(part))) {
    return { ok: false, error: "ui_error_zone" };
  }
  if (labels.every((part) => /^\d+$/.test(part))) return { ok: false, error: "ui_error_zone" };
  return { ok: true, value: zone };
}

/** @param {unknown} stored @returns {Companion | null} */
export function validCompanion(stored) {
  if (typeof stored !== "object" || stored === null) return null;
  const { api, zone } = /** @type {Record<string, unknown>} */ (stored);
  if (typeof api !== "string" || typeof zone !== "string") return null;
  const a = parseApi(api);
  const z = parseZone(zone);
  return a.ok && z.ok ? { api: a.value, zone: z.value } : null;
}

/** @returns {Promise<Companion>} */
export async function loadCompanion() {
  const stored = await ext.read("local", [KEY]);
  return validCompanion(stored[KEY]) ?? COMPANION;
}

/** @param {Companion} companion */
export const saveCompanion = (companion) => ext.write("local", { [KEY]: companion });

export const resetCompanion = () => ext.forget("local", KEY);

/** @param {Companion} companion */
export const isDefault = (companion) => companion.api === COMPANION.api && companion.zone === COMPANION.zone;

/** @param {string} host of a URL: IPv6 in brackets @returns {0 | 4 | 6} */
function literalFamily(host) {
  if (host.startsWith("[")) return 6;
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? 4 : 0;
}

/** @param {string} address */
const bracketed = (address) => (address.includes(":") ? `[${address}]` : address);

/** @param {Companion} companion */
export function endpoints({ api, zone }) {
  const base = new URL(api);
  /** @param {string} path @returns {Place[]} */
  const places = (path) => {
    if (!zone) return [{ family: literalFamily(base.hostname), url: `${base.origin}${path}` }];
    const port = base.port && `:${base.port}`;
    return [4, 6].map((family) => ({ family, url: `${base.protocol}//ip${family}.${zone}${port}${path}` }));
  };
  return {
    api: base.origin,
    zone,
    exits: places("/v1/exit"),
    frames: places(FRAME),
    about: `${base.origin}/v1/about`,
    stun: `stun:${zone ? `stun.${zone}` : base.hostname}:${STUN_PORT}`,
    /** @param {string} address of the companion */
    stunAt: (address) => `stun:${bracketed(address)}:${STUN_PORT}`,
    /** Beside DNS on the same socket. @param {string} address of the companion */
    stun53At: (address) => `stun:${bracketed(address)}:53`,
    /** @param {string} address of the companion @param {string} token @returns {RTCIceServer} */
    turnAt: (address, token) => ({
      urls: ["udp", "tcp"].map((transport) => `turn:${bracketed(address)}:${TURN_PORT}?transport=${transport}`),
      username: token,
      credential: TURN_PASSWORD,
    }),
    /** The apex: a name that exists. */
    apex: zone,
    /** @param {string} label @param {string} token */
    probeName: (label, token) => `${label}.${token}.${label.startsWith("v") ? "v6." : ""}${zone}`,
    /** @param {"valid" | "broken"} which */
    signedUrl: (which) => `${base.protocol}//${which}.sig.${zone}${base.port && `:${base.port}`}/`,
    /** @param {string} token */
    stream: (token) => `${base.origin}/v1/sightings/${token}`,
    /** @param {string[]} addresses */
    networks: (addresses) =>
      `${base.origin}/v1/networks?${addresses.map((a) => `address=${encodeURIComponent(a)}`).join("&")}`,
    /** @param {string} label @param {string} token */
    probeUrl: (label, token) => `${base.protocol}//${label}.${token}.${label.startsWith("v") ? "v6." : ""}${zone}/`,
  };
}

/** @typedef {ReturnType<typeof endpoints>} Endpoints */

/**
 * Match patterns for the frames' pages. Without a port: Firefox knows no
 * ports in patterns, and in both browsers none means any.
 * @param {Companion} companion
 */
export function framePatterns(companion) {
  return endpoints(companion).frames.map(({ url }) => {
    const { protocol, hostname, pathname } = new URL(url);
    return `${protocol}//${hostname}${pathname}*`; // with a query and without
  });
}

/** Whether the browser lets us into these pages; a permission for more, once given back, may have taken this one along. @param {Companion} companion */
export const mayEnter = async (companion) => isDefault(companion) || ext.hostsGranted(frameOrigins(companion));

/** The hosts that a permission must be asked for, as origin patterns. @param {Companion} companion */
export const frameOrigins = (companion) =>
  framePatterns(companion).map((pattern) => pattern.replace(/\/v1\/frame\*$/, "/*"));
