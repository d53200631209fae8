/** The card of hardening: what was done about a WebRTC leak, or can be. Shows what the core decided; decides nothing. */
import * as ext from "../lib/ext.js";
import { find, make, redraw, setAttribute, setText } from "../lib/dom.js";
import { plain, render, say } from "../lib/i18n.js";
import { prepareLease, showLease } from "./lease.js";

/** @typedef {import("../lib/hardening.js").Hardening} Hardening */
/** @typedef {import("../lib/hardening.js").Calls} Calls */

/** How each state looks: the tone of an outcome, and a picture. @type {Record<string, [string, string]>} */
const LOOKS = {
  off: ["pending", "shield"],
  grant: ["", "shield"],
  offer: ["", "shield"],
  working: ["pending", "pending"],
  sealed: ["clear", "clear"],
  partly: ["unknown", "unknown"],
  failed: ["leak", "leak"],
  conflict: ["unknown", "unknown"],
  untested: ["unknown", "unknown"],
  lease: ["unknown", "phone"],
  restoring: ["pending", "pending"],
  "restore-failed": ["leak", "leak"],
};

const BUTTONS = { "seal-act": "seal", "seal-grant": "grant", "seal-undo": "undo", "lease-open": "lease", "lease-end": "end" };

/** @param {string} address */
const code = (address) => make(document, "code", "", plain(address));

/** @param {string} id @param {string[]} addresses */
function addresses(id, addresses) {
  const items = addresses.length > 0 ? addresses.map((address) => ({ address })) : [{ address: "" }];
  redraw(find(document, id), items, ({ address }) =>
    address ? code(address) : make(document, "span", "", say("ui_seal_nothing")),
  );
}

/** While these last, what the policy costs and how calls were before is of no use. */
const UNDER_WAY = ["working", "restoring"];

/** @type {Calls | null} */
let calls = null;

let underWay = false;

/** A button that was pressed and is gone leaves the focus nowhere. @param {Element | null} focused */
function keepFocus(focused) {
  if (!focused?.closest("[hidden]")) return;
  find(document, find(document, "#seal").hidden ? "#headline" : "#seal-title").focus();
}

/** @param {Hardening | null} it */
export function showSeal(it) {
  const section = find(document, "#seal");
  const look = it && LOOKS[it.state];
  const focused = section.contains(document.activeElement) ? document.activeElement : null;
  section.hidden = !look;
  if (it && look) {
    setAttribute(section, "data-state", it.state);
    setAttribute(section, "data-outcome", look[0]);
    setAttribute(find(document, "#seal-icon"), "href", `#icon-${look[1]}`);
    setText(find(document, "#seal-title"), render(it.title));
    // What is shown side by side need not be said as well.
    const compared = it.state === "sealed" && it.before.length > 0;
    setText(find(document, "#seal-detail"), compared ? "" : render(it.detail));
    setText(find(document, "#seal-cost"), UNDER_WAY.includes(it.state) ? "" : render(it.cost));
    find(document, "#seal-change").hidden = !compared;
    addresses("#seal-was", it.before);
    addresses("#seal-is", it.after);
    for (const [id, action] of Object.entries(BUTTONS)) find(document, `#${id}`).hidden = !it.actions.includes(action);
    setText(find(document, "#seal-act"), say(it.state === "offer" ? "ui_seal_act" : "ui_seal_again"));
    setText(find(document, "#lease-end"), say(it.state === "lease" ? "ui_lease_end" : "ui_lease_retry"));
    find(document, "#seal-settings").hidden = it.state !== "off";
    const open = it.state === "sealed" && it.private?.reached === false;
    setText(find(document, "#seal-private"), open ? say("ui_seal_private") : "");
  }
  showLease(it);
  keepFocus(focused);
  underWay = UNDER_WAY.includes(it?.state ?? "");
  drawCalls();
}

/** @param {unknown} value of the key `calls` */
export function showCalls(value) {
  calls = /** @type {Calls | null | undefined} */ (value) ?? null;
  drawCalls();
}

function drawCalls() {
  const node = find(document, "#calls");
  node.hidden = !calls || underWay || calls.state === "unknown";
  if (!calls) return;
  setAttribute(node, "data-calls", calls.state);
  setText(find(document, "#calls-title"), render(calls.title));
  setText(find(document, "#calls-detail"), render(calls.detail));
}

/** @param {string} id message id; "" takes back what was said */
const complain = (id) => setText(find(document, "#seal-refused"), id && say(id));

/** @param {"seal" | "undo" | "lease-end" | "granted"} type */
async function order(type) {
  complain("");
  const reply = /** @type {{ done?: boolean } | null | undefined} */ (await ext.send({ type }).catch(() => null));
  if (!reply?.done) complain("ui_core_failed");
}

/** The prompt may close the popup: the background hears of the permission by itself. */
function grant() {
  ext.request("privacy").then(
    (yes) => (yes ? void order("granted") : complain("ui_grant_refused")),
    () => complain("ui_grant_failed"),
  );
}

/** @param {() => void} changed called once what websites can see has changed by an order that brings no test of its own */
export function prepareSeal(changed) {
  find(document, "#seal-act").addEventListener("click", () => void order("seal"));
  find(document, "#seal-undo").addEventListener("click", () => void order("undo"));
  find(document, "#seal-grant").addEventListener("click", grant);
  find(document, "#lease-end").addEventListener("click", () => void order("lease-end"));
  find(document, "#seal-settings").addEventListener("click", () => void ext.openOptions().then(() => window.close()));
  prepareLease(changed);
}
