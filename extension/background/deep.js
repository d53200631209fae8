/**
 * The deep test, only ever asked for by the user: names that fail make the
 * system show its other resolvers, and in Chromium they can make it stay there.
 */
import { PLAIN } from "../lib/http.js";
import { dnsQuiet, fetchProbes } from "./dns.js";

/** @typedef {import("./check.js").Run} Run */
/** @typedef {import("../lib/types.js").Lookup} Lookup */

/** A stub resolver gives a silent server 5 s (resolv.conf(5)); it has then asked the next one as well. */
export const FAIL_MS = 3500;

/**
 * Two x, because a pool may answer one from a cache of failures (RFC 9520). A resolver without IPv6 fails on v,
 * one whose TCP is blocked on t, and a failure of any kind can move the browser: so both are asked here only.
 */
const FAILING = ["x0", "x1", "v0", "t0"];

/** Looked up afterwards: who answers now? */
const AFTER = ["f50", "f51", "f52"];

/** @param {Run} run @param {"valid" | "broken"} which @returns {Promise<Lookup>} */
async function lookUp({ places, fetch, signal }, which) {
  try {
    await fetch(places.signedUrl(which), { ...PLAIN, mode: "no-cors", redirect: "follow", signal });
    return "resolved";
  } catch {
    return signal.aborted ? "" : "failed";
  }
}

/** A resolver that validates finds the one and refuses the other. @param {Run} run */
async function validation(run) {
  const [valid, broken] = await Promise.all([lookUp(run, "valid"), lookUp(run, "broken")]);
  if (!run.signal.aborted) run.evidence.dns.dnssec = { valid, broken };
  run.changed();
}

/** To be called when the ordinary look-ups have been answered. @param {Run} run */
export async function deepTest(run) {
  await Promise.race([Promise.all([fetchProbes(run, FAILING), validation(run)]), run.sleep(FAIL_MS)]);
  await dnsQuiet(run);
  await fetchProbes(run, AFTER);
}
