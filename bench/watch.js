/**
 * What the watcher costs a page: the time until it has loaded, with the watcher in every frame, beside the same page
 * without it, and beside the same two scripts with nothing in them, which is what the browser itself takes for running
 * any. All in one tab of one browser, one load after the other: the host's name decides which scripts a page gets, so that a
 * noisy moment hits all and no two browsers or processes are compared. The driver is not attached to that tab. Figures
 * are of pairs. Runs in a network of its own.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "../e2e/lib/args.js";
import { start } from "../e2e/lib/start.js";
import { variant, watchful } from "../e2e/lib/variant.js";
import { build, enter, inside } from "../e2e/lib/world.js";
import { report } from "./report.js";
import { address, hostOf, servePages } from "./watch-page.js";

/** @import { Session } from "../e2e/lib/types.js" */
/** @import { Load } from "./watch-page.js" */

/** Each of six orders is as frequent, and medians of fewer pairs move by more than the hundredth that is asked about. */
const ROUNDS = Number(process.env.WATERTIGHT_ROUNDS ?? 120);
const WARM = 6;

/** Of page and number of frames; where a load takes longer, fewer do. */
const PAGES = /** @type {const} */ ([["ordinary", 1, 1], ["bare", 1, 1], ["ordinary", 50, 0.5], ["bare", 50, 0.5]]);

/** Until every process of the browser knows the new scripts. */
const REST_MS = 1000;
const TRIES = 100;

/** The page's scripts: ours, ours with nothing in them, none. */
const COLUMNS = /** @type {const} */ (["with", "empty", "without"]);
/** @typedef {(typeof COLUMNS)[number]} Column */

/** @type {Column[][]} */
const ORDERS = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [1, 0, 2], [0, 2, 1]].map((order) => order.map((i) => COLUMNS[i]));

const EMPTY = "watch/empty.js";

/** Runs in the background. @returns {Promise<any[]>} the scripts that are registered for websites */
async function registered() {
  const world = /** @type {any} */ (globalThis);
  return (world["browser"] ?? world["chrome"]).scripting.getRegisteredContentScripts();
}

/** Runs in the background: these scripts and no others. @param {any[]} scripts */
async function register(scripts) {
  const world = /** @type {any} */ (globalThis);
  const { scripting } = world["browser"] ?? world["chrome"];
  await scripting.unregisterContentScripts();
  await scripting.registerContentScripts(scripts);
  return true;
}

/** Asks the background, which may have to be woken. @template {any[]} A @template R @param {Session} session @param {(...args: A) => Promise<R>} fn @param {A} args */
async function ask(session, fn, ...args) {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await session.askBackground(fn, ...args);
    if (answer !== null) return answer;
    await session.open("options/options.html").then((page) => page.close());
  }
  throw new Error("there is no background");
}

/** @param {Session} session @returns {Promise<any[]>} what the extension registers by itself */
async function ownScripts(session) {
  for (let tries = 0; tries < TRIES; tries++) {
    const scripts = await ask(session, registered);
    if (scripts.length === 2) return scripts;
    await sleep(REST_MS);
  }
  throw new Error("the watcher does not start");
}

/** Each column's scripts, for its host alone. @param {any[]} own */
const apart = (own) =>
  own.flatMap((one) => [
    { ...one, id: `${one.id}-with`, matches: [`http://${hostOf("with")}/*`] },
    { ...one, id: `${one.id}-empty`, matches: [`http://${hostOf("empty")}/*`], js: [EMPTY] },
  ]);

/** @param {Load} load @param {number} frames */
function mustBe({ url, watched, frames: there }, frames) {
  if (watched !== url.includes(`/${hostOf("with")}`)) throw new Error(`${url} is ${watched ? "" : "not "}watched`);
  if (there !== frames) throw new Error(`${url} has ${there} frames`);
}

/** @param {"chromium" | "firefox"} browser @param {Awaited<ReturnType<typeof servePages>>} server */
async function measure(browser, server) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-watch-"));
  const options = readOptions(["--browser", browser]);
  const extension = variant(options.extension, path.join(folder, "watchful"), { "manifest.json": watchful });
  fs.writeFileSync(path.join(extension, EMPTY), "");
  const session = await start({ ...options, extension });
  try {
    await ask(session, register, apart(await ownScripts(session)));
    await sleep(REST_MS);
    for (const [kind, frames, part] of PAGES) {
      const orders = Array.from({ length: WARM + Math.max(1, Math.round(ROUNDS * part)) }, (_, i) => ORDERS[i % ORDERS.length]);
      const loads = await server.loads(orders.flat().map((column) => address(column, kind, frames)), (url) => session.openAlone(url));
      for (const load of loads) mustBe(load, frames);
      /** @param {Column} column */
      const timesOf = (column) => loads.filter(({ url }) => url.includes(`/${hostOf(column)}`)).slice(WARM).map(({ ms }) => ms);
      const without = timesOf("without");
      const pairs = (/** @type {Column} */ column, /** @type {(ms: number, without: number) => number} */ of) => timesOf(column).map((ms, i) => of(ms, without[i]));
      const ratio = (/** @type {number} */ ms, /** @type {number} */ beside) => ms / beside;
      const cost = (/** @type {number} */ ms, /** @type {number} */ beside) => (ms - beside) / frames;
      const of = `watch ${browser}, ${kind} page, ${frames} ${frames === 1 ? "frame" : "frames"}`;
      report(`${of}: load`, "ms", timesOf("with"), { without, empty: timesOf("empty") });
      report(`${of}: with ÷ without, pairs`, "×", pairs("with", ratio), { empty: pairs("empty", ratio) });
      report(`${of}: cost of a frame, pairs`, "ms", pairs("with", cost), { empty: pairs("empty", cost) });
    }
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (!inside()) process.exit(await enter());
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-world-"));
build(folder);
const hosts = path.join(folder, "hosts");
fs.writeFileSync(hosts, `127.0.0.1 localhost ${COLUMNS.map(hostOf).join(" ")}\n`);
execFileSync("mount", ["--bind", hosts, "/etc/hosts"]);
const server = await servePages();
const wanted = process.env.WATERTIGHT_BROWSER_ONLY;
for (const browser of /** @type {const} */ (["chromium", "firefox"])) if (!wanted || wanted === browser) await measure(browser, server);
process.exit(0);
