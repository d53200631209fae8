/**
 * What the pages of each tab do with WebRTC: hears the relays, lets the core judge, and tells the result. One
 * piece of news at a time; the trace of a page is in storage.session, so a background that dies loses nothing.
 */
import * as ext from "../lib/ext.js";
import { newToken } from "../lib/token.js";
import { entryOf, eraseLedger, keepEntry, orderLedger } from "./ledger.js";
import { showSite } from "./site-tell.js";
import { loadVisit, saveVisit, tabsWithVisits } from "./visits.js";

/** @typedef {import("../lib/sites.js").News} News */
/** @typedef {import("../lib/sites.js").Sight} Sight */
/** @typedef {import("./visits.js").Visit} Visit */

/** The name of the alarm: time alone makes a probe of an offer that nobody answers. */
export const SITES_ALARM = "sites";

/** News that wait; a page that sends faster than this is judged loses some. */
const WAITING_MAX = 64;

/** While the background lives it waits by itself: browsers hold alarms back to half a minute. */
const NEAR_MS = 30_000;

/** Frames of a page whose documents are told apart. */
const FRAMES_MAX = 64;

/** Runs in the page. */
const timeOrigin = () => performance.timeOrigin;

/** A page that is busy with itself does not answer, and the news of other pages wait. */
const BORN_WITHIN_MS = 1000;

/** When the page of a tab began, which no script of it can change; 0 where nobody may ask, or none answers. @param {number} tab */
async function pageBorn(tab) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;
  const none = new Promise((resolve) => (late = setTimeout(resolve, BORN_WITHIN_MS, 0)));
  const born = await Promise.race([ext.runIn(tab, timeOrigin).catch(() => 0), none]);
  clearTimeout(late);
  return Number(born) || 0;
}

/** @param {{ core: Pick<import("../lib/core.js").Core, "site" | "keep"> }} world */
export function createSites({ core }) {
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();
  let waiting = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** The trace that news belong to: that of the page which the tab shows, or a new one. @param {News} news */
  async function visitOf(news) {
    const visit = await loadVisit(news.tab);
    if (visit && visit.frames[news.frame] === news.born) return visit;
    const born = news.top ? news.born : await pageBorn(news.tab);
    if (visit && visit.host === news.page && (visit.born === born || born === 0)) return visit;
    // What the page before has left open ended with it.
    if (visit) await judge(visit, [{ kind: "frame-gone", frame: 0, conn: 0, at: Date.now() }]);
    return { tab: news.tab, id: newToken(), born, host: news.page, private: news.private, state: null, frames: {}, heard: 0, lost: 0, alarm: 0 };
  }

  /** @param {Visit} visit @param {object[]} events */
  async function judge(visit, events) {
    const now = Date.now();
    const { state, sight, ledger } = await core.site({
      state: visit.state, id: visit.id, host: visit.host, events, now, private: visit.private,
      ledger: await entryOf(visit.site, visit.private),
    });
    Object.assign(visit, { state, site: sight.site, alarm: sight.alarm, heard: visit.heard + events.length });
    await saveVisit(visit, { ...sight, born: visit.born, host: visit.host, heard: visit.heard, lost: visit.lost, private: visit.private });
    if (!visit.private) await keepEntry(core, ledger, now);
    return sight;
  }

  /** Asks whether the tab still shows a page; one that did not answer is not asked again. @param {Visit} visit */
  function showing({ tab, born }) {
    let silent = born === 0;
    return async () => {
      if (silent) return true;
      const now = await pageBorn(tab);
      silent = now === 0;
      return silent || now === born;
    };
  }

  /** @param {Visit} visit @param {Sight} sight */
  const tell = (visit, sight) => showSite(core, visit, sight, showing(visit));

  /** @param {News} news */
  async function take(news) {
    const visit = await visitOf(news);
    // The first news of a visit name its site, without which its entry is not found.
    if (!visit.site) await judge(visit, []);
    if (Object.keys(visit.frames).length < FRAMES_MAX) visit.frames[news.frame] = news.born;
    visit.lost += news.lost;
    const at = Date.now();
    const events = news.events.map((event) => ({ ...event, host: news.host, at }));
    await tell(visit, await judge(visit, events));
    await wake();
  }

  /** Asks to be called when time alone changes something. */
  async function wake() {
    const visits = await Promise.all((await tabsWithVisits()).map(loadVisit));
    const next = Math.min(...visits.map((visit) => visit?.alarm || Infinity));
    clearTimeout(timer);
    const now = Date.now();
    if (next < now + NEAR_MS) timer = setTimeout(() => void due(), Math.max(0, next - now));
    await ext.setAlarm(SITES_ALARM, Number.isFinite(next) ? Math.max(next, now) : 0);
  }

  async function look() {
    const now = Date.now();
    const tabs = await tabsWithVisits();
    if (tabs.length === 0) return; // nobody watches, or nothing was seen
    for (const tab of tabs) {
      const visit = await loadVisit(tab);
      if (visit && visit.alarm > 0 && visit.alarm <= now) await tell(visit, await judge(visit, []));
    }
    await wake();
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  function next(work) {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  }

  /** @param {string} what @param {() => Promise<unknown>} work */
  const inTurn = (what, work) => next(work).catch((error) => console.error(`${what}:`, error));

  /** What the user said of a site is seen at once. @param {string} site */
  async function again(site) {
    for (const tab of await tabsWithVisits()) {
      const visit = await loadVisit(tab);
      if (visit?.site === site) await tell(visit, await judge(visit, []));
    }
  }

  const due = () => inTurn("judge sites", look);

  return {
    /** @param {News} news */
    hear: (news) => {
      if (waiting >= WAITING_MAX) return;
      waiting++;
      void inTurn("hear of a site", () => take(news)).finally(() => waiting--);
    },
    due,
    /**
     * Orders of the user, between two judgements: one that is under way would write back what it had read before.
     * @param {string} site @param {"dismiss" | "never" | "warn"} choice @param {boolean} hidden said in a private window
     */
    choose: (site, choice, hidden) =>
      next(async () => {
        await orderLedger(core, site, choice, hidden);
        await again(site).catch((error) => console.error("judge a site again:", error));
      }),
    /** @param {string} site "" for all */
    erase: (site) => next(() => eraseLedger(core, site)),
    /** Settles when nothing waits. */
    idle: () => queue,
  };
}
