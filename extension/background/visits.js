/** The traces of pages, one for each tab, as many as are bounded: storage.session. */
import * as ext from "../lib/ext.js";

/**
 * @typedef {object} Visit `storage.session`, key `visit:TAB`
 * @property {number} tab
 * @property {string} id
 * @property {number} born when the page began
 * @property {string} host
 * @property {boolean} private
 * @property {unknown} state the core's
 * @property {Record<string, number>} frames when the document of each began
 * @property {number} heard
 * @property {number} lost
 * @property {number} alarm
 * @property {string} [site]
 */

/** @typedef {{ gone: true }} Gone what is left of a view whose trace had to go: nobody can say that nothing was seen */

/** Tabs whose traces are kept, the one of the newest news last; the core bounds each to 128 kB, and the area has 10 MB. */
const TABS_MAX = 32;

/** @param {number} tab */
const visitKey = (tab) => `visit:${tab}`;

/** @param {number} tab */
export const viewKey = (tab) => `site:${tab}`;

/** @returns {Promise<number[]>} */
export async function tabsWithVisits() {
  const { visits } = await ext.read("session", ["visits"]);
  return Array.isArray(visits) ? visits.filter(Number.isInteger) : [];
}

/** @param {number} tab @returns {Promise<Visit | null>} */
export async function loadVisit(tab) {
  const key = visitKey(tab);
  return /** @type {Visit | undefined} */ ((await ext.read("session", [key]))[key]) ?? null;
}

/** @param {Visit} visit @param {import("../lib/sites.js").SiteView} view for the popup */
export async function saveVisit(visit, view) {
  const tabs = [...(await tabsWithVisits()).filter((tab) => tab !== visit.tab), visit.tab];
  for (const old of tabs.splice(0, Math.max(0, tabs.length - TABS_MAX))) {
    await ext.forget("session", visitKey(old));
    await ext.write("session", { [viewKey(old)]: { gone: true } });
  }
  await ext.write("session", { visits: tabs, [visitKey(visit.tab)]: visit, [viewKey(visit.tab)]: view });
}
