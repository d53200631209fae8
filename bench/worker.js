/**
 * The Worker under workerd, beside the library's own entry (a Go program booted for each request) and the native
 * server: requests a second with sixteen clients that keep their connections where the server does (the native one
 * closes each, on purpose), and CPU for each. Every server has the same core. Argument: [--json].
 */
import { execFileSync, spawn } from "node:child_process";
import { watch } from "./machine.js";
import { report } from "./report.js";

const ROUNDS = 7;
const WARM = 4;
const off = ["--dns=", "--stun=", "--turn="];
const workerd = execFileSync("sh", ["-c", "ls node_modules/@cloudflare/workerd-*/bin/workerd"], { encoding: "utf8" }).trim();

/** @type {Record<string, { at: string, command: string[] }>} */
const servers = {
  ours: { at: "127.0.0.1:8902", command: ["build/workerd", "--keep", "--bare", "--http", "127.0.0.1:8902"] },
  stock: { at: "127.0.0.1:8903", command: [workerd, "serve", "build/stock/config.capnp"] },
  native: { at: "127.0.0.1:8904", command: ["build/watertight-server", ...off, "--http", "127.0.0.1:8904"] },
};

execFileSync("ip", ["link", "set", "lo", "up"]);

/** @param {string} name */
function start(name) {
  return spawn("taskset", ["-c", "0", ...servers[name].command], { stdio: ["ignore", "ignore", "inherit"] });
}

/** The process that listens: what starts ours, or the server itself. @param {number} pid */
function serving(pid) {
  try {
    return Number(execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).trim().split("\n")[0]) || pid;
  } catch {
    return pid;
  }
}

/** @param {string} name @param {number} pid @param {string} path @returns {{ done: number, cpu_ns: number, seconds: number }} */
function measure(name, pid, path) {
  for (let tries = 0; ; tries++) {
    try {
      const load = ["-c", "1", "build/web", "--to", servers[name].at, "--pid", String(serving(pid)), "--what", "rate", "--path", path];
      return JSON.parse(execFileSync("taskset", load, { encoding: "utf8", stdio: ["ignore", "pipe", tries < 50 ? "ignore" : "inherit"] }));
    } catch (error) {
      if (tries >= 50) throw new Error(`${name} could not be measured`, { cause: error });
      execFileSync("sleep", ["0.2"]); // it is starting
    }
  }
}

const names = Object.keys(servers);
const running = names.map(start);
try {
  for (const [title, path] of [["exit", "/v1/exit"], ["token", "/v1/sightings/abcdefghijklmnopqrstuv2345"]]) {
    /** @type {Record<string, number[]>} */
    const rate = Object.fromEntries(names.map((name) => [name, []]));
    /** @type {Record<string, number[]>} */
    const cpu = Object.fromEntries(names.map((name) => [name, []]));
    /** @type {number[]} */
    const others = [];
    // The engine compiles the program anew, and better, while it runs.
    for (let warm = 0; warm < WARM; warm++) names.forEach((name, i) => measure(name, running[i].pid ?? 0, path));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, name] of names.entries()) {
        const busy = watch();
        const { done, cpu_ns, seconds, own_ns } = /** @type {any} */ (measure(name, running[i].pid ?? 0, path));
        others.push(busy((cpu_ns + own_ns) / 1e9));
        rate[name].push(done / seconds);
        cpu[name].push(cpu_ns / done / 1000);
      }
    }
    const split = (/** @type {Record<string, number[]>} */ { ours, ...anchors }) => /** @type {const} */ ([ours, anchors]);
    report(`worker requests, ${title}`, "/s", ...split(rate), others);
    report(`worker CPU a request, ${title}`, "µs", ...split(cpu), others);
  }
} finally {
  for (const server of running) server.kill("SIGTERM");
}
