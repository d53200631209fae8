/**
 * What the watcher costs a page: the time until it has loaded, with the watcher in every frame, beside the same
 * browser without it (the scripts are taken away and put back for each load, so that not two browsers are compared),
 * and beside the same two scripts with nothing in them, which is what the browser itself takes for running any.
 * Loads in turn, so that a noisy moment hits all; figures are of pairs. Runs in a network of its own.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "../e2e/lib/args.js";
import { start } from "../e2e/lib/start.js";
import { variant, watchful } from "../e2e/lib/variant.js";
import { build, enter, inside } from "../e2e/lib/world.js";
import { median, report } from "./report.js";
import { address, servePages } from "./watch-page.js";

/** @import { Session, WebPage } from "../e2e/lib/types.js" */

/** Medians of fewer pairs move by more than the hundredth that is asked about. */
const ROUNDS = Number(process.env.WATERTIGHT_ROUNDS ?? 16);
const WARM = 1;

/** Of page and number of frames. */
const PAGES = /** @type {const} */ ([["ordinary", 1], ["ordinary", 50], ["bare", 1], ["bare", 50]]);

/** Of a page, for one figure; the first after a change of scripts does not count. */
const LOADS = 6;
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 60;

/** Until every process of the browser knows the new scripts. */
const REST_MS = 250;

/** The column's scripts: ours, ours with nothing in them, none. */
const COLUMNS = /** @type {const} */ (["with", "empty", "without"]);
/** @typedef {(typeof COLUMNS)[number]} Column */

const EMPTY = "watch/empty.js";

/** Runs in the page: goes to another. @param {string} url @returns {number} by which the new document is told from this one */
function go(url) {
  location.assign(url);
  return performance.timeOrigin;
}

/** Runs in the page: milliseconds from the navigation's start to the end of loading; 0 until then. @param {number} before */
const loaded = (before) => (performance.timeOrigin === before ? 0 : Math.max(0, performance.getEntriesByType("navigation")[0].loadEventEnd));

/** Runs in the page: how many frames it has, itself among them. */
const framesOf = () => 1 + window.length;

/** Runs in the page: whether the constructor is a Proxy, which has no name in its text. */
const watched = () => !Function.prototype.toString.call(RTCPeerConnection).includes("RTCPeerConnection");

/** Runs in the background. @returns {Promise<any[]>} the scripts that are registered for websites */
async function registered() {
  const world = /** @type {any} */ (globalThis);
  return (world["browser"] ?? world["chrome"]).scripting.getRegisteredContentScripts();
}

/** Runs in the background: these scripts and no others. @param {any[]} scripts */
async function register(scripts) {
  const world = /** @type {any} */ (globalThis);
  const { scripting } = world["browser"] ?? world["chrome"];
  const there = await scripting.getRegisteredContentScripts();
  if (there.length > 0) await scripting.unregisterContentScripts({ ids: there.map((/** @type {any} */ one) => one.id) });
  if (scripts.length > 0) await scripting.registerContentScripts(scripts);
  return true;
}

/** Asks the background, which may have to be woken. @template {any[]} A @template R @param {Session} session @param {(...args: A) => Promise<R>} fn @param {A} args */
async function ask(session, fn, ...args) {
  for (let tries = 0; tries < 20; tries++) {
    const answer = await session.askBackground(fn, ...args);
    if (answer !== null) return answer;
    await session.open("options/options.html").then((page) => page.close());
  }
  throw new Error("there is no background");
}

/** @param {Session} session @returns {Promise<any[]>} what the extension registers by itself */
async function ownScripts(session) {
  for (let tries = 0; tries < 100; tries++) {
    const scripts = await ask(session, registered);
    if (scripts.length === 2) return scripts;
    await sleep(REST_MS);
  }
  throw new Error("the watcher does not start");
}

/** @param {Session} session @param {any[]} own @param {Column} column */
async function change(session, own, column) {
  await ask(session, register, column === "without" ? [] : column === "empty" ? own.map((one) => ({ ...one, js: [EMPTY] })) : own);
  await sleep(REST_MS);
}

/**
 * Milliseconds that a page takes: the median of some loads, one after the other in one tab, because a new tab's new
 * process takes longer than what is measured, and never the same.
 * @param {WebPage} tab @param {string} url @param {Column} column
 */
async function load(tab, url, column) {
  const times = [];
  for (let n = 0; n <= LOADS; n++) {
    const before = await tab.run(go, `${url}?${n}`);
    const end = Date.now() + PATIENCE_MS;
    for (let ms = 0; ms === 0; ) {
      await sleep(LOOK_EVERY_MS); // looking costs the page time too
      // The document may go while it is asked.
      ms = await tab.run(loaded, before).catch(() => 0);
      if (Date.now() > end) throw new Error(`${url} does not load`);
      if (ms > 0 && n > 0) times.push(ms);
    }
    if ((await tab.run(framesOf)) !== Number(/\d+$/.exec(url)?.[0])) throw new Error(`${url} has other frames than it says`);
    if ((await tab.run(watched)) !== (column === "with")) throw new Error(column === "with" ? "the page is not watched" : "the page is watched");
  }
  return median(times);
}

/** @param {"chromium" | "firefox"} browser */
async function measure(browser) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-watch-"));
  const options = readOptions(["--browser", browser]);
  const extension = variant(options.extension, path.join(folder, "watchful"), { "manifest.json": watchful });
  fs.writeFileSync(path.join(extension, EMPTY), "");
  const session = await start({ ...options, extension });
  try {
    const own = await ownScripts(session);
    const tab = await session.visit(address("bare", 1));
    for (const [kind, frames] of PAGES) {
      /** @type {Record<Column, number[]>} */
      const columns = { with: [], empty: [], without: [] };
      for (let round = -WARM; round < ROUNDS; round++) {
        for (let i = 0; i < COLUMNS.length; i++) {
          // The first of a round finds a colder machine: each is first in turn.
          const column = COLUMNS[(i + round + WARM) % COLUMNS.length];
          await change(session, own, column);
          const ms = await load(tab, address(kind, frames), column);
          if (round >= 0) columns[column].push(ms);
        }
      }
      const pairs = (/** @type {Column} */ column, /** @type {(ms: number, without: number) => number} */ of) => columns[column].map((ms, i) => of(ms, columns.without[i]));
      const ratio = (/** @type {number} */ ms, /** @type {number} */ without) => ms / without;
      const cost = (/** @type {number} */ ms, /** @type {number} */ without) => (ms - without) / frames;
      const of = `watch ${browser}, ${kind} page, ${frames} ${frames === 1 ? "frame" : "frames"}`;
      report(`${of}: load`, "ms", columns.with, { without: columns.without, empty: columns.empty });
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
await servePages();
const wanted = process.env.WATERTIGHT_BROWSER_ONLY;
for (const browser of /** @type {const} */ (["chromium", "firefox"])) if (!wanted || wanted === browser) await measure(browser);
process.exit(0);
