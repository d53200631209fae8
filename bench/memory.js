/**
 * What a million live tokens with eight sightings each cost the garbage collector, beside an empty table, in turn.
 * Arguments: [--json].
 */
import { execFileSync } from "node:child_process";
import { watch } from "./machine.js";
import { report } from "./report.js";

const ROUNDS = 5;
const TOKENS = 1_000_000;

/** @param {number} tokens @returns {{ worst_us: number, median_us: number, stopping_us: number, cpu_us: number, bytes: number }} */
const measure = (tokens) => JSON.parse(execFileSync("build/pause", [`${tokens}`], { encoding: "utf8" }));

const full = [];
const empty = [];
const busy = [];
for (let round = 0; round < ROUNDS; round++) {
  full.push(measure(TOKENS));
  const share = watch();
  empty.push(measure(0));
  busy.push(share(0)); // what it uses itself is next to nothing
}
report("GC: worst pause with a million tokens", "µs", full.map((one) => one.worst_us), { empty: empty.map((one) => one.worst_us) }, busy);
report("GC: of that, waiting for threads", "µs", full.map((one) => one.stopping_us), { empty: empty.map((one) => one.stopping_us) }, busy);
report("GC: median pause with a million tokens", "µs", full.map((one) => one.median_us), { empty: empty.map((one) => one.median_us) }, busy);
// The goal is below 1000: what the table adds to the worst pause of the round.
report("GC: what the table adds to the worst pause", "µs", full.map((one, i) => Math.max(0, one.worst_us - empty[i].worst_us)), {}, busy);
report("GC: CPU of one collection", "µs", full.map((one) => one.cpu_us), { empty: empty.map((one) => one.cpu_us) }, busy);
report("a token with eight sightings", "bytes", full.map((one) => one.bytes / TOKENS), {}, busy);
