#!/usr/bin/env node
/**
 * The web-platform-tests of webrtc/, with the watcher in every page and without it: whatever a page can notice of it
 * would differ there.
 *
 *   node e2e/wpt.js --checkout DIR --browser chromium|firefox --extension DIR [--runs N] [--only TEXT] [--part K/N] [--json]
 *
 * Runs each file N times (3) each way, both ways at the same time, so that what else the machine does is the same for
 * both, each run in a browser of its own; what then differs is run as often again, both ways, because only a difference
 * that stays says something. "Without" is an extension that does nothing. --part: every N-th file, from the K-th.
 * Exit code 1 if anything differs. In a network of its own, like faults.js.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { readOptions } from "./lib/args.js";
import { explain } from "./lib/protocol.js";
import { pause } from "./lib/popup.js";
import { start } from "./lib/start.js";
import { variant, watchful } from "./lib/variant.js";
import { build, enter, inside } from "./lib/world.js";
import { compare, fileOf, NO_RESULT, statuses } from "./wpt/compare.js";
import { ORIGIN, serveTests, testsOf } from "./wpt/server.js";

/** @import { Options, Session } from "./lib/types.js" */
/** @import { Run } from "./wpt/compare.js" */

/**
 * A file that has had no result for so long gets no more: of those that end, none took longer than 13 s from one to the
 * next. It keeps the results that it had, so no difference is lost but one that takes longer.
 */
const QUIET = 16_000;

/** What did not end in any run so far will hardly end in this one. */
const ENDLESS = 6_000;

/** For what a page that is told to end, or a browser that begins on a busy machine, has yet to do. */
const PATIENCE = 60_000;

/** A camera and a microphone without hardware and without questions. */
const CHROMIUM = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"];
const FIREFOX = { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true, "media.autoplay.default": 0 };

/** Runs in the test's page: what came of it, or else how many results there are. */
const results = () => /** @type {any} */ (window)["watertightResults"] ?? /** @type {number} */ (/** @type {any} */ (window)["watertightCount"] ?? 0);

/** Runs in the test's page. */
const giveUp = () => /** @type {any} */ (window)["timeout"]();

/** @param {string[]} argv @param {string} name @param {string} otherwise @returns {string} */
function take(argv, name, otherwise) {
  const at = argv.indexOf(name);
  return at < 0 ? otherwise : (argv.splice(at, 2)[1] ?? "");
}

/** @param {Session} session @param {string} file @param {number} quiet @returns {Promise<Run>} */
async function runFile(session, file, quiet) {
  const page = await session.visit(ORIGIN + file);
  try {
    let count = 0;
    let given = false;
    for (let end = Date.now() + quiet; !page.crashed?.(); await pause(50)) {
      const found = await page.run(results);
      if (typeof found !== "number") return statuses(file, found);
      if (found !== count) end = Date.now() + quiet;
      count = found;
      if (Date.now() < end) continue;
      if (given) break;
      given = true;
      end = Date.now() + PATIENCE;
      await page.run(giveUp);
    }
    return statuses(file, null);
  } finally {
    await page.close();
  }
}

/** Runs in the test's page: whether the constructor is a Proxy, which has no name in its text. */
const watched = () => !Function.prototype.toString.call(RTCPeerConnection).includes("RTCPeerConnection");

/** Two sides of which neither is watched would be the same, and prove nothing. @param {Session} session @param {boolean} wanted */
async function sure(session, wanted) {
  for (const end = Date.now() + PATIENCE; ; await pause(200)) {
    const page = await session.visit(`${ORIGIN}/resources/testharness.js`);
    const is = await page.run(watched).finally(() => page.close());
    if (is === wanted) return;
    if (Date.now() > end) throw new Error(wanted ? "the pages are not watched" : "something watches the pages");
  }
}

/**
 * One run of some files in a browser of its own.
 * @param {Options} options @param {string[]} files @param {string} label @param {boolean} wanted @param {Run[]} before
 */
async function runAll(options, files, label, wanted, before) {
  const began = Date.now();
  const session = await start(options);
  /** @type {Run} */
  const run = {};
  try {
    await sure(session, wanted);
    for (const file of files) {
      const endless = before.length > 0 && before.every((one) => one[file] === "TIMEOUT");
      Object.assign(run, await runFile(session, file, endless ? ENDLESS : QUIET).catch((error) => ({ [file]: `BROKEN: ${explain(error)}` })));
    }
  } finally {
    await session.close();
  }
  console.error(`   ${label}: ${Object.keys(run).length} results of ${files.length} files, ${Math.round((Date.now() - began) / 1000)} s`);
  return run;
}

