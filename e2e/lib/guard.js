/**
 * Nothing is left behind. A small shell outlives us, holds the read end of a pipe, and when the
 * pipe closes (we ended, crashed, or were killed with SIGKILL, which no handler sees) it kills the
 * browser's process group and removes the folder with its profile.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

// (dash takes "kill -s KILL -- -N", not "kill -KILL -- -N".)
// The kernel needs a moment to take the group down; a profile is written to until then.
const WATCH = `
while read -r _; do :; done
if [ -s "$1/pid" ]; then
  group=$(cat "$1/pid")
  kill -s KILL -- "-$group" 2>/dev/null
  n=0
  while kill -s 0 -- "-$group" 2>/dev/null && [ $n -lt 40 ]; do n=$((n+1)); sleep 0.05; done
fi
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`;

/** The stand-in for the browser's executable: notes its own process id, then becomes the browser. */
const LAUNCH = fileURLToPath(new URL("launch.sh", import.meta.url));

/**
 * @typedef {object} Keeper
 * @property {string} profile      an empty folder
 * @property {string} executable   to start in the browser's stead
 * @property {NodeJS.ProcessEnv} env
 * @property {() => number} leader the browser's process id
 * @property {() => Promise<void>} kill  kills the browser and leaves its profile, for another start
 * @property {() => Promise<void>} end  kills the browser, removes the folder
 */

/**
 * @param {string} executable the browser's
 * @returns {Keeper}
 */
export function guard(executable) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-e2e-"));
  const profile = path.join(folder, "profile");
  fs.mkdirSync(profile);
  const shell = spawn("/bin/sh", ["-c", WATCH, "watertight-guard", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Our own event loop must be able to run dry while the guard lives.
  shell.unref();
  const ended = new Promise((resolve) => shell.once("exit", resolve));
  return {
    profile,
    executable: LAUNCH,
    env: { ...process.env, WATERTIGHT_BROWSER: executable, WATERTIGHT_FOLDER: folder, TMPDIR: folder, MOZ_CRASHREPORTER_DISABLE: "1" },
    leader: () => Number(fs.readFileSync(path.join(folder, "pid"), "utf8")),
    async kill() {
      const group = -Number(fs.readFileSync(path.join(folder, "pid"), "utf8"));
      // As the first process of a namespace we have dead of others' in the group, whom nobody buries.
      for (let signal = /** @type {"SIGKILL" | 0} */ ("SIGKILL"), n = 0; n < 50; signal = 0, n++) {
        try {
          process.kill(group, signal);
        } catch {
          return; // nobody is left
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async end() {
      shell.stdin.end();
      shell.ref();
      await ended;
    },
  };
}

/**
 * The first of these commands that the machine has.
 * @param {string} override an environment variable
 * @param {string[]} names
 */
export function findExecutable(override, names) {
  const wanted = process.env[override];
  if (wanted) return wanted;
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(":").concat("/usr/bin", "/usr/local/bin")) {
      const file = path.join(folder, name);
      if (fs.existsSync(file)) return file;
    }
  }
  throw new Error(`none of ${names.join(", ")} is installed (or set ${override})`);
}
