/**
 * A visit to a website: opens it in a tab of its own, waits until its page has done what it does and the
 * extension has come to rest about it, looks at the popup as a person does, and leaves.
 *
 * The functions that run inside pages are self-contained: they travel as text.
 */
import { pressAll } from "./harden.js";
import { pause } from "./popup.js";

/** @import { Popup, Session, View, WebPage } from "./types.js" */

/** A call needs about a second, the frames that are made and dropped four; a machine under load several times that. */
const DONE_WITHIN = 20_000;

/** Relay, core and storage take half a second after the page's last act. */
const QUIET = 1200;

/** Ten seconds of gathering and ten for an answer, before an offer that nobody answers is called a probe. */
const RESTS_WITHIN = 30_000;

/** What is kept of one page, however it behaves: the core bounds a trace to 128 kB, the popup's part is far smaller. */
const KEPT_MAX = 200_000;

/** What each order of the user is in the popup. @type {Record<string, string[]>} */
export const SITE_PRESSES = {
  dismiss: ["#site-dismiss"],
  never: ["#site-never"],
  warn: ["#site-never"],
  block: ["#site-switch > summary", "input[name=site-mode][value=block]"],
  watch: ["input[name=site-mode][value=watch]"],
};

/**
 * @typedef {object} Kept  what the extension keeps of the tab's page
 * @property {any} view     storage.session `site:TAB`
 * @property {any} trace    storage.session `visit:TAB`
 * @property {any[]} ledger the entries of storage.local `sites`
 * @property {string} badge
 */

/** Runs in the extension, popup or background. @returns {Promise<Kept | null>} */
export async function kept() {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  const [tab] = await api.tabs.query({ active: true });
  if (!tab) return null;
  const session = await api.storage.session.get([`site:${tab.id}`, `visit:${tab.id}`]);
  const { sites } = await api.storage.local.get("sites");
  return {
    view: session[`site:${tab.id}`] ?? null,
    trace: session[`visit:${tab.id}`] ?? null,
    ledger: sites?.sites ?? [],
    // Where the tab has none of its own, that of all tabs is given.
    badge: (await api.action.getBadgeText({ tabId: tab.id })) === (await api.action.getBadgeText({})) ? "" : await api.action.getBadgeText({ tabId: tab.id }),
  };
}

/** Runs in the website. @returns {string[] | null} the candidates that it was shown; null until it has done what it does */
export function shown() {
  const { done, lines } = document.documentElement.dataset;
  return done ? JSON.parse(lines ?? "[]") : null;
}

/** Runs in the popup: the card about the site. */
export function card() {
  const site = /** @type {HTMLElement | null} */ (document.querySelector("#site"));
  if (!site || site.hidden) return null;
  return {
    kind: site.dataset.kind ?? "",
    warn: site.dataset.warn === "true",
    mode: site.dataset.mode ?? "",
    seen: [...site.querySelectorAll("#site-seen > li")].map((line) => line.getAttribute("data-address") ?? ""),
    // None of these is in the popup's own document: they would be out of the page's words.
    foreign: site.querySelectorAll("img, script, iframe, object, style, a, b").length,
  };
}

/** @param {WebPage} page @returns {Promise<string[]>} */
async function whenDone(page) {
  let last = "";
  for (const end = Date.now() + DONE_WITHIN; Date.now() < end; await pause(100)) {
    if (page.crashed?.()) return [];
    // A page may have broken what the question needs, for a while.
    const lines = await page.run(shown).catch((error) => void (last = String(error)));
    if (lines) return lines;
  }
  throw new Error(`the page is not done after ${DONE_WITHIN} ms ${last}`);
}

/**
 * Waits until nothing more is heard of the page and time changes nothing.
 * @param {Session} session
 */
export async function siteAtRest(session) {
  let before = "";
  let since = Date.now();
  /** @type {Kept | null} */
  let now = null;
  for (const end = Date.now() + RESTS_WITHIN; Date.now() < end; await pause(150)) {
    // A background that sleeps changes nothing.
    now = (await session.askBackground(kept)) ?? now;
    const text = JSON.stringify([now?.view?.heard ?? 0, now?.view?.kind ?? ""]);
    if (text !== before) since = Date.now();
    before = text;
    if (Date.now() - since >= QUIET && !now?.view?.alarm) return now;
  }
  throw new Error(`the site is not at rest after ${RESTS_WITHIN} ms: ${JSON.stringify(now?.view)}`);
}

