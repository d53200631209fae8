/**
 * The scripts that run in websites: the watcher, once the user has allowed it everywhere, and the wall in sites
 * that are blocked. Called whenever something of that may have changed; what is right already stays.
 */
import * as ext from "./ext.js";
import { EVERYWHERE } from "./sites.js";

/** @typedef {import("./sites.js").Plan} Plan */

const PAGE = "watch-page";
const RELAY = "watch-relay";
const BLOCK = "block-page";

const RELAY_FILE = "watch/relay.js";

export const BLOCKED = "blocked";

/** @param {unknown} value @returns {string[]} */
export const blockedOf = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

export const loadBlocked = async () => blockedOf((await ext.read("local", [BLOCKED]))[BLOCKED]);

export const watching = () => ext.hostsGranted(EVERYWHERE);

/** What must be allowed before a site can be blocked. @param {string} pattern */
const allowed = (pattern) => ext.hostsGranted([pattern]).catch(() => false);

/** @param {Plan | null} plan null: not known yet; what is there of it stays */
export async function syncScripts(plan) {
  /** @type {ext.FrameScript[]} */
  const scripts = [];
  if (await watching()) {
    scripts.push({ id: RELAY, js: [RELAY_FILE], matches: EVERYWHERE, where: "top" });
    scripts.push({ id: PAGE, js: ["watch/page.js"], matches: EVERYWHERE, where: "frames" });
  }
  const matches = [];
  for (const pattern of plan?.patterns ?? []) if (await allowed(pattern)) matches.push(pattern);
  if (matches.length > 0) scripts.push({ id: BLOCK, js: ["watch/block.js"], matches, where: "frames" });
  await ext.setFrameScripts(scripts, plan ? [PAGE, RELAY, BLOCK] : [PAGE, RELAY]);
}

/** @param {Plan} plan */
export const syncHeader = (plan) =>
  ext.setHeader(plan.how === "header" && plan.domains.length > 0 ? { domains: plan.domains, name: plan.header, value: plan.value } : null);

/** Gives the frames of a page relays; one that has its own takes no second. The page may close meanwhile. @param {number} tab */
export const relayFrames = (tab) => ext.runFileIn(tab, RELAY_FILE).catch(() => {});
