/** The site in the tab: what it read, in the core's words, and what the user says about it. */
import * as ext from "../lib/ext.js";
import { clock } from "../lib/clock.js";
import { find, make, redraw, setAttribute, setText } from "../lib/dom.js";
import { plain, render, say } from "../lib/i18n.js";
import { EVERYWHERE, hostOf } from "../lib/sites.js";
import { offerLook, prepareLook } from "./look.js";
import { canLease, prepareSwitch, showSwitch } from "./site-switch.js";

/** @typedef {import("../lib/sites.js").SiteView} SiteView */
/** @typedef {{ site: string, blocked: boolean, watching: boolean, allowed: boolean, how: string, note: import("../lib/types.js").Text, patterns: string[], private: boolean }} Here what the background knows of a host, and whether the window is private */
/** @typedef {import("../background/visits.js").Gone} Gone */

/** @type {Here | null} */
let here = null;

/** What is said of a page of which nothing was seen; message id. */
let silence = "";

const card = () => find(document, "#site");

/** @param {{ text: import("../lib/types.js").Text, when: string, address: string }} line */
function drawSeen({ text, when, address }) {
  const item = make(document, "li", "", make(document, "span", "what", render(text)), make(document, "span", "via", when));
  item.dataset.address = plain(address);
  return item;
}

/** @param {SiteView} view @param {string} address */
function whenSeen({ seen }, address) {
  const all = seen.filter((one) => one.address === address);
  const count = all.reduce((sum, one) => sum + one.count, 0);
  const last = clock(Math.max(...all.map((one) => one.last)));
  return count > 1 ? say("ui_site_seen_often", String(count), last) : say("ui_site_seen", last);
}

/** What warns stands below the headline, everything else below the rows. @param {boolean} warn */
function place(warn) {
  const before = find(document, warn ? "#seal" : "#calls");
  if (card().nextElementSibling === before) return;
  const focused = /** @type {HTMLElement | null} */ (card().contains(document.activeElement) ? document.activeElement : null);
  before.before(card());
  focused?.focus({ preventScroll: true }); // what moves loses it
}

/** @param {SiteView | null} view null: the page has not used WebRTC, or nobody watches @param {string} [none] what is said then; message id */
function show(view, none = silence) {
  const node = card();
  const warn = view?.warning.badge === true;
  place(warn);
  setAttribute(node, "data-kind", view?.kind ?? "nothing");
  setAttribute(node, "data-warn", String(warn));
  setText(find(document, "#site-title"), view ? render(view.warning.title) : none && say(none));
  setText(find(document, "#site-detail"), view ? render(view.warning.detail) : "");
  const lines = (view?.warning.seen ?? []).map((line) => ({ ...line, when: whenSeen(/** @type {SiteView} */ (view), line.address) }));
  redraw(find(document, "#site-seen"), lines, drawSeen);
  const whys = (view?.why ?? []).map((why) => say("ui_site_why", render(why)));
  const proof = [...whys, ...(view?.servers ?? []).map((server) => say("ui_site_asked", server))];
  redraw(find(document, "#site-why"), proof, (line) => make(document, "li", "", line));
  find(document, "#site-proof").hidden = proof.length === 0;
  find(document, "#site-lost").hidden = !view || view.lost === 0;
  const never = view?.choice.never === true;
  find(document, "#site-dismiss").hidden = !warn;
  find(document, "#site-never").hidden = !warn && !never;
  setAttribute(find(document, "#site-never"), "aria-pressed", String(never));
}

/** Runs in the page. */
const timeOrigin = () => performance.timeOrigin;

/** Runs in the page, beside relay.js. */
const relays = () => "watertightWatches" in globalThis;

/** @param {number} tab */
async function silenceOf(tab) {
  if (!here?.watching) return "";
  const watched = await ext.runIn(tab, relays).catch(() => null); // null: nobody may ask
  return watched === null ? "" : watched ? "ui_site_quiet" : "ui_site_unwatched";
}

/** What is stored of a tab may be of the page before. @param {number} tab @param {string} host @param {SiteView | undefined} view */
async function current(tab, host, view) {
  if (!view || view.host !== host) return null;
  const born = await ext.runIn(tab, timeOrigin).catch(() => 0);
  return born === 0 || view.born === 0 || born === view.born ? view : null;
}

/** @param {"dismiss" | "never" | "warn"} choice */
function choose(choice) {
  const order = { type: "site-choice", site: here?.site ?? "", choice, private: here?.private === true };
  ext.send(order).catch(() => setText(find(document, "#look-why"), say("ui_not_saved")));
}

/** @param {number} tab @param {string} host */
async function follow(tab, host) {
  const key = `site:${tab}`;
  silence = await silenceOf(tab);
  const draw = async (/** @type {unknown} */ stored) => {
    const view = /** @type {SiteView | Gone | undefined} */ (stored);
    if (view && "gone" in view) show(null, "ui_site_forgotten");
    else show(await current(tab, host, view));
  };
  ext.onStored("session", key, (value) => void draw(value));
  find(document, "#site-dismiss").addEventListener("click", () => {
    choose("dismiss");
    find(document, "#headline").focus();
  });
  find(document, "#site-never").addEventListener("click", () => choose(find(document, "#site-never").getAttribute("aria-pressed") === "true" ? "warn" : "never"));
  await draw((await ext.read("session", [key]))[key]);
}

function prepareAsk() {
  const ask = find(document, "#watch-ask");
  ask.hidden = here?.watching !== false;
  // Straight from the click. The prompt may close the popup: the background hears of the permission by itself.
  ask.addEventListener("click", () => {
    ext.requestWatch(EVERYWHERE).then(
      (yes) => {
        ask.hidden = yes;
        if (yes) setText(find(document, "#look-why"), say("ui_watch_now"));
      },
      () => setText(find(document, "#look-why"), say("ui_grant_failed")),
    );
  });
}

export async function prepareSite() {
  const tab = await ext.activeTab().catch(() => null);
  if (tab?.id === undefined || tab.url?.startsWith(ext.url(""))) return;
  const host = hostOf(tab.url);
  setText(find(document, "#site-name"), host ? say("ui_site_name", host) : say("ui_site_page"));
  prepareLook(tab.id);
  if (host) {
    here = /** @type {Here | null} */ (await ext.send({ type: "site-here", site: host }).catch(() => null));
    prepareAsk();
    if (here) prepareSwitch(Object.assign(here, { private: tab.incognito }));
    await follow(tab.id, host);
  } else {
    place(false);
    await offerLook();
  }
  card().hidden = false;
}

/** @param {import("../lib/hardening.js").Hardening | null} hardening */
export function siteLease(hardening) {
  canLease(hardening?.actions.includes("lease") === true);
  if (here) showSwitch(here);
}
