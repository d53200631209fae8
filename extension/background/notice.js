/** A click on the notice about a site: the popup over a tab that shows the site, or else the list of all sites. */
import * as ext from "../lib/ext.js";
import { tabsWithVisits, viewKey } from "./visits.js";

const PREFIX = "site:";

/** @param {string} site */
export const noticeOf = (site) => PREFIX + site;

/** The tab in which the site was seen last, if it is still there; its number. @param {string} site */
async function tabOf(site) {
  const tabs = (await tabsWithVisits()).reverse();
  const views = await ext.read("session", tabs.map(viewKey));
  return tabs.find((tab) => /** @type {any} */ (views[viewKey(tab)])?.site === site);
}

/** @param {string} name of the notice */
export async function openNotice(name) {
  if (!name.startsWith(PREFIX)) return;
  await ext.clearNotice(name);
  try {
    const tab = await tabOf(name.slice(PREFIX.length));
    if (tab === undefined) throw new Error("no tab shows it");
    await ext.showTab(tab);
    await ext.openPopup();
  } catch {
    await ext.openTab(ext.url("options/options.html#sites"));
  }
}
