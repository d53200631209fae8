/**
 * Shapes of hardening (leak/harden/types.go), and the check of what the core
 * decides: whatever it says, nothing but these policies is ever set.
 */

/** @typedef {import("./types.js").Text} Text */
/** @typedef {import("./ext.js").Setting} Setting */
/** @typedef {"off" | "ask" | "auto"} Mode `storage.local`, key `mode` */

/** @type {Mode[]} */
export const MODES = ["auto", "ask", "off"];

/** @param {unknown} mode @returns {Mode} */
export const modeOf = (mode) => (MODES.includes(/** @type {any} */ (mode)) ? /** @type {Mode} */ (mode) : "auto");

/**
 * @typedef {object} Seal `storage.local`, key `seal`
 * @property {"" | "setting" | "testing"} phase
 * The rest is the core's own.
 */

/**
 * @typedef {object} Lease `storage.local`, key `lease`
 * @property {"setting" | "active" | "restoring" | "testing"} phase
 * @property {string} site
 * @property {number} tab
 * @property {string} session
 * @property {number} until milliseconds since 1970; 0: until the tab is closed
 * @property {boolean} failed
 */

/** @typedef {{ site: string, tab: number, minutes: number }} Wish */

/**
 * @typedef {object} View what the popup shows
 * @property {string} state
 * @property {Text} title
 * @property {Text} detail
 * @property {Text} cost
 * @property {string} policy
 * @property {string[]} before
 * @property {string[]} after
 * @property {string[]} actions
 */

/**
 * @typedef {object} Decision
 * @property {"none" | "set" | "clear"} do
 * @property {string} value
 * @property {boolean} test
 * @property {Seal | null} seal
 * @property {Lease | null} lease
 * @property {number} alarm
 * @property {View} view
 */

/**
 * @typedef {{ names: string[], count: number, named: boolean }} Others
 * tabs that a lease exposes as well; unnamed, they are all there are besides the lease's own
 */

/** @typedef {{ allowed: boolean | null, reached: boolean | null }} Private private windows; null: not known */

/**
 * @typedef {View & { phase: string, lease: Lease | null, others: string[], exposed: Others | null, private: Private | null }} Hardening
 * `storage.session`, key `hardening`; `phase` of the seal, `lease` while it is open
 */

/** @typedef {{ state: string, title: Text, detail: Text }} Calls `storage.session`, key `calls` */

/** Looser than the browser's own default is not among them. */
const POLICIES = ["default", "default_public_interface_only", "disable_non_proxied_udp", "proxy_only"];

const CALLS = ["direct", "relayed", "tcp", "none", "unknown"];

/** A host with more addresses than this in one leak does not exist; it keeps the popup readable. */
const ADDRESSES_MAX = 32;

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} value @returns {Text | null} */
const text = (value) => (typeof value?.id === "string" ? { id: value.id, args: (value.args ?? []).map(String) } : null);

/** Go writes an empty slice as null. @param {any} value @returns {string[] | null} */
function strings(value) {
  const list = value ?? [];
  return Array.isArray(list) && list.every((one) => typeof one === "string") ? list.slice(0, ADDRESSES_MAX) : null;
}

/** @param {any} it @returns {View | null} */
function viewShape(it) {
  if (!isObject(it) || typeof it.state !== "string") return null;
  const [title, detail, cost] = [text(it.title), text(it.detail), text(it.cost)];
  const [before, after, actions] = [strings(it.before), strings(it.after), strings(it.actions)];
  if (!title || !detail || !cost || !before || !after || !actions) return null;
  return { state: it.state, title, detail, cost, policy: String(it.policy ?? ""), before, after, actions };
}

/** @param {any} it @returns {Decision | null} null: this is no decision */
export function decisionShape(it) {
  if (!isObject(it) || !["none", "set", "clear"].includes(it.do) || typeof it.test !== "boolean") return null;
  if (it.do === "set" && !POLICIES.includes(it.value)) return null;
  if (![it.seal, it.lease].every((record) => record === null || (isObject(record) && typeof record.phase === "string"))) return null;
  const alarm = it.alarm ?? 0;
  const view = viewShape(it.view);
  if (!Number.isFinite(alarm) || alarm < 0 || !view) return null;
  return { do: it.do, value: String(it.value ?? ""), test: it.test, seal: it.seal, lease: it.lease, alarm, view };
}

/** @param {any} it @returns {Calls | null} */
export function callsShape(it) {
  const [title, detail] = [text(it?.title), text(it?.detail)];
  return title && detail && CALLS.includes(it.state) ? { state: it.state, title, detail } : null;
}
