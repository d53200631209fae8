/** "Allow calls on this site": asked for with its time, shown while it lasts, ended. */
import * as ext from "../lib/ext.js";
import { find, setText } from "../lib/dom.js";
import { locale, plain, say } from "../lib/i18n.js";

/** @typedef {import("../lib/hardening.js").Hardening} Hardening */

/** The time that is left is told in minutes. */
const TICK_MS = 10_000;

const MINUTE_MS = 60_000;

/** @type {{ site: string, tab: number } | null} the page that the user came from */
let here = null;

/** @type {Hardening["lease"]} */
let lease = null;

const form = () => find(document, "#lease");

/** @param {boolean} open */
function turn(open) {
  form().hidden = !open;
  find(document, "#lease-open").setAttribute("aria-expanded", String(open));
}

/** @returns {Promise<typeof here>} */
async function pageHere() {
  const tab = await ext.activeTab().catch(() => null);
  try {
    const { protocol, hostname } = new URL(tab?.url ?? "");
    return tab?.id !== undefined && /^https?:$/.test(protocol) ? { site: hostname, tab: tab.id } : null;
  } catch {
    return null; // the browser's own page, or one that it does not tell us
  }
}

/**
 * Firefox takes the address back with every page that the tab loads, also on
 * the same site, and a tab without an address counts as gone elsewhere.
 * Chromium does so only when the tab really goes elsewhere.
 */
async function showBlind() {
  const blind = here !== null && ext.browserName === "firefox" && !(await ext.granted("tabs"));
  find(document, "#lease-blind").hidden = !blind;
}

/** Straight from the click. The prompt may close the popup; what is given is heard of all the same. */
const seeTabs = () => void ext.request("tabs").then(showBlind).catch(() => {});

async function open() {
  here = await pageHere();
  setText(find(document, "#lease-title"), here ? say("ui_lease_title", here.site) : say("ui_lease_nowhere"));
  setText(find(document, "#lease-what"), here ? say("ui_lease_what") : say("ui_lease_nowhere_what"));
  find(document, "#lease-choice").hidden = !here;
  find(document, "#lease-start").hidden = !here;
  await showBlind();
  turn(true);
  const choice = here ? "input[name=lease-minutes]:checked" : "#lease-cancel";
  /** @type {HTMLElement} */ (find(form(), choice)).focus();
}

/** @param {() => void} begun */
async function start(begun) {
  if (!here) return;
  const chosen = /** @type {HTMLInputElement} */ (find(form(), "input[name=lease-minutes]:checked"));
  const reply = /** @type {{ done?: boolean, left?: boolean } | null} */ (
    await ext.send({ type: "lease", ...here, minutes: Number(chosen.value) }).catch(() => null)
  );
  turn(false);
  // The verdict on the screen is of before; it must not stand beside an open door.
  if (reply?.done) begun();
  else setText(find(document, "#seal-refused"), say(reply?.left ? "ui_lease_left_site" : "ui_core_failed"));
}

function tick() {
  const left = find(document, "#lease-left");
  left.hidden = !lease;
  if (!lease) return;
  const minutes = Math.max(0, Math.ceil((lease.until - Date.now()) / MINUTE_MS));
  const time = new Intl.NumberFormat(locale(), { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes);
  setText(left, lease.until > 0 ? say("ui_lease_left", time) : say("ui_lease_tab"));
}

/** @param {Hardening["exposed"]} exposed */
function others(exposed) {
  const node = find(document, "#lease-others");
  const { names = [], count = 0, named = true } = exposed ?? {};
  const list = new Intl.ListFormat(document.documentElement.lang).format(names.map(plain));
  const unnamed = count === 1 ? say("ui_lease_other") : say("ui_lease_others", String(count));
  setText(node, count === 0 ? "" : named ? say("ui_lease_named", list) : unnamed);
  find(document, "#lease-tabs").hidden = named || count === 0;
}

/** @param {Hardening | null} it */
export function showLease(it) {
  lease = it?.lease ?? null;
  tick();
  others(it?.exposed ?? null);
  if (!it?.actions.includes("lease")) turn(false);
}

/** @param {() => void} begun called once calls are allowed */
export function prepareLease(begun) {
  setInterval(tick, TICK_MS);
  find(document, "#lease-open").addEventListener("click", () => (form().hidden ? void open() : turn(false)));
  find(document, "#lease-cancel").addEventListener("click", () => {
    turn(false);
    find(document, "#lease-open").focus();
  });
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    void start(begun).catch(() => turn(false));
  });
  for (const id of ["#lease-tabs", "#lease-see"]) find(document, id).addEventListener("click", seeTabs);
}
