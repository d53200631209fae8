/**
 * A network of our own, so that the fault tests need no Internet, disturb nobody's ports, and can
 * end in "clear": the process starts itself again inside new namespaces (network, mounts,
 * processes) with one interface, IPv4 and IPv6, and a resolv.conf that names the companion.
 *
 * Everything in it belongs to one operator, so nothing that the healthy companion sees is a leak.
 */
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export const ZONE = "watertight.test";
export const SERVER = { ip4: "203.0.113.53", ip6: "2001:db8:53::53" };
const CLIENT = { ip4: "192.0.2.10", ip6: "2001:db8:200::10" };
export const OPERATOR = "Example VPN";

/** For the companion: prefix, AS, organisation, country. */
export const NETWORKS = ["192.0.2.0/24", "203.0.113.0/24", "2001:db8:200::/48", "2001:db8:53::/48"]
  .map((prefix) => `${prefix},64510,${OPERATOR},SE\n`)
  .join("");

const INSIDE = "WATERTIGHT_E2E_INSIDE";

/** Whether this process is the inner one. */
export const inside = () => process.env[INSIDE] === "1";

/** Starts this script again inside; resolves to its exit code. @returns {Promise<number>} */
export function enter() {
  // Whatever the inner processes leave when they are killed lies in here.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-world-"));
  const own = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const child = spawn(
    "unshare",
    // The process namespace takes everything in it down when its first process ends.
    [...own, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", process.execPath, ...process.argv.slice(1)],
    { stdio: "inherit", env: { ...process.env, [INSIDE]: "1", TMPDIR: folder } },
  );
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"])) process.on(signal, () => child.kill("SIGKILL"));
  const ended = /** @type {Promise<number>} */ (new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`make namespaces: ${error.message}`)));
    child.once("exit", (code) => resolve(code ?? 1));
  }));
  return ended.finally(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
}

/** Lays out the network. @param {string} folder for files that last as long as the process */
export function build(folder) {
  const run = (/** @type {string} */ line) => execFileSync("ip", line.split(" "), { stdio: ["ignore", "ignore", "inherit"] });
  run("link set lo up");
  run("link add wt0 type veth peer name wt1");
  run("link set wt0 up");
  run("link set wt1 up");
  run(`addr add ${CLIENT.ip4}/24 dev wt0`);
  run(`addr add ${CLIENT.ip6}/64 dev wt0 nodad`);
  run(`addr add ${SERVER.ip4}/32 dev lo`);
  run(`addr add ${SERVER.ip6}/128 dev lo nodad`);
  // Without a route to the Internet's addresses browsers take a family for dead and ask no AAAA.
  run("route add default dev wt0");
  run("-6 route add default dev wt0");
  const resolv = path.join(folder, "resolv.conf");
  fs.writeFileSync(resolv, `nameserver ${SERVER.ip4}\noptions timeout:1 attempts:1\n`);
  execFileSync("mount", ["--bind", resolv, "/etc/resolv.conf"]);
}
