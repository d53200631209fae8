/**
 * Who answers the user's DNS: names that do not exist are looked up, and the
 * companion, authoritative for them, tells which resolvers came to ask.
 */
import { PLAIN, reasonOf } from "../lib/http.js";
import { mark } from "../lib/marks.js";
import { Garbage, path as pathShape, sighting as sightingShape } from "../lib/shapes.js";
import { eventParser } from "../lib/sse.js";
import { everyProbeSeen } from "./evidence.js";

/** @typedef {import("./check.js").Run} Run */
/** @typedef {import("../lib/types.js").Sighting} Sighting */

/** A pool of resolvers behind one address shows with a few names; each costs one look-up. */
export const FETCH_PROBES = 4;

/** News later than this after the last is not worth waiting for: a resolver retries after 400 ms or more. */
export const QUIET_MS = 250;

/**
 * Where nobody has been seen to ask, though the look-ups are over: somebody has answered, so the news are on their way, from
 * a name server elsewhere that reports in batches, or somebody keeps the questions for himself.
 */
export const NOBODY_MS = 1000;

/** A second resolver that raced the first (multi-homed stubs ask all) is this close behind. */
export const RACE_MS = 40;

/**
 * What the frames look up comes last, often with the last candidate. From a resolver that has been seen it starts no
 * new race: one that asks beside it has asked for the names before, too.
 * @param {Sighting[]} seen @param {Sighting} one
 */
const races = (seen, one) => !(/^[sp]/.test(one.label) && seen.some(({ resolver }) => resolver === one.resolver));

/** The last name that was missing may come while the wait for it has long to go. */
const LOOK_MS = 5;

/** What the companion has room for (server/README.md); more would be a server gone wrong. */
export const SIGHTINGS_MAX = 256;

/** @param {Sighting} a @param {Sighting} b */
const same = (a, b) => a.label === b.label && a.resolver === b.resolver && a.transport === b.transport;

/** The stream repeats an entry when it grew. @param {Sighting[]} all @param {Sighting} one @returns {boolean} whether there was room */
function merge(all, one) {
  const at = all.findIndex((other) => same(other, one));
  if (at < 0 && all.length >= SIGHTINGS_MAX) return false;
  all[at < 0 ? all.length : at] = one;
  return true;
}

/** Each frame may leave by two families and two transports, over more than one interface; the companion's bound too. */
const PATHS_MAX = 16;

/** @param {import("../lib/types.js").Path[]} all @param {import("../lib/types.js").Path} one @returns {boolean} whether there was room */
function addPath(all, one) {
  if (all.some((other) => other.transport === one.transport && other.address === one.address)) return true;
  if (all.length >= PATHS_MAX) return false;
  all.push(one);
  return true;
}

/**
 * Reads sightings until the check ends. A stream that ends before has failed; what it told stays.
 * @param {Run} run
 */
export async function readSightings(run) {
  const { places, token, evidence, fetch, signal } = run;
  const { dns } = evidence;
  // What was dropped could be the one resolver that nobody should have asked; what comes is read all the same.
  const full = () => {
    Object.assign(dns, { status: "failed", reason: "full" });
    run.dnsNews();
  };
  const parse = eventParser((event, data) => {
    if (event === "full") return full();
    if (event !== "sighting" && event !== "path") return;
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      throw new Garbage("not JSON");
    }
    if (event === "path") {
      if (!addPath(evidence.paths, pathShape(value))) return full();
      mark("path");
      return run.pathNews();
    }
    const one = sightingShape(value);
    const race = races(dns.sightings, one);
    if (!merge(dns.sightings, one)) return full();
    run.dnsNews(race);
    if (everyProbeSeen(evidence)) mark("dns-seen");
  });
  try {
    const response = await fetch(places.stream(token), {
      ...PLAIN,
      signal,
      headers: { Accept: "text/event-stream" },
    });
    if (!response.ok || !response.body) throw new Error("stream refused");
    dns.status = "ok";
    mark("stream");
    run.dnsNews();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error("stream ended");
      parse(value);
    }
  } catch (error) {
    // What is judged for good stays as it was judged.
    if (signal.aborted || evidence.final || dns.status === "failed") return;
    // However much it told: a second resolver would have come later, and nobody knows whether there was one.
    const reason = reasonOf(error) === "garbage" ? "garbage" : "stream";
    Object.assign(dns, { status: "failed", reason });
    run.dnsNews();
  }
}

/** The names do not exist: the fetch that fails is the probe that worked. @param {Run} run @param {string[]} labels */
export async function fetchProbes(run, labels) {
  const { places, token, evidence, fetch, signal } = run;
  evidence.dns.sent.push(...labels);
  await Promise.all(
    labels.map((label) =>
      fetch(places.probeUrl(label, token), { ...PLAIN, mode: "no-cors", redirect: "follow", signal }).catch(() => {}),
    ),
  );
  run.dnsNews();
}

/** Firefox can look a name up without a page, and tells whether it did so over HTTPS. @param {Run} run */
async function resolverProbes({ places, token, evidence, resolve, changed }) {
  if (!resolve) return;
  evidence.dns.sent.push("r0");
  void resolve(places.probeName("r0", token), []).catch(() => {});
  const { isTRR } = await resolve(places.apex, ["bypass_cache"]).catch(() => ({ isTRR: undefined }));
  if (typeof isTRR === "boolean") evidence.dns.trr = isTRR;
  changed();
}

/** What every check looks up: nothing here fails in a way that sends a browser to another resolver. @param {Run} run */
export function sendProbes(run) {
  return Promise.all([fetchProbes(run, Array.from({ length: FETCH_PROBES }, (_, n) => `f${n}`)), resolverProbes(run)]);
}

/**
 * Settles when the stream has nothing more to tell. To be called when
 * everything else has settled, so that all probes are out.
 * @param {Run} run
 */
export async function dnsQuiet(run) {
  const { evidence, signal, sleep } = run;
  while (!signal.aborted && evidence.dns.status !== "failed") {
    const opened = evidence.dns.status === "ok";
    const missing = evidence.dns.sightings.length > 0 ? QUIET_MS : NOBODY_MS;
    const quiet = everyProbeSeen(evidence) ? run.dnsNewsAt.race + RACE_MS : run.dnsNewsAt.any + missing;
    const left = opened ? quiet - run.now() : QUIET_MS;
    if (left <= 0) return;
    await sleep(Math.min(left, LOOK_MS));
  }
}
