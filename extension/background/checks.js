/**
 * The life of checks: one at a time, its state in storage.session for whoever
 * shows it, and started again when the service worker died in the middle.
 */
import * as ext from "../lib/ext.js";
import { endpoints, loadCompanion } from "../lib/config.js";
import { newToken } from "../lib/token.js";
import { showBadge } from "./badge.js";
import { runCheck } from "./check.js";
import { sessionWriter } from "./state.js";

/**
 * The most that a click is believed to lie back: a machine that needs longer to
 * show the popup gets its verdict later, but it gets one.
 */
const CLICK_MAX_MS = 1000;

/** @typedef {import("../lib/types.js").CheckState} CheckState */
/** @typedef {import("../lib/types.js").Evidence} Evidence */
/** @typedef {import("../lib/types.js").Verdict} Verdict */

/**
 * @param {object} world
 * @param {import("../lib/core.js").Core} world.core
 * @param {import("./check.js").Frames} world.frames
 * @param {typeof fetch} world.fetch
 */
export function createChecks({ core, frames, fetch }) {
  const write = sessionWriter();
  /** @type {{ id: string, done: Promise<void> } | null} */
  let running = null;

  /** @param {string} id @param {number} [clicked] */
  async function run(id, clicked) {
    const startedAt = Date.now();
    const clickedAt = Math.min(startedAt, Math.max(startedAt - CLICK_MAX_MS, clicked ?? startedAt));
    void showBadge("checking", null);
    try {
      const { evidence, verdict } = await runCheck({
        id,
        browser: ext.browserName,
        places: endpoints(await loadCompanion()),
        core,
        frames,
        fetch,
        clickedAt,
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

  /**
   * Starts a check, or joins the one that runs.
   * @param {number} [clicked] when the user asked for it, by Date.now()
   * @returns {string} its id
   */
  function start(clicked) {
    if (!running) {
      const id = newToken();
      running = { id, done: run(id, clicked) };
      running.done.catch((error) => console.error("run check:", error));
    }
    return running.id;
  }

  return {
    start,
    /** To be called whenever the background starts: a check that is "checking" then has lost its runner. */
    resume: async () => {
      const { check } = await ext.read("session", ["check"]);
      if (/** @type {CheckState | undefined} */ (check)?.phase === "checking") start();
    },
    /** Settles when no check runs. */
    idle: async () => void (await running?.done),
  };
}
