/** The switch of one site: watch, block, or allow calls for a while. */
import * as ext from "../lib/ext.js";
import { find, setAttribute, setText } from "../lib/dom.js";
import { render, say } from "../lib/i18n.js";

/** @typedef {import("./site.js").Here} Here */

let lease = false;

const radios = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=site-mode]")]);

/** @param {string} id message id; "" takes back what was said */
const status = (id) => setText(find(document, "#site-mode-status"), id && say(id));

/** @param {boolean} can */
export const canLease = (can) => void (lease = can);

/** What the user chose holds only while the browser lets us into the site. @param {Here} here */
const inForce = (here) => here.blocked && here.allowed;

/** @param {Here} here */
export function showSwitch(here) {
  const blocked = inForce(here);
  setAttribute(find(document, "#site"), "data-mode", blocked ? "block" : "watch");
  for (const radio of radios()) radio.checked = (radio.value === "block") === blocked;
  setText(find(document, "#site-mode-watch"), say(here.watching ? "ui_site_mode_watch" : "ui_site_mode_allow"));
  const note = find(document, "#site-mode-note");
  note.dataset.how = here.how;
  const limits = [here.how === "header" && !here.watching && "ui_site_block_frames", here.private && "ui_site_block_private"];
  setText(note, [render(here.note), ...limits.map((id) => id && say(id))].filter(Boolean).join(" "));
  find(document, "#site-allow").hidden = !lease || blocked;
}

/** @param {Here} here @param {boolean} on */
async function block(here, on) {
  status("");
  const order = (/** @type {boolean} */ to) => ext.send({ type: "site-block", site: here.site, on: to });
  // Ordered first: the prompt may close the popup, and once the permission comes the order is carried out.
  const ordered = order(on);
  const allowed = on && !here.allowed ? ext.requestHosts(here.patterns).catch(() => false) : Promise.resolve(true);
  const reply = /** @type {{ done?: boolean } | null} */ (await ordered.catch(() => null));
  if (!(await allowed)) {
    await order(false).catch(() => null);
    status("ui_site_block_refused");
  } else status(reply?.done ? "ui_site_reload" : "ui_not_saved");
  // What was asked for and given back meanwhile is asked for again the next time.
  Object.assign(here, await ext.send({ type: "site-here", site: here.site }).catch(() => null));
  showSwitch(here);
}

/** @param {Here} here */
export function prepareSwitch(here) {
  const details = /** @type {HTMLDetailsElement} */ (find(document, "#site-switch"));
  details.hidden = false;
  details.open = here.blocked;
  if (here.blocked && !here.allowed) status("ui_site_block_lost");
  for (const radio of radios()) radio.addEventListener("change", () => void block(here, radio.value === "block"));
  find(document, "#site-allow").addEventListener("click", () => find(document, "#lease-open").click());
  showSwitch(here);
}