/** Runs in the page. */
const timeOrigin = () => performance.timeOrigin;

/**
 * Waits until the popup shows what is kept of the page that the tab shows.
 * @param {Popup} popup @param {number} born when that page began; 0: it cannot be asked
 */
async function cardOf(popup, born) {
  let card_ = null;
  for (const end = Date.now() + 5000; Date.now() < end; await pause(60)) {
    card_ = await popup.run(card);
    const view = (await popup.run(kept))?.view;
    const of = born === 0 || !view?.born || view.born === born ? view : null;
    if (card_ && card_.kind === (of?.kind ?? "nothing") && card_.warn === Boolean(of?.warning?.badge)) return card_;
  }
  throw new Error(`the popup's card of the site does not show what is kept: ${JSON.stringify(card_)}`);
}

/** Runs in the background: notes from now on what the relays say. */
export function record() {
  // In Firefox this runs in a sandbox of its own each time; only the window stays.
  const scope = /** @type {any} */ (globalThis["window"] ?? globalThis);
  if (!scope["watertightHeard"]) {
    (scope["browser"] ?? scope["chrome"]).runtime.onMessage.addListener((/** @type {any} */ message, /** @type {any} */ sender) => {
      if (message?.type !== "watch") return;
      // As the background names it: about:blank and its like have the origin of whoever made them, where the browser tells.
      const host = [sender.url, sender.origin].map((url) => /^https?:\/\/([^/:]+)/.exec(url ?? "")?.[1]).find(Boolean) ?? "";
      for (const event of message.events) scope["watertightHeard"].push({ ...event, frame: sender.frameId, host, at: Date.now() });
    });
  }
  scope["watertightHeard"] = [];
  return true;
}

/** Runs in the background. */
const heard = () => /** @type {any} */ (globalThis["window"] ?? globalThis)["watertightHeard"] ?? null;

/** @param {string} url */
const siteName = (url) => new URL(url).hostname.split(".").slice(-2).join(".");

/**
 * @param {Session} session
 * @param {{url: string, press: string, recording: boolean, shoot: (popup: Popup) => Promise<string[]>}} order
 */
export async function visitSite(session, { url, press, recording, shoot }) {
  if (recording && !(await session.askBackground(record))) throw new Error("the background sleeps, so nothing can be recorded");
  const page = await session.visit(url);
  try {
    const lines = await whenDone(page);
    const now = page.crashed?.() ? null : await siteAtRest(session);
    const events = recording ? await session.askBackground(heard) : undefined;
    const born = page.crashed?.() ? 0 : await page.run(timeOrigin).catch(() => 0);
    const popup = await session.click();
    try {
      let shownCard = await cardOf(popup, born);
      if (press) {
        const obstacle = await popup.run(pressAll, SITE_PRESSES[press] ?? [`(no such order: ${press})`]);
        if (obstacle) throw new Error(obstacle);
        await pause(800);
        shownCard = (await popup.run(card)) ?? shownCard;
      }
      if (shownCard.foreign > 0) throw new Error("the popup holds markup that came from the page");
      const after = await popup.run(kept);
      const size = JSON.stringify([after?.view, after?.trace]).length;
      if (size > KEPT_MAX) throw new Error(`${size} bytes are kept of the page`);
      const entry = after?.ledger.find((one) => one.site === siteName(url));
      return {
        lines,
        events,
        crashed: page.crashed?.() ?? false,
        badge: press ? after?.badge : now?.badge ?? "",
        heard: after?.view?.heard ?? 0,
        mode: shownCard.mode,
        site: {
          kind: shownCard.kind,
          warn: shownCard.warn,
          notice: Boolean(entry?.choice?.noticed),
          seen: shownCard.seen,
          by: entry?.by ?? [],
          title: after?.view?.warning?.title ?? { id: "", args: [] },
          detail: after?.view?.warning?.detail ?? { id: "", args: [] },
        },
        entry: entry ? totals(entry) : null,
        screenshots: await shoot(popup),
      };
    } finally {
      await popup.close();
    }
  } finally {
    await page.close();
  }
}

/** The counts of an entry, with those of visits that may still change. @param {any} entry */
function totals(entry) {
  /** @param {string} name @returns {number} */
  const sum = (name) => entry.counts[name] + entry.open.reduce((/** @type {number} */ n, /** @type {any} */ visit) => n + visit.counts[name], 0);
  return { probes: sum("probes"), calls: sum("calls"), data: sum("data"), never: Boolean(entry.choice?.never) };
}
