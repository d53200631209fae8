/**
 * The real companion binary, in the world of world.js. Its HTTP API listens beside the usual port:
 * there stands the hostile front (hostile.js), which passes on what it does not spoil.
 */
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { pause } from "./popup.js";
import { NETWORKS, SERVER, ZONE } from "./world.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
export const API_PORT = 8053;

/** The binary of ./build.sh, or else one built now. @param {string} folder */
export function companionBinary(folder) {
  const built = path.join(REPOSITORY, "build", "watertight-server");
  if (fs.existsSync(built)) return built;
  const own = path.join(folder, "watertight-server");
  execFileSync("go", ["build", "-o", own, "./server"], { cwd: REPOSITORY, stdio: "inherit" });
  return own;
}

/** @param {string} binary @param {string} folder */
export function companion(binary, folder) {
  const networks = path.join(folder, "networks.csv");
  fs.writeFileSync(networks, NETWORKS);
  const at = (/** @type {number} */ port) => `${SERVER.ip4}:${port},[${SERVER.ip6}]:${port}`;
  const args = ["--zone", ZONE, "--ip4", SERVER.ip4, "--ip6", SERVER.ip6, "--networks", networks];
  args.push("--dns", at(53), "--stun", at(3478), "--http", at(API_PORT));
  /** @type {import("node:child_process").ChildProcess | null} */
  let child = null;
  return {
    /** @param {{turn?: boolean}} [options] turn: whether browsers reach its TURN server */
    async start({ turn = true } = {}) {
      if (child) throw new Error("the companion runs already");
      const own = spawn(binary, turn ? args : [...args, "--turn", "127.0.0.1:3479"], { stdio: ["ignore", "ignore", "pipe"] });
      child = own;
      let words = "";
      own.stderr?.on("data", (data) => (words = (words + data).slice(-2000)));
      for (let tries = 0; !(await answers()); tries++) {
        if (own.exitCode !== null || tries > 200) throw new Error(`the companion did not start: ${words}`);
        await pause(25);
      }
    },
    /** Gone: ports refuse. */
    async stop() {
      const own = child;
      child = null;
      if (!own) return;
      const ended = new Promise((resolve) => own.once("exit", resolve));
      own.kill("SIGKILL");
      await ended;
    },
    /** There, but silent: ports take packets and nothing comes back. */
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
  };
}

/** @returns {Promise<boolean>} */
function answers() {
  return new Promise((resolve) => {
    const request = http.get({ host: SERVER.ip4, port: API_PORT, path: "/v1/about", timeout: 500 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
    request.on("timeout", () => request.destroy());
  });
}
