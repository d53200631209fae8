/**
 * What the watcher costs a page: the time until it has loaded, with the watcher in every frame, beside the same
 * browser with the same extension whose user has not allowed that. Two browsers side by side, loads in turn, so that
 * a noisy moment hits both; figures are of pairs. Runs in a network of its own.
 */
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { readOptions } from "../e2e/lib/args.js";
import { start } from "../e2e/lib/start.js";
import { variant, watchful } from "../e2e/lib/variant.js";
import { build, enter, inside } from "../e2e/lib/world.js";
import { report } from "./report.js";

/** Medians of fewer pairs move by more than the hundredth that is asked about. */
const ROUNDS = Number(process.env.WATERTIGHT_ROUNDS ?? 60);
const WARM = 5;
const FRAMES = [1, 50];
const PORT = 8000;

/** A page with text and a little work, and frames of the same; no WebRTC. */
const INNER = `<!doctype html><meta charset="utf-8"><p>${"Text. ".repeat(200)}</p><script>document.title = String(performance.now());</script>`;
const page = (/** @type {number} */ frames) => INNER + `<iframe src="/inner"></iframe>`.repeat(frames - 1);

/** Runs in the page: milliseconds from the navigation's start to the end of loading; 0 until then. */
const loaded = () => Math.max(0, performance.getEntriesByType("navigation")[0].loadEventEnd);

/** Runs in the page: whether the constructor is a Proxy, which has no name in its text. */
const watched = () => !Function.prototype.toString.call(RTCPeerConnection).includes("RTCPeerConnection");

/** @param {import("../e2e/lib/types.js").Session} session @param {number} frames @param {boolean} wanted */
async function load(session, frames, wanted) {
  const tab = await session.visit(`http://localhost:${PORT}/page/${frames}`);
  try {
    if ((await tab.run(watched)) !== wanted) throw new Error(wanted ? "the page is not watched" : "the page is watched");
    for (;;) {
      const ms = await tab.run(loaded);
      if (ms > 0) return ms;
    }
  } finally {
    await tab.close();
  }
}

/** @param {"chromium" | "firefox"} browser */
async function measure(browser) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-watch-"));
  const options = readOptions(["--browser", browser]);
  const on = await start({ ...options, extension: variant(options.extension, path.join(folder, "on"), { "manifest.json": watchful }) });
  const off = await start({ ...options, extension: variant(options.extension, path.join(folder, "off")) });
  try {
    for (let tries = 0; ; tries++) {
      // The scripts are registered when the background has started.
      if (await load(on, 1, true).then(() => true, () => false)) break;
      if (tries > 100) throw new Error("the watcher does not start");
    }
    for (const frames of FRAMES) {
      /** @type {Record<string, number[]>} */
      const columns = { with: [], without: [], ratio: [], cost: [] };
      for (let round = -WARM; round < ROUNDS; round++) {
        // The first of a pair finds a colder machine: each is first in turn.
        const first = round % 2 === 0;
        const a = first ? await load(on, frames, true) : 0;
        const without = await load(off, frames, false);
        const together = first ? a : await load(on, frames, true);
        if (round < 0) continue;
        columns.with.push(together);
        columns.without.push(without);
        columns.ratio.push(together / without);
        columns.cost.push((together - without) / frames);
      }
      const of = `watch ${browser}, ${frames} ${frames === 1 ? "frame" : "frames"}`;
      report(`${of}: load`, "ms", columns.with, { without: columns.without });
      report(`${of}: with ÷ without, pairs`, "×", columns.ratio, {});
      report(`${of}: cost of a frame, pairs`, "ms", columns.cost, {});
    }
  } finally {
    await Promise.all([on.close(), off.close()]);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (!inside()) process.exit(await enter());
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-world-"));
build(folder);
const server = http.createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
  const frames = Number(/^\/page\/(\d+)$/.exec(request.url ?? "")?.[1] ?? 0);
  response.end(frames ? page(frames) : INNER);
});
await new Promise((resolve) => server.listen(PORT, "localhost", () => resolve(true)));
for (const browser of /** @type {const} */ (["chromium", "firefox"])) await measure(browser);
process.exit(0);
