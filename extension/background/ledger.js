/** The ledger of what sites saw: on this device only, in storage.local. What is in it the core decides. */
import * as ext from "../lib/ext.js";
import { ledgerOf } from "../lib/sites.js";

/** @typedef {import("../lib/sites.js").Ledger} Ledger */
/** @typedef {Pick<import("../lib/core.js").Core, "keep">} Keeper */

export const LEDGER = "sites";

/** More entries than this are shown to the core, which forgets the oldest: it keeps 500. */
const TRIM_ABOVE = 500;

/** An entry in which nothing but the time of the last visit has changed is written this seldom. */
const TOUCH_MS = 60_000;

/** @typedef {"local" | "session"} Area session: what the user said in private windows, in memory only */

/** @param {Area} [area] */
export const loadLedger = async (area = "local") => ledgerOf((await ext.read(area, [LEDGER]))[LEDGER]);

/** @param {Ledger} ledger @param {Area} [area] */
const saveLedger = (ledger, area = "local") => ext.write(area, { [LEDGER]: ledger });

/** What holds for a site: in a private window also what was said in one. @param {string | undefined} site @param {boolean} hidden @returns {Promise<Ledger>} with one entry, or none */
export async function entryOf(site, hidden) {
  for (const area of /** @type {Area[]} */ (hidden ? ["session", "local"] : ["local"])) {
    const sites = (await loadLedger(area)).sites.filter((one) => one.site === site);
    if (sites.length > 0) return { version: 1, sites };
  }
  return { version: 1, sites: [] };
}

/** @param {any} entry */
const withoutTime = (entry) => JSON.stringify({ ...entry, last: 0, seen: (entry?.seen ?? []).map((/** @type {any} */ one) => ({ ...one, last: 0 })) });

/**
 * Puts the entry that the core made back among the others.
 * @param {Keeper} core @param {Ledger} made with one entry, or none @param {number} now
 */
export async function keepEntry(core, made, now) {
  const [entry] = made.sites;
  if (!entry) return;
  const ledger = await loadLedger();
  const before = /** @type {any} */ (ledger.sites.find((one) => one.site === entry.site));
  if (before && withoutTime(before) === withoutTime(entry) && now - before.last < TOUCH_MS) return;
  const sites = [...ledger.sites.filter((one) => one.site !== entry.site), entry];
  const next = { version: 1, sites };
  await saveLedger(sites.length > TRIM_ABOVE ? await core.keep({ do: "trim", ledger: next, now }) : next);
}

/**
 * What the user said, or was told, of a site. In a private window it is not written down.
 * @param {Keeper} core @param {string} site @param {"warn" | "never" | "dismiss" | "noticed" | "erase"} order @param {boolean} [hidden]
 */
export async function orderLedger(core, site, order, hidden = false) {
  const area = hidden ? "session" : "local";
  const [ledger, { sites }] = await Promise.all([loadLedger(area), entryOf(site, hidden)]);
  const all = { version: 1, sites: [...ledger.sites.filter((one) => one.site !== site), ...sites] };
  await saveLedger(await core.keep({ do: order, ledger: all, host: site, now: Date.now() }), area);
}

/** @param {Keeper} core @param {string} site "" for all */
export async function eraseLedger(core, site) {
  for (const area of /** @type {Area[]} */ (["session", "local"])) {
    if (!site) await ext.forget(area, LEDGER);
    else await saveLedger(await core.keep({ do: "erase", ledger: await loadLedger(area), host: site, now: Date.now() }), area);
  }
}
