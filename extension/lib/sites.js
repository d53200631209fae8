/** What sites did with WebRTC: shapes of what the core says of it, and of what the relay in a page sends. */

/** @typedef {import("./types.js").Text} Text */
/** @typedef {import("./ext.js").Sender} Sender */

/** @typedef {{ address: string, site: string, class: string, via: string, hardware: boolean, probe: boolean, first: number, last: number, count: number }} Seen */
/** @typedef {{ never: boolean, noticed: number, dismissed: number }} Choice */
/** @typedef {{ badge: boolean, notice: boolean, title: Text, detail: Text, seen: { text: Text, address: string }[] }} Warning */

/**
 * @typedef {object} Sight what the core says of a page
 * @property {string} site
 * @property {string} kind
 * @property {Warning} warning
 * @property {Seen[]} seen
 * @property {boolean} more
 * @property {number} at
 * @property {number} alarm
 * @property {Choice} choice
 * @property {Text[]} why what makes it that
 * @property {string[]} servers that were asked, as `stun:host`
 */

/** @typedef {Sight & { born: number, host: string, heard: number, lost: number, private: boolean }} SiteView `storage.session`, key `site:TAB` */
/** @typedef {{ site: string }} Entry one of the ledger; the rest is the core's own */
/** @typedef {{ version: number, sites: Entry[] }} Ledger `storage.local`, key `sites` */
/** @typedef {{ site: string, first: number, last: number, visits: number, kind: string, seen: Seen[], title: Text, detail: Text, lines: Warning["seen"] }} Listed */
/** @typedef {{ how: "header" | "wrapper", note: Text, header: string, value: string, domains: string[], patterns: string[] }} Plan */
/** @typedef {{ state: unknown, sight: Sight, ledger: Ledger }} Judged */

/** Every website; and what is asked for with it. */
export const EVERYWHERE = ["http://*/*", "https://*/*"];

/** As watch/relay.js sends them; leave takes one more. */
const EVENTS_MAX = 65;

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} it */
const isText = (it) => typeof it?.id === "string" && Array.isArray(it.args) && it.args.every((/** @type {unknown} */ arg) => typeof arg === "string");

/** @param {any} it @returns {it is Ledger} */
const isLedger = (it) => isObject(it) && Array.isArray(it.sites) && it.sites.every((/** @type {any} */ entry) => typeof entry?.site === "string");

/** @param {unknown} value @returns {Ledger} what cannot be read counts as none */
export const ledgerOf = (value) => (isLedger(value) ? value : { version: 1, sites: [] });

/** @param {any} it @returns {Ledger | null} */
export const ledgerShape = (it) => (isLedger(it) ? it : null);

/** @param {any} lines */
const isLines = (lines) => Array.isArray(lines) && lines.every((line) => isText(line?.text) && typeof line.address === "string");

/** @param {any} list */
const isSeen = (list) =>
  Array.isArray(list) && list.every((one) => typeof one?.address === "string" && Number.isFinite(one.first) && Number.isFinite(one.last) && Number.isInteger(one.count));

/** @param {any} it @returns {Judged | null} */
export function judgedShape(it) {
  const sight = it?.sight;
  const warning = sight?.warning;
  const good =
    isObject(it?.state) && isLedger(it.ledger) && typeof sight?.site === "string" && typeof sight.kind === "string" &&
    isText(warning?.title) && isText(warning.detail) && isLines(warning.seen) && isSeen(sight.seen) &&
    Number.isFinite(sight.alarm) && isObject(sight.choice) && Array.isArray(sight.why) && sight.why.every(isText) &&
    Array.isArray(sight.servers) && sight.servers.every((/** @type {unknown} */ one) => typeof one === "string");
  return good ? it : null;
}

/** @param {any} it @returns {Listed[] | null} */
export const listShape = (it) =>
  Array.isArray(it) && it.every((one) => typeof one?.site === "string" && isText(one.title) && isText(one.detail) && isLines(one.lines) && isSeen(one.seen)) ? it : null;

/** @param {any} it @returns {Plan | null} */
export const planShape = (it) =>
  ["header", "wrapper"].includes(it?.how) && isText(it.note) && [it.domains, it.patterns].every((list) => Array.isArray(list) && list.every((one) => typeof one === "string"))
    ? it
    : null;

/** @param {string | undefined} address @returns {string} the host of a website, or "" */
export function hostOf(address) {
  try {
    const { protocol, hostname } = new URL(address ?? "");
    return /^https?:$/.test(protocol) ? hostname : "";
  } catch {
    return "";
  }
}

/**
 * @typedef {object} News what a frame did
 * @property {number} tab
 * @property {number} frame
 * @property {string} host of the frame; "" for one without an address of its own whose maker is not told
 * @property {string} page host of the tab's page
 * @property {boolean} private
 * @property {boolean} top
 * @property {number} born when the frame's document began
 * @property {object[]} events the core looks at each, with the frame that it was in
 * @property {number} lost events that there was no room for
 */

/** Documents that speak through the relay of another have numbers of their own, beyond all that browsers give. */
const DOCS = 10_000;
const BEYOND = 2 ** 40;

/** @param {number} frame @param {unknown} doc as the page says it @returns {number} */
const frameOf = (frame, doc) => (typeof doc === "number" && Number.isInteger(doc) && doc > 0 && doc < DOCS ? BEYOND + (frame % 2 ** 36) * DOCS + doc : frame);

/** @param {unknown} body @param {Sender} sender @param {string} selfId @returns {number | null} the tab whose frames are to be given relays */
export function callOf(body, sender, selfId) {
  const tab = sender.tab?.id;
  return sender.id === selfId && isObject(body) && /** @type {any} */ (body).type === "watch-call" && typeof tab === "number" && tab >= 0 ? tab : null;
}

/**
 * What a relay sends. Which page it is in, the browser tells; the rest came out of that page.
 * @param {unknown} body
 * @param {Sender} sender
 * @param {string} selfId
 * @returns {News | null}
 */
export function fromRelay(body, sender, selfId) {
  const { tab, frameId: frame } = sender;
  const it = /** @type {any} */ (body);
  if (sender.id !== selfId || !isObject(it) || it.type !== "watch") return null;
  if (typeof tab?.id !== "number" || tab.id < 0 || typeof frame !== "number") return null;
  if (!Array.isArray(it.events) || it.events.length > EVENTS_MAX || !it.events.every(isObject)) return null;
  if (!Number.isFinite(it.born) || !Number.isInteger(it.lost) || it.lost < 0) return null;
  return {
    tab: tab.id,
    frame,
    // about:blank and its like have the origin of whoever made them, where the browser tells it.
    host: hostOf(sender.url) || hostOf(/** @type {any} */ (sender).origin),
    page: hostOf(tab.url),
    private: tab.incognito === true,
    top: frame === 0,
    born: it.born,
    events: it.events.map(({ doc = 0, ...event }) => ({ ...event, frame: frameOf(frame, doc) })),
    lost: Math.min(it.lost, 1_000_000),
  };
}
