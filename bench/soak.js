/**
 * The companion for a long time at half of what it can do, while things go wrong (soak-faults.js), peers come and go that
 * speak DNS over TCP, STUN and HTTP, and it is ended and started again in the middle of it all. Not one answer may be
 * wrong, memory must stay flat, and an end must be graceful. In a network namespace of its own. Arguments: --minutes N, [--json].
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOST, SERVERS, start, ZONE } from "./anchors.js";
import { BUSY } from "./report.js";
import { watch } from "./machine.js";
import { Faults } from "./soak-faults.js";
import { Others } from "./soak-peers.js";
import { Peers } from "./soak-tcp.js";

const PHASE_S = 4;
const FLOW_S = 3; // the load's flow has to be one that counts (bench/flows) before the table of connections is filled
const PORT = 5399; // of the load, so that it goes on with the flow that it had
const STOP_MS = 5000; // what the companion may take to end
const WARM_S = 150; // a token lives for 120 s: until then memory has to grow
const FLAT = 1.15; // and then it stays within this of what it was
const MOST_MB = 400; // whatever the time: a full table has some 100 MB, and Go's collector lets garbage double it
// Share of answers; the rest is the fault itself. Of a calm phase it is the host's, which may stand still for a tenth of a
// second and tell nobody (a phase loses 2.5 % by that): so all of them together have a limit of their own.
const CALM = 0.98;
const LEAST = { calm: 0.9, lossy: 0.75, unsendable: 0.75, nobufs: 0.2, clogged: 0.1, frozen: 0.3, clock: 0.9, full: 0.9, restart: 0.3 };
/**
 * The same of STUN, and of requests and streams over HTTP: TCP repeats what is lost, and where the table of connections
 * is full no new one comes in. On the slow line an answer to STUN is behind a queue of others.
 * @type {Record<import("./soak-peers.js").Kind, Record<keyof typeof LEAST, number>>}
 */
const LEAST_OF = {
  stun: { calm: 0.95, lossy: 0.75, unsendable: 0.75, nobufs: 0.05, clogged: 0, frozen: 0.3, clock: 0.9, full: 0.9, restart: 0.3 },
  exit: { calm: 0.95, lossy: 0.95, unsendable: 0.95, nobufs: 0.95, clogged: 0.95, frozen: 0.5, clock: 0.9, full: 0, restart: 0.3 },
  stream: { calm: 0.95, lossy: 0.9, unsendable: 0.9, nobufs: 0.5, clogged: 0.5, frozen: 0.3, clock: 0.9, full: 0, restart: 0.3 },
};
const SATURATIONS = 7; // times that the most is measured, a second each: the best is what the machine can do
const FULL_EACH = 5; // rounds: it takes five times as long as the others
const FILES = 100; // the server may have open when its clients are gone; it begins with about 20

const minutes = Number(process.argv[process.argv.indexOf("--minutes") + 1] ?? NaN);
if (!(minutes > 0)) throw new Error("--minutes N is needed");
const json = process.argv.includes("--json");
const [server] = SERVERS.dns;
const folder = mkdtempSync(join(tmpdir(), "watertight-soak-"));
execFileSync("ip", ["link", "set", "lo", "up"]);
execFileSync("ip", ["address", "add", `${HOST}/32`, "dev", "lo"]);

// The server has a core of its own: at this rate its socket's buffer is full after 3 ms in which a peer has it.
execFileSync("taskset", ["-a", "-c", "-p", "1", `${process.pid}`]);

/** @type {string[]} */
const wrong = [];
let running = start(server, join(folder, "ours"));

/**
 * Asks for so long.
 * @param {number} rate @param {number} seconds @param {number} [group] whose CPU time is told; 0 is nobody's
 * @returns {Promise<{sent: number, answered: number, wrong: number, cpu_ns: number, own_ns: number, seconds: number}>}
 */
