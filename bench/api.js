/**
 * The API beside net/http with the same answers and nothing behind them: CPU for one request and for a finished
 * check, each over a connection of its own, and what an open stream costs. The server has one core. Argument: [--json].
 */
import { execFileSync, spawn } from "node:child_process";
import { report } from "./report.js";

const ROUNDS = 9;
const STREAMS = 5000;
const ANCHOR = "127.0.0.1:8901";
const OURS = "127.0.0.1:8902";
const off = ["--dns", "--stun", "--turn"].flatMap((flag) => [flag, ""]);

/** @type {Record<string, { at: string, command: string[] }>} */
const servers = {
  ours: { at: OURS, command: ["build/watertight-server", ...off, "--http", OURS] },
  "net/http": { at: ANCHOR, command: ["build/web", "--serve", ANCHOR] },
};

execFileSync("ip", ["link", "set", "lo", "up"]);

/** @param {string} name */
function start(name) {
  return spawn("taskset", ["-c", "0", ...servers[name].command], { stdio: ["ignore", "ignore", "inherit"] });
}

/** @param {string} name @param {number} pid @param {string[]} args @returns {Record<string, number>} */
function measure(name, pid, ...args) {
  const load = ["-c", "1", "build/web", "--to", servers[name].at, "--pid", String(pid), ...args];
  for (let tries = 0; ; tries++) {
    try {
      return JSON.parse(execFileSync("taskset", load, { encoding: "utf8", stdio: ["ignore", "pipe", tries < 20 ? "ignore" : "inherit"] }));
    } catch (error) {
      if (tries >= 20) throw new Error(`${name} could not be measured`, { cause: error });
      execFileSync("sleep", ["0.1"]); // it is starting
    }
  }
}

const names = Object.keys(servers);
const running = names.map(start);
/** @type {(name: string) => number} */
const pidOf = (name) => running[names.indexOf(name)].pid ?? 0;
try {
  for (const [title, what] of [["api CPU a request", "exit"], ["api CPU a finished check", "check"]]) {
    /** @type {Record<string, number[]>} */
    const columns = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) {
        const { done, cpu_ns } = measure(name, pidOf(name), "--what", what);
        columns[name].push(cpu_ns / done / 1000);
      }
    }
    const { ours, ...anchors } = columns;
    report(title, "µs", ours, anchors);
    if (what === "check") {
      const aMinute = (/** @type {number[]} */ list) => list.map((us) => 60e6 / us);
      report("api finished checks a minute on one core", "", aMinute(ours), Object.fromEntries(Object.entries(anchors).map(([name, list]) => [name, aMinute(list)])));
    }
  }
  /** @type {Record<string, number[]>} */
  const memory = {};
  for (const name of names) {
    const { bytes, streams } = measure(name, pidOf(name), "--what", "streams", "--count", String(STREAMS));
    memory[name] = [bytes / streams / 1024];
  }
  const { ours, ...anchors } = memory;
  report(`api memory of each of ${STREAMS} open streams`, "kB", ours, anchors);
} finally {
  for (const server of running) server.kill("SIGKILL");
}
