/**
 * The life of checks: one at a time, its state in storage.session for whoever
 * shows it, and started again when the service worker died in the middle.
 */
import * as ext from "../lib/ext.js";
import { endpoints, loadCompanion } from "../lib/config.js";
import { bootCore } from "../lib/boot.js";
import { createCore } from "../lib/core.js";
import { newToken } from "../lib/token.js";
import { showBadge } from "./badge.js";
import { runCheck } from "./check.js";
import { frames } from "./frames.js";

/** @typedef {import("../lib/types.js").CheckState} CheckState */

const core = createCore(bootCore);

/** @type {{ id: string, done: Promise<void> } | null} */
let running = null;

/** Writes in order, and of several waiting ones only the newest. */
function stateWriter() {
  /** @type {Record<string, unknown> | null} */
  let next = null;
  let writing = Promise.resolve();
  return (/** @type {Record<string, unknown>} */ items) => {
    const queued = next !== null;
    next = { ...next, ...items };
    if (!queued) {
      writing = writing.then(async () => {
        const now = next ?? {};
        next = null;
        await ext.write("session", now).catch(() => {});
      });
    }
    return writing;
  };
}

const write = stateWriter();

/** @param {string} id */
async function run(id) {
  const startedAt = Date.now();
  void showBadge("checking", null);
  try {
    const places = endpoints(await loadCompanion());
    const { evidence, verdict } = await runCheck({
      id,
      browser: ext.browserName,
      places,
      core,
      frames,
      fetch: globalThis.fetch.bind(globalThis),
      publish: (evidence, verdict) =>
        void write({ check: { id, startedAt, phase: "checking", evidence: structuredClone(evidence), verdict } }),
    });
    const finishedAt = Date.now();
    const check = { id, startedAt, finishedAt, phase: "done", evidence, verdict };
    await write({ check, last: { finishedAt, verdict } });
    void showBadge("done", verdict);
  } finally {
    running = null;
  }
}

/** Starts a check, or joins the one that runs. */
export function startCheck() {
  if (!running) {
    const id = newToken();
    running = { id, done: run(id) };
    running.done.catch((error) => console.error("check failed:", error));
  }
  return running.id;
}

/** Called whenever the background starts: a check that is "checking" now has lost its runner. */
export async function resumeCheck() {
  const { check } = await ext.read("session", ["check"]);
  if (/** @type {CheckState | undefined} */ (check)?.phase === "checking") startCheck();
}