async function load(rate, seconds, group = running.pid) {
  const args = ["-c", "1", "build/load", "--to", `${HOST}:${server.port}`, "--what", "dns", "--zone", ZONE, "--rate", `${rate}`, "--group", `${group}`, "--time", `${seconds}s`, "--from", `${PORT}`];
  const child = spawn("taskset", args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  await once(child, "close");
  return JSON.parse(said);
}

/** Files and connections that the server has open. */
const files = () => readdirSync(`/proc/${running.pid}/fd`).length;

/** Memory that the server really has, in MB. */
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${running.pid}/status`, "utf8"))?.[1]) / 1024;

/** Ends the server as systemd does, and starts it again. */
async function restart() {
  const old = running;
  const began = performance.now();
  const timer = setTimeout(() => process.kill(-(old.pid ?? 0), "SIGKILL"), STOP_MS);
  process.kill(old.pid ?? 0, "SIGTERM");
  const [code] = await once(old, "exit");
  clearTimeout(timer);
  if (code !== 0) wrong.push(`ended with ${code} after ${Math.round(performance.now() - began)} ms`);
  running = start(server, join(folder, "ours"));
}

const faults = new Faults(server.port, () => running.pid ?? 0);
/** @type {Record<keyof typeof LEAST, () => Promise<void> | void>} what begins with the phase, or in its middle */
const phases = {
  calm: () => faults.none(),
  lossy: () => faults.lossy(),
  unsendable: () => faults.unsendable(),
  nobufs: () => faults.nobufs(),
  clogged: () => faults.clogged(),
  frozen: () => faults.frozen(),
  clock: () => faults.clock(),
  full: () => {}, // it has begun before
  restart: async () => {
    faults.none();
    await new Promise((resolve) => setTimeout(resolve, (PHASE_S * 1000) / 2));
    await restart();
  },
};

const began = performance.now();
const elapsed = () => (performance.now() - began) / 1000;
/** @type {number[]} after the warm-up, of one process each */
let flat = [];
let restarts = 0;
let answers = 0;
const calm = { sent: 0, answered: 0 };
try {
  let most = 0;
  for (let i = 0; i < SATURATIONS; i++) {
    const told = await load(0, 1);
    most = Math.max(most, told.answered / told.seconds);
  }
  const rate = Math.round(most / 2);
  faults.rate = rate;
  if (rate < 100) throw new Error(`at most ${most} answers a second`);
  console.log(json ? JSON.stringify({ most: Math.round(most), rate }) : `at most ${Math.round(most)} answers a second, the load is ${rate}`);
  // A restart makes the warm-up begin again, so in a long run most of the time is without one.
  for (let round = 0, since = 0; elapsed() < minutes * 60; round++) {
    const late = elapsed() - since > 2 * WARM_S || minutes * 60 < 2 * WARM_S;
    for (const name of /** @type {(keyof typeof LEAST)[]} */ (Object.keys(phases))) {
      if (name === "restart" && !late) continue;
      if (name === "full" && round % FULL_EACH > 0) continue;
      const peers = new Peers(HOST, server.port, ZONE);
      const beside = new Others(HOST, server.port, ZONE);
      if (name === "full") {
        faults.tracked();
        await load(rate, FLOW_S);
        await faults.full();
      }
      const [share, mine] = [watch(), process.cpuUsage()];
      const fault = phases[name]();
      // Of a server that is ended meanwhile the CPU time is not known any more.
      const told = await load(rate, PHASE_S, name === "restart" ? 0 : running.pid);
      const { user, system } = process.cpuUsage(mine);
      const others = name === "restart" ? 0 : Number(share((told.cpu_ns + told.own_ns) / 1e9 + (user + system) / 1e6).toPrecision(2));
      await fault;
      await Promise.all([peers.end(), beside.end()]);
      wrong.push(...peers.wrong, ...beside.wrong, ...faults.unproven());
      if (told.wrong > 0) wrong.push(`${told.wrong} wrong answers (${name})`);
      // Where others take the server's time, its socket's buffer overflows: that says nothing of it.
      if (others <= BUSY && told.answered < told.sent * LEAST[name]) wrong.push(`${told.answered} of ${told.sent} answered (${name})`);
      if (name === "calm" && others <= BUSY) {
        calm.sent += told.sent;
        calm.answered += told.answered;
      }
      const kinds = /** @type {[import("./soak-peers.js").Kind, import("./soak-peers.js").Count][]} */ (Object.entries(beside.counts));
      for (const [kind, { asked, answered }] of kinds) {
        if (others <= BUSY && answered < asked * LEAST_OF[kind][name]) wrong.push(`${answered} of ${asked} answered (${kind}, ${name})`);
        answers += answered;
      }
      answers += told.answered + peers.answered;
      if (name === "restart") {
        restarts++;
        since = elapsed();
        flat = [];
      }
      const mb = memory();
      if (elapsed() - since > WARM_S) flat.push(mb);
      if (mb > MOST_MB) wrong.push(`${Math.round(mb)} MB of memory`);
      if (files() > FILES) wrong.push(`${files()} open files, and no clients`);
      if (flat.length > 1 && mb > flat[0] * FLAT) wrong.push(`memory has grown from ${Math.round(flat[0])} to ${Math.round(mb)} MB`);
      const line = { round, phase: name, rate, sent: told.sent, answered: told.answered, tcp: peers.answered, ...Object.fromEntries(kinds.map(([kind, { asked, answered }]) => [kind, `${answered}/${asked}`])), wrong: told.wrong, mb: Math.round(mb), others };
      console.log(json ? JSON.stringify(line) : Object.entries(line).map(([key, value]) => `${key} ${value}`).join("  "));
    }
  }
  await restart();
} finally {
  try {
    process.kill(-(running.pid ?? 0), "SIGKILL");
  } catch {} // it has ended by itself
  rmSync(folder, { recursive: true, force: true });
}
if (calm.answered < calm.sent * CALM) wrong.push(`${calm.answered} of ${calm.sent} answered in all calm phases`);
const kept = Number((calm.answered / calm.sent).toFixed(4));
const sum = { calm: kept, minutes: Number((elapsed() / 60).toFixed(1)), answers, restarts: restarts + 1, wrong };
console.log(json ? JSON.stringify(sum) : `${sum.answers} answers in ${sum.minutes} minutes, ${sum.restarts} restarts, ${(100 * kept).toFixed(1)} % answered in calm: ${wrong.join("; ") || "nothing wrong"}`);
process.exit(wrong.length ? 1 : 0);
