/** The tabs of a lease: where its own is, and which others it exposes as well. */
import * as ext from "../lib/ext.js";

/** @typedef {import("../lib/hardening.js").Lease} Lease */
/** @typedef {import("../lib/hardening.js").Others} Others */

/** As many as a popup can name. */
const NAMES_MAX = 20;

/** @param {string | undefined} address @returns {string} the host of a website, or "" */
export function siteOf(address) {
  try {
    const { protocol, hostname } = new URL(address ?? "");
    return /^https?:$/.test(protocol) ? hostname : "";
  } catch {
    return "";
  }
}

/** Whether the tab shows a page of that host. An address that is kept from us belongs to another. @param {number} tab @param {string} site */
export async function shows(tab, site) {
  const it = await ext.readTab(tab).catch(() => null);
  return site !== "" && siteOf(it?.url) === site;
}

/** @param {Lease} lease @returns {Promise<Others>} */
export async function exposedTabs(lease) {
  const [tabs, named] = await Promise.all([ext.readTabs(), ext.granted("tabs")]);
  const others = tabs.filter((tab) => tab.id !== lease.tab);
  // Without the permission the address of a tab is missing, and any may show a website.
  if (!named) return { names: [], count: others.length, named };
  const sites = others.map((tab) => siteOf(tab.url)).filter(Boolean);
  return { names: [...new Set(sites)].slice(0, NAMES_MAX), count: sites.length, named };
}
