// How fast the core is under js/wasm: cold start beside an empty Go program, one judgement beside
// the same code compiled for this machine and beside JSON alone (the floor of any core behind a JSON border).
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { report, median } from "./report.js";

const STARTS = 9; // cold starts of each program, interleaved
const JUDGEMENTS = 400; // judgements of each kind, in rounds
const ROUNDS = 9; // rounds, so that a noisy moment hits every column

const goroot = execFileSync("go", ["env", "GOROOT"]).toString().trim();
await import(`${goroot}/lib/wasm/wasm_exec.js`);

/** Compiles and starts a Go program, and returns the milliseconds until it waits for calls. @param {string} file */
async function coldStart(file) {
  const bytes = readFileSync(file);
  const began = performance.now();
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(bytes, go.importObject);
  void go.run(instance);
  await new Promise((resolve) => setTimeout(resolve, 0));
  return performance.now() - began;
}

/** Microseconds a call, as the median over a round. @param {() => unknown} call */
function perCall(call) {
  const times = [];
  for (let i = 0; i < JUDGEMENTS / ROUNDS; i++) {
    const began = performance.now();
    call();
    times.push((performance.now() - began) * 1000);
  }
  return median(times);
}

const golden = new URL("../leak/verdict/testdata/everything-leaks.json", import.meta.url);
const request = JSON.stringify({ op: "judge", evidence: JSON.parse(readFileSync(golden, "utf8")).evidence });
const starts = { ours: [], empty: [] };
for (let i = 0; i < STARTS; i++) {
  starts.empty.push(await coldStart("build/empty.wasm"));
  starts.ours.push(await coldStart("build/core.wasm"));
}
const answer = JSON.parse(globalThis.watertight(request));
if (!answer.ok) throw new Error(`the core refused the bench's evidence: ${answer.error.message}`);

const judge = { ours: [], native: [], json: [] };
for (let round = 0; round < ROUNDS; round++) {
  judge.ours.push(perCall(() => globalThis.watertight(request)));
  judge.json.push(perCall(() => JSON.stringify(JSON.parse(request))));
  const out = execFileSync("build/judge", [String(Math.ceil(JUDGEMENTS / ROUNDS))], { input: request }).toString();
  judge.native.push(median(out.trim().split("\n").map(Number)));
}
report("wasm cold start", "ms", starts.ours, { empty_go: starts.empty });
report("judge", "µs", judge.ours, { native_go: judge.native, json_alone: judge.json });
process.exit(0);
