/**
 * DNS and STUN beside other servers, in a network namespace of its own: the server on one core, the load on
 * another, every server in turn in every round, so that a noisy moment hits all. Arguments: dns, stun or batch,
 * [--json].
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOST, SERVERS, start, ZONE } from "./anchors.js";
import { watch } from "./machine.js";
import { report } from "./report.js";

const ROUNDS = 9;
const SECONDS = 1; // of each measurement: CPU time is exact, so more would gain little
const STEADY = 20_000; // questions a second where wake-ups cost more than answers

const what = /** @type {import("./anchors.js").What} */ (["stun", "batch"].find((name) => name === process.argv[2]) ?? "dns");
const asked = what === "batch" ? "stun" : what;
const servers = SERVERS[what];
const folder = mkdtempSync(join(tmpdir(), "watertight-bench-"));
execFileSync("ip", ["link", "set", "lo", "up"]);
execFileSync("ip", ["address", "add", `${HOST}/32`, "dev", "lo"]);

/**
 * Microseconds of CPU for each answer, and the share of a core that others had meanwhile.
 * @param {string} name @param {number} port @param {number} group @param {number} rate
 */
function measure(name, port, group, rate) {
  const load = ["build/load", "--to", `${HOST}:${port}`, "--what", asked, "--zone", ZONE, "--group", `${group}`, "--rate", `${rate}`, "--time", `${SECONDS}s`];
  const share = watch();
  try {
    const { answered, wrong, cpu_ns, own_ns } = JSON.parse(execFileSync("taskset", ["-c", "1", ...load], { encoding: "utf8" }));
    if (wrong > 0) throw new Error(`${wrong} wrong answers`);
    return { cost: cpu_ns / answered / 1000, others: share((cpu_ns + own_ns) / 1e9) };
  } catch (error) {
    process.stderr.write(readFileSync(join(folder, name, "stderr")));
    throw new Error(`${name} could not be measured`, { cause: error });
  }
}

const running = servers.map((server) => start(server, join(folder, server.name)));
try {
  for (const [title, rate] of /** @type {[string, number][]} */ ([["at saturation", 0], [`at ${STEADY}/s`, STEADY]])) {
    /** @type {Record<string, number[]>} */
    const columns = Object.fromEntries(servers.map((server) => [server.name, []]));
    /** @type {number[]} */
    const busy = [];
    for (let round = 0; round < ROUNDS; round++) {
      servers.forEach((server, i) => {
        const { cost, others } = measure(server.name, server.port, running[i].pid ?? 0, rate);
        columns[server.name].push(cost);
        busy.push(others);
      });
    }
    const { ours, ...anchors } = columns;
    report(`${what} CPU an answer ${title}`, "µs", ours, anchors, busy);
  }
} finally {
  for (const { pid } of running) {
    try {
      if (pid) process.kill(-pid, "SIGKILL");
    } catch {} // it has ended by itself
  }
  rmSync(folder, { recursive: true, force: true });
}