/** An extension that does nothing, so that the two ways differ in ours alone. @param {string} folder */
function idle(folder) {
  fs.mkdirSync(folder);
  const manifest = { manifest_version: 3, name: "Nothing", version: "1", action: { default_popup: "popup.html" } };
  const gecko = { browser_specific_settings: { gecko: { id: "nothing@watertight.test" } } };
  fs.writeFileSync(path.join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...gecko }));
  fs.writeFileSync(path.join(folder, "popup.html"), "<!doctype html>");
  return folder;
}

async function main() {
  const argv = process.argv.slice(2);
  const json = argv.includes("--json");
  if (json) argv.splice(argv.indexOf("--json"), 1);
  const checkout = path.resolve(take(argv, "--checkout", ""));
  const runs = Number(take(argv, "--runs", "3"));
  const only = take(argv, "--only", "");
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) throw new Error("--runs needs a number from 1 to 20");
  const part = /^([1-9]\d?)\/([1-9]\d?)$/.exec(take(argv, "--part", "1/1"));
  if (!part || Number(part[1]) > Number(part[2])) throw new Error("--part needs two numbers, as 2/5");
  const options = readOptions(argv);
  const files = testsOf(checkout).filter((file) => file.includes(only)).filter((_, at) => at % Number(part[2]) === Number(part[1]) - 1);
  if (files.length === 0) throw new Error(`no test of webrtc/ has "${only}" in its name`);
  if (!inside()) return enter();

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-wpt-"));
  build(folder);
  await serveTests(checkout);
  const common = { ...options, args: [...options.args, ...CHROMIUM], prefs: { ...options.prefs, ...FIREFOX } };
  if (options.browser === "firefox") common.args = options.args;
  const ways = {
    without: { ...common, extension: idle(path.join(folder, "idle")) },
    together: { ...common, extension: variant(options.extension, path.join(folder, "watching"), { "manifest.json": watchful }) },
  };
  /** @type {{ without: Run[], together: Run[] }} */
  const all = { without: [], together: [] };
  const round = async (/** @type {string[]} */ some) => {
    for (let n = 1; n <= runs; n++) {
      // If one fails, the other must end before this process does: its browser would stay.
      const before = [...all.without, ...all.together];
      const both = [runAll(ways.without, some, `without, run ${n}`, false, before), runAll(ways.together, some, `with, run ${n}`, true, before)];
      await Promise.allSettled(both);
      const [without = {}, together = {}] = await Promise.all(both);
      all.without.push(without);
      all.together.push(together);
    }
    const names = (/** @type {Run} */ run) => Object.entries(run).filter(([name]) => some.includes(fileOf(name)));
    const of = (/** @type {Run[]} */ list) => list.map((run) => Object.fromEntries(names(run)));
    return { without: of(all.without), together: of(all.together) };
  };
  const first = await round(files);
  const { stable, ...found } = compare(first.without, first.together);
  let { differ, flaky } = found;
  const suspects = [...new Set(differ.map(({ name }) => fileOf(name)))];
  if (suspects.length > 0) {
    const again = await round(suspects);
    const second = compare(again.without, again.together);
    differ = second.differ;
    flaky = [...new Set([...flaky, ...second.flaky])];
  }
  for (const one of differ) {
    console.log(json ? JSON.stringify({ browser: options.browser, ...one }) : `DIFFERS ${one.name}\n        without: ${one.without.join(", ")}   with: ${one.with.join(", ")}`);
  }
  for (const name of flaky) console.log(json ? JSON.stringify({ browser: options.browser, flaky: name }) : `flaky without us: ${name}`);
  const silent = files.filter((file) => [...all.without, ...all.together].every((run) => (run[file] ?? NO_RESULT) === NO_RESULT));
  for (const name of silent) console.log(json ? JSON.stringify({ browser: options.browser, silent: name }) : `says nothing, with us or without: ${name}`);
  const sum = { browser: options.browser, files: files.length, silent: silent.length, runs, same: stable - silent.length, flaky: flaky.length, differ: differ.length };
  console.log(json ? JSON.stringify(sum) : `${options.browser}: ${sum.files} files (${sum.silent} without a result), ${sum.same} results the same in ${runs} runs each way, ${sum.flaky} flaky without us too, ${sum.differ} differ`);
  return differ.length === 0 && sum.same > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`wpt: ${explain(error)}`);
    process.exit(1);
  },
);
