/** Looks up the networks of addresses that the core wants to know, each once. */
import { getJson } from "../lib/http.js";
import { networks as networksShape } from "../lib/shapes.js";

/** @typedef {import("./check.js").Run} Run */

/** What the companion answers in one request. */
const BATCH = 16;

/** A check sees a handful of addresses; more would be someone's attempt to make us ask. */
const ASKED_MAX = 64;

/** @param {Pick<Run, "places" | "evidence" | "fetch" | "signal" | "changed">} run */
export function networkAsker(run) {
  const { places, evidence, fetch, signal, changed } = run;
  /** @type {Map<string, Promise<void>>} */
  const asked = new Map();

  /** @param {string[]} batch */
  async function ask(batch) {
    let found = /** @type {Record<string, import("../lib/types.js").Network | null>} */ ({});
    try {
      found = await getJson(fetch, places.networks(batch), networksShape, signal);
    } catch {
      // Unknown networks are evidence too: the core then says what it cannot tell.
    }
    if (signal.aborted) return;
    for (const address of batch) evidence.networks[address] = found[address] ?? null;
    changed();
  }

  /** Settles when all of these are known, or known to be unknown. @param {string[]} wants */
  return async (wants) => {
    const fresh = wants.filter((address) => !asked.has(address)).slice(0, ASKED_MAX - asked.size);
    for (let at = 0; at < fresh.length; at += BATCH) {
      const batch = fresh.slice(at, at + BATCH);
      const answer = ask(batch);
      for (const address of batch) asked.set(address, answer);
    }
    await Promise.all(wants.map((address) => asked.get(address)));
  };
}
