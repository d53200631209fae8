/**
 * "What can this site see?": gathers inside the page of a tab, and lets the core judge it as it judges a check,
 * with the exits that the last check found.
 */
import * as ext from "../lib/ext.js";
import { endpoints, loadCompanion } from "../lib/config.js";
import { hostOf } from "../lib/sites.js";
import { loadBlocked } from "../lib/watcher.js";
import { gatherHere } from "../gather/here.js";
import { networkAsker } from "./networks.js";
import { judgeSafely } from "./judge.js";

/** @typedef {import("../lib/types.js").CheckState} CheckState */
/** @typedef {import("../lib/types.js").Verdict} Verdict */
/** @typedef {"browser" | "blocked" | "store" | "file" | "pdf" | "refused" | "nowhere" | "check"} Why why it cannot be asked */
/** @typedef {{ why: Why } | { host: string, verdict: Verdict, granted: boolean }} Looked */

/** As in a check: a live STUN server is done in 160 ms, a dead one would hold the browser for 40 s. */
const GATHER_MS = 1800;

/** As in gather/content.js: time for one lost packet. */
const QUIET_MS = 500;

/** Somebody waits; what is not known by then is unknown. */
const NETWORKS_MS = 1500;

/** Pages that both browsers keep from extensions. */
const STORES = ["chromewebstore.google.com", "addons.mozilla.org"];

/** Why nobody may look into a page of this address. @param {string | undefined} address @returns {Why | ""} */
function closed(address) {
  if (!address) return "nowhere";
  const scheme = address.slice(0, address.indexOf(":"));
  if (scheme === "file") return "file";
  if (scheme !== "http" && scheme !== "https") return "browser";
  return STORES.includes(hostOf(address)) ? "store" : "";
}

/** Runs in the page, among its scripts. */
const usable = () => typeof RTCPeerConnection === "function";

/**
 * Scripts of a blocked site find no WebRTC; one apart from them would. A page that is older than its block still has it.
 * @param {import("../lib/core.js").Core} core @param {number} tab @param {string} host
 */
async function blockedIn(core, tab, host) {
  const blocked = await loadBlocked();
  if (blocked.length === 0 || !blocked.includes(await core.siteOf(host))) return false;
  return (await ext.runAmong(tab, usable).catch(() => true)) === false;
}

/** @param {import("../lib/core.js").Core} core @param {number} tab @returns {Promise<Looked>} */
export async function lookHere(core, tab) {
  const page = await ext.readTab(tab).catch(() => null);
  const why = closed(page?.url);
  if (why) return { why };
  const { check } = await ext.read("session", ["check"]);
  const last = /** @type {CheckState | undefined} */ (check);
  if (last?.phase !== "done") return { why: "check" };
  if (await blockedIn(core, tab, hostOf(page?.url))) return { why: "blocked" };
  const places = endpoints(await loadCompanion());
  const gathered = await ext.runIn(tab, gatherHere, places.stun, GATHER_MS, QUIET_MS).catch(() => null);
  if (!gathered) return { why: "refused" };
  if (gathered.pdf) return { why: "pdf" };
  const { status, reason, candidates, permission } = gathered;
  /** @type {import("../lib/types.js").Evidence} */
  const evidence = {
    ...last.evidence,
    policy: await ext.readPolicy(),
    ice: [{ frame: 0, status, reason, candidates, errors: [], permission, stun53: "" }],
    paths: [], // what the companion saw was of the check
  };
  const signal = AbortSignal.timeout(NETWORKS_MS);
  const ask = networkAsker({ places, evidence, fetch: globalThis.fetch.bind(globalThis), signal, changed: () => {} });
  let verdict = await judgeSafely(core, evidence);
  if (verdict.wants.length > 0) {
    await ask(verdict.wants);
    verdict = await judgeSafely(core, evidence);
  }
  return { host: hostOf(page?.url), verdict, granted: permission === "granted" };
}
