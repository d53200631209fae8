/** The card of hardening: what was done about a WebRTC leak, or can be. Shows what the core decided; decides nothing. */
import * as ext from "../lib/ext.js";
import { find, make, redraw, setAttribute, setText } from "../lib/dom.js";
import { plain, render, say } from "../lib/i18n.js";
import { prepareLease, showLease } from "./lease.js";

/** @typedef {import("../lib/hardening.js").Hardening} Hardening */
/** @typedef {import("../lib/hardening.js").Calls} Calls */

/** How each state looks: the tone of an outcome, and a picture. @type {Record<string, [string, string]>} */
const LOOKS = {
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

/** Where what was and what is can be compared. */
const COMPARED = ["sealed", "partly", "failed"];

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

/** A button that was pressed and is gone leaves the focus nowhere. @param {boolean} had */
function keepFocus(had) {
  if (!had || document.activeElement !== document.body) return;
  find(document, find(document, "#seal").hidden ? "#headline" : "#seal-title").focus();
}

/** @param {Hardening | null} it */
export function showSeal(it) {
  const section = find(document, "#seal");
  const look = it && LOOKS[it.state];
  const had = section.contains(document.activeElement);
  section.hidden = !look;
  if (it && look) {
    setAttribute(section, "data-state", it.state);
    setAttribute(section, "data-outcome", look[0]);
    setAttribute(find(document, "#seal-icon"), "href", `#icon-${look[1]}`);
    setText(find(document, "#seal-title"), render(it.title));
    setText(find(document, "#seal-detail"), render(it.detail));
    setText(find(document, "#seal-cost"), render(it.cost));
    find(document, "#seal-change").hidden = !COMPARED.includes(it.state);
    addresses("#seal-was", it.before);
    addresses("#seal-is", it.after);
    for (const [id, action] of Object.entries(BUTTONS)) find(document, `#${id}`).hidden = !it.actions.includes(action);
    const open = it.state === "sealed" && it.private?.reached === false;
    setText(find(document, "#seal-private"), open ? say("ui_seal_private") : "");
    setText(find(document, "#seal-refused"), "");
  }
  showLease(it);
  keepFocus(had);
}

/** @param {unknown} value of the key `calls` */
export function showCalls(value) {
  const calls = /** @type {Calls | null | undefined} */ (value);
  const node = find(document, "#calls");
  node.hidden = !calls || calls.state === "unknown";
  if (!calls) return;
  setAttribute(node, "data-calls", calls.state);
  setText(find(document, "#calls-title"), render(calls.title));
  setText(find(document, "#calls-detail"), render(calls.detail));
}

/** The prompt may close the popup: the background hears of the permission by itself. */
function grant() {
  ext.request("privacy").then(
    (yes) => (yes ? void ext.send({ type: "granted" }) : setText(find(document, "#seal-refused"), say("ui_grant_refused"))),
    () => setText(find(document, "#seal-refused"), say("ui_grant_failed")),
  );
}

export function prepareSeal() {
  find(document, "#seal-act").addEventListener("click", () => void ext.send({ type: "seal" }));
  find(document, "#seal-undo").addEventListener("click", () => void ext.send({ type: "undo" }));
  find(document, "#seal-grant").addEventListener("click", grant);
  prepareLease();
}
