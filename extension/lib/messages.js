/**
 * Every message that crosses between parts of the extension: who may send it,
 * and what must be in it. What is not on the list is not a message.
 */
import { isToken } from "./token.js";
import { MODES } from "./hardening.js";

/** @typedef {import("./ext.js").Sender} Sender */
/**
 * @typedef {{ type: "check", deep: boolean, clicked: number }
 *   | { type: "frames-open", id: string, urls: string[] }
 *   | { type: "record", name: string, sure: boolean, check: string }
 *   | { type: "seal" | "undo" | "lease-end" | "granted" }
 *   | { type: "mode", mode: import("./hardening.js").Mode }
 *   | { type: "site-choice", site: string, choice: "dismiss" | "never" | "warn", private: boolean }
 *   | { type: "site-block", site: string, on: boolean }
 *   | { type: "site-look", tab: number }
 *   | { type: "sites-erase", site: string }
 *   | { type: "sites" | "sites-export" | "sites-blocked" }
 *   | { type: "site-here", site: string }
 *   | { type: "lease", site: string, tab: number, minutes: number }} Message
 */
/**
 * @typedef {{ type: "candidate", line: string }
 *   | { type: "error", url: string, code: number }
 *   | { type: "permission", state: "granted" }
 *   | { type: "attested" }
 *   | { type: "stun53", state: "answered" | "silent" | "untested" }
 *   | { type: "done", status: "complete" | "timeout" | "failed", reason: string }} GatherMessage
 */

/** "Home", "Parents' house": the core takes no longer name. */
export const NAME_MAX = 64;

/** A host name is no longer (RFC 1035 §2.3.4). */
const HOST_MAX = 253;

/** The longest lease that can be asked for by the clock. */
const MINUTES_MAX = 12 * 60;

/** @param {unknown} value @param {number} max */
const upTo = (value, max) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;

/** A candidate line is about 120 characters; TCP and generation extensions bring it to 200. */
const LINE_MAX = 512;

/** @param {unknown} site a host name or an address */
const isSite = (site) => typeof site === "string" && site.length <= HOST_MAX && /^[^\s/]+$/.test(site);

/** @type {Record<string, (it: Record<string, unknown>) => boolean>} */
const MESSAGES = {
  check: (it) => typeof it.deep === "boolean" && Number.isFinite(it.clicked),
  "frames-open": (it) =>
    isToken(it.id) &&
    Array.isArray(it.urls) &&
    it.urls.length <= 2 &&
    it.urls.every((url) => typeof url === "string" && /^https?:\/\/[^/]+\/v1\/frame(\?keep)?(#[a-z0-9.-]{0,253}(;[a-z0-9.:,[\]]{0,512})?)?$/.test(url)),
  record: (it) => typeof it.name === "string" && it.name.length <= NAME_MAX && typeof it.sure === "boolean" && isToken(it.check),
  seal: () => true,
  undo: () => true,
  granted: () => true,
  mode: (it) => MODES.includes(/** @type {any} */ (it.mode)),
  lease: (it) =>
    isSite(it.site) && upTo(it.tab, Number.MAX_SAFE_INTEGER) && upTo(it.minutes, MINUTES_MAX),
  "lease-end": () => true,
  "site-choice": (it) => isSite(it.site) && ["dismiss", "never", "warn"].includes(/** @type {any} */ (it.choice)) && typeof it.private === "boolean",
  "site-block": (it) => isSite(it.site) && typeof it.on === "boolean",
  "site-here": (it) => isSite(it.site),
  "site-look": (it) => upTo(it.tab, Number.MAX_SAFE_INTEGER),
  sites: () => true,
  "sites-erase": (it) => it.site === "" || isSite(it.site),
  "sites-export": () => true,
  "sites-blocked": () => true,
};

/** @type {Record<string, (it: Record<string, unknown>) => boolean>} */
const GATHERED = {
  candidate: (it) => typeof it.line === "string" && it.line.length <= LINE_MAX,
  error: (it) => typeof it.url === "string" && it.url.length <= LINE_MAX && Number.isInteger(it.code),
  permission: (it) => it.state === "granted",
  attested: () => true,
  stun53: (it) => ["answered", "silent", "untested"].includes(/** @type {string} */ (it.state)),
  done: (it) =>
    ["complete", "timeout", "failed"].includes(/** @type {string} */ (it.status)) &&
    typeof it.reason === "string" &&
    /^[a-z-]{0,32}$/.test(it.reason),
};

/**
 * @param {Record<string, (it: Record<string, unknown>) => boolean>} allowed
 * @param {unknown} body
 */
function known(allowed, body) {
  if (typeof body !== "object" || body === null) return false;
  const it = /** @type {Record<string, unknown>} */ (body);
  return typeof it.type === "string" && Object.hasOwn(allowed, it.type) && Boolean(allowed[it.type]?.(it));
}

/**
 * A message between our own pages. A content script has our id too, but the
 * address of the page it sits in.
 * @param {unknown} body
 * @param {Sender} sender
 * @param {{ id: string, origin: string }} self origin: our pages' address, with the slash
 * @returns {Message | null}
 */
export function fromOwnPage(body, sender, self) {
  if (sender.id !== self.id || !sender.url?.startsWith(self.origin)) return null;
  return known(MESSAGES, body) ? /** @type {Message} */ (body) : null;
}

/** @param {unknown} body @returns {GatherMessage | null} */
export const fromGatherer = (body) => (known(GATHERED, body) ? /** @type {GatherMessage} */ (body) : null);

const PORT = /^gather:([a-z2-7]{26})$/;

/**
 * The check that a gatherer's port belongs to; null for any other port. The
 * frames live outside every tab: one inside a tab was put there by a web page.
 * @param {{ name: string, sender?: Sender }} port
 * @param {string} selfId
 */
export function gathererPort(port, selfId) {
  const check = PORT.exec(port.name)?.[1];
  const { sender } = port;
  if (!check || sender?.id !== selfId || sender.tab || !sender.url) return null;
  return { check, url: sender.url.replace(/#.*$/s, "") };
}
