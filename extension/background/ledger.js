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

export const loadLedger = async () => ledgerOf((await ext.read("local", [LEDGER]))[LEDGER]);

/** @param {Ledger} ledger */
export const saveLedger = (ledger) => ext.write("local", { [LEDGER]: ledger });

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

/** What the user said, or was told, of a site. @param {Keeper} core @param {string} site @param {"warn" | "never" | "dismiss" | "noticed" | "erase"} order */
export async function orderLedger(core, site, order) {
  await saveLedger(await core.keep({ do: order, ledger: await loadLedger(), host: site, now: Date.now() }));
}
