/** Tells of what a site read: a mark on its tab, and one notice for each site. */
import * as ext from "../lib/ext.js";
import { render, say } from "../lib/i18n.js";
import { orderLedger } from "./ledger.js";
import { noticeOf } from "./notice.js";

/** @typedef {import("../lib/sites.js").Sight} Sight */
/** @typedef {import("./visits.js").Visit} Visit */

/** White on it has a contrast of at least 4.5 : 1; it is no verdict, so not red. */
const MARK = { text: "◉", color: "#8a5a00" };

/** Calls are allowed somewhere: that mark is on every tab, and says more. */
async function leased() {
  const { hardening } = await ext.read("session", ["hardening"]);
  return Boolean(/** @type {any} */ (hardening)?.lease);
}

/**
 * @param {import("./ledger.js").Keeper} core @param {Visit} visit @param {Sight} sight
 * @param {() => Promise<boolean>} there whether the tab still shows the page: another is not marked
 */
export async function showSite(core, visit, { site, warning }, there) {
  try {
    if (!warning.badge || (await leased())) await ext.clearTabBadge(visit.tab);
    else if (await there()) {
      await ext.setTabBadge(visit.tab, { ...MARK, title: say("ui_badge_title", render(warning.title)) });
      // The browser takes a mark away with the page, but one that came just after the page had gone is another's.
      if (!(await there())) await ext.clearTabBadge(visit.tab);
    }
  } catch {
    return; // the tab is gone
  }
  if (!warning.notice) return;
  // First written down, then shown: a background that dies in between stays silent instead of telling twice.
  await orderLedger(core, site, "noticed", visit.private);
  await ext
    .notify(noticeOf(site), { title: render(warning.title), message: render(warning.detail), icon: ext.url("icons/icon-128.png") })
    .catch((error) => console.warn("show a notice:", error));
}
