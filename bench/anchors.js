// The servers of the DNS and STUN benches: how each is started, on one core.
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";

export const ZONE = "watertight.test";
/** Not loopback, which is never limited: everything that costs time must be on. */
export const HOST = "198.51.100.53";
const NO_LIMIT_HIT = "100000000"; // counted, and never reached

/** @typedef {{ name: string, port: number, command: (port: number, folder: string) => string[] }} Server */

const RECORDS = `$ORIGIN ${ZONE}.
$TTL 3600
@ SOA ns1 dns 1 86400 7200 3600000 60
@ NS ns1
@ NS ns2
@ A ${HOST}
ns1 A ${HOST}
ns2 A ${HOST}
`;

/** Writes a file of a server and returns its path. @param {string} folder @param {string} name @param {string} text */
function write(folder, name, text) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** @param {string} what the flag of the service @param {number} port */
function ours(what, port) {
  const off = ["--dns", "--stun", "--turn"].filter((flag) => flag !== what).flatMap((flag) => [flag, ""]);
  return ["build/watertight-server", "--zone", ZONE, "--ip4", HOST, what, `${HOST}:${port}`, "--rate", NO_LIMIT_HIT, ...off];
}

/** @typedef {"dns" | "stun" | "batch"} What */

/** @type {Record<What, Server[]>} */
export const SERVERS = {
  dns: [
    { name: "ours", port: 5301, command: (port) => ours("--dns", port) },
    {
      name: "nsd",
      port: 5302,
      command: (port, folder) => {
        const zone = write(folder, "zone", RECORDS);
        // Its rate limit is switched off, since it would leave most unanswered; that is less work than ours has.
        const config = `server:
  ip-address: ${HOST}@${port}
  server-count: 1
  username: ""
  rrl-ratelimit: 0
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/pid"
  xfrdfile: ""
  zonelistfile: "${folder}/zones"
  xfrdir: "${folder}"
  verbosity: 0
remote-control:
  control-enable: no
zone:
  name: ${ZONE}
  zonefile: "${zone}"
`;
        return ["nsd", "-d", "-c", write(folder, "nsd.conf", config)];
      },
    },
    {
      name: "knot",
      port: 5303,
      command: (port, folder) => {
        const zone = write(folder, "zone", RECORDS);
        const config = `server:
  rundir: "${folder}"
  listen: ${HOST}@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: "${folder}"
log:
  - target: stderr
    any: error
zone:
  - domain: ${ZONE}
    file: "${zone}"
`;
        return ["knotd", "-c", write(folder, "knot.conf", config)];
      },
    },
    {
      name: "coredns",
      port: 5305,
      command: (port, folder) => {
        const zone = write(folder, "zone", RECORDS);
        return ["build/coredns", "-conf", write(folder, "Corefile", `${ZONE}:${port} {\n  bind ${HOST}\n  file ${zone}\n}\n`)];
      },
    },
    { name: "miekg", port: 5304, command: (port) => ["build/plain", `${HOST}:${port}`, ZONE] },
  ],
  stun: [
    { name: "ours", port: 3478, command: (port) => ours("--stun", port) },
    { name: "coturn", port: 3480, command: (port, folder) => ["turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "-L", HOST, "-p", String(port), "--userdb", join(folder, "users"), "--pidfile", join(folder, "pid"), "--log-file", join(folder, "log"), "--simple-log"] },
  ],
  // What our way of reading packets costs beside Go's own two, with the same answers.
  batch: [
    { name: "ours", port: 5311, command: (port) => ["build/batch", "raw", `${HOST}:${port}`] },
    { name: "xnet", port: 5312, command: (port) => ["build/batch", "xnet", `${HOST}:${port}`] },
    { name: "single", port: 5313, command: (port) => ["build/batch", "single", `${HOST}:${port}`] },
  ],
};

/** Starts a server as a process group of its own on core 0; what it says goes to a file. @param {Server} server @param {string} folder */
export function start(server, folder) {
  mkdirSync(folder, { recursive: true });
  const said = openSync(join(folder, "stderr"), "w");
  return spawn("taskset", ["-c", "0", ...server.command(server.port, folder)], { detached: true, stdio: ["ignore", "ignore", said] });
}
