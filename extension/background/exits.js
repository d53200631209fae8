/** Who websites see: the companion says where a request came from, once over IPv4 and once over IPv6. */
import { getJson, reasonOf } from "../lib/http.js";
import { exit as exitShape, Garbage } from "../lib/shapes.js";

/** @typedef {import("./check.js").Run} Run */

/**
 * @param {Run} run
 * @param {number} index
 */
async function askExit(run, index) {
  const { places, evidence, fetch, signal, changed } = run;
  const place = /** @type {import("../lib/config.js").Place} */ (places.exits[index]);
  const entry = /** @type {import("../lib/types.js").Exit} */ (evidence.exits[index]);
  try {
    const reply = await getJson(fetch, place.url, exitShape, signal);
    if (place.family && reply.family !== place.family) throw new Garbage("another family");
    if (signal.aborted) return;
    const { address, network, family } = reply;
    Object.assign(entry, { status: "ok", reason: "", address, network, family });
    evidence.companion ??= reply.companion;
  } catch (error) {
    if (signal.aborted) return; // closeEvidence says timeout
    Object.assign(entry, { status: "failed", reason: reasonOf(error) });
  }
  changed();
}

/** Settles when both have. @param {Run} run */
export const askExits = (run) => Promise.all(run.places.exits.map((_, index) => askExit(run, index)));
