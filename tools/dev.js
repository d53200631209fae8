/**
 * ./build.sh dev: builds, starts the companion on loopback and a browser with the extension, and
 * does it all again when a source file changes. Ends with the browser.
 */
import { spawn, spawnSync } from "node:child_process";
import { watch } from "node:fs";
import { start } from "../e2e/lib/start.js";
import { readOptions } from "../e2e/lib/args.js";

/** An editor saves in several steps; one build is enough for all of them. */
const CALM_MS = 300;

const SOURCES = ["extension", "leak", "wasm", "server"];
const browser = process.argv[2];

/** @returns {boolean} whether the build went well; its output says why if not */
function build() {
  return spawnSync("./build.sh", ["dev", "--once", browser], { stdio: "inherit" }).status === 0;
}

/** Starts the companion and the browser. @returns {Promise<() => Promise<void>>} ends both */
async function open() {
  const companion = spawn("build/watertight-server", { stdio: "inherit" });
  const options = readOptions(["--browser", browser, "--extension", `build/loopback-${browser}`, "--out", "out", "--headed"]);
  const session = await start(options);
  let closing = false;
  void session.gone.then(() => {
    if (closing) return;
    companion.kill();
    process.exit(0);
  });
  return async () => {
    closing = true;
    companion.kill();
    await session.close();
  };
}

if (!build()) process.exit(1);
let close = await open();
console.error("watching", SOURCES.join(", "));

/** @type {NodeJS.Timeout | undefined} */
let due;
let busy = Promise.resolve();
for (const folder of SOURCES) {
  watch(folder, { recursive: true }, () => {
    clearTimeout(due);
    due = setTimeout(() => {
      busy = busy.then(async () => {
        if (!build()) return; // the last good build stays open
        await close();
        close = await open();
      });
    }, CALM_MS);
  });
}
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => void close().then(() => process.exit(0)));
}
