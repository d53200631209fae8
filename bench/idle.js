/**
 * Do idle TCP connections slow UDP down? The slowest hundredth of the answers over UDP, with and without them, in
 * turn, in a network namespace of its own. Arguments: [--json].
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOST, SERVERS, start, ZONE } from "./anchors.js";
import { watch } from "./machine.js";
import { report } from "./report.js";

const ROUNDS = 9;
const SECONDS = 2;
const CONNECTIONS = 5000;

const [server] = SERVERS.dns;
const folder = mkdtempSync(join(tmpdir(), "watertight-bench-"));
execFileSync("ip", ["link", "set", "lo", "up"]);
execFileSync("ip", ["address", "add", `${HOST}/32`, "dev", "lo"]);
execFileSync("ip", ["address", "add", "198.18.0.0/15", "dev", "lo"]); // where the connections come from (RFC 2544)

/** The 99th percentile in microseconds, and the share of a core that others had. @param {number} group */
function measure(group) {
  const load = ["build/load", "--to", `${HOST}:${server.port}`, "--what", "dns", "--zone", ZONE, "--serial", "--group", `${group}`, "--time", `${SECONDS}s`];
  const share = watch();
  const { wrong, p99_us, cpu_ns, own_ns } = JSON.parse(execFileSync("taskset", ["-c", "1", ...load], { encoding: "utf8" }));
  if (wrong > 0) throw new Error(`${wrong} wrong answers`);
  return { p99: p99_us, others: share((cpu_ns + own_ns) / 1e9) };
}

/** Opens the connections. What it returns closes them. */
async function hold() {
  const holder = spawn("build/hold", [`${HOST}:${server.port}`, `${CONNECTIONS}`], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  if (!`${said}`.startsWith("ready")) throw new Error("the connections could not be opened");
  return async () => {
    holder.kill("SIGKILL");
    await once(holder, "exit");
  };
}

const running = start(server, join(folder, "ours"));
const group = running.pid ?? 0;
try {
  measure(group); // the first pages and connections are nobody's
  /** @type {number[]} */ const ours = [];
  /** @type {number[]} */ const without = [];
  /** @type {number[]} */ const busy = [];
  for (let round = 0; round < ROUNDS; round++) {
    const free = measure(group);
    const release = await hold();
    const held = measure(group);
    await release();
    without.push(free.p99);
    ours.push(held.p99);
    busy.push(free.others, held.others);
  }
  report(`dns p99 beside ${CONNECTIONS} idle TCP connections`, "µs", ours, { without }, busy);
} finally {
  process.kill(-group, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
