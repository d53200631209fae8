/** Who websites see: the companion says where a request came from, once over IPv4 and once over IPv6. */
import { getJson, reasonOf } from "../lib/http.js";
import { mark } from "../lib/marks.js";
import { exit as exitShape, Garbage } from "../lib/shapes.js";

/** @typedef {import("./check.js").Run} Run */

/**
 * @param {Run} run
 * @param {number} index
 * @param {(addresses: string[]) => void} tell
 */
async function askExit(run, index, tell) {
  const { places, evidence, fetch, signal, changed } = run;
  const place = /** @type {import("../lib/config.js").Place} */ (places.exits[index]);
  const entry = /** @type {import("../lib/types.js").Exit} */ (evidence.exits[index]);
  try {
    const reply = await getJson(fetch, place.url, exitShape, signal);
    if (place.family && reply.family !== place.family) throw new Garbage("another family");
    if (signal.aborted) return;
    const { address, network, family, hint } = reply;
    run.hint = hint || run.hint; // another companion's does no harm
    Object.assign(entry, { status: "ok", reason: "", address, network, family });
    evidence.companion ??= reply.companion;
    mark(`exit-${family}`);
    if (reply.servers.length > 0) tell(reply.servers);
  } catch (error) {
    if (signal.aborted) return; // closeEvidence says timeout
    Object.assign(entry, { status: "failed", reason: reasonOf(error) });
  }
  changed();
}

/**
 * @typedef {object} Exits
 * @property {Promise<unknown>} all settles when both have answered or failed
 * @property {Promise<string[]>} servers the companion's own addresses, as soon as one reply told them; none if none did
 */

/** @param {Run} run @returns {Exits} */
export function askExits(run) {
  /** @type {(addresses: string[]) => void} */
  let tell = () => {};
  /** @type {Promise<string[]>} */
  const servers = new Promise((resolve) => (tell = resolve));
  const all = Promise.all(run.places.exits.map((_, index) => askExit(run, index, tell)));
  void all.then(() => tell([]));
  return { all, servers };
}
