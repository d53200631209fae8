/**
 * The life of checks: one at a time, its state in storage.session for whoever
 * shows it, and started again when the service worker died in the middle.
 */
import * as ext from "../lib/ext.js";
import { loadHomes } from "../lib/baseline.js";
import { endpoints, loadCompanion, mayEnter } from "../lib/config.js";
import { isHint, newToken } from "../lib/token.js";
import { showBadge, showBadgeChecking } from "./badge.js";
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
/** @typedef {import("../lib/types.js").Memory} Memory */
/** @typedef {import("../lib/config.js").Companion} Companion */
/** @typedef {{ deep: boolean, clicked: number }} Wish what the user asked for, and when by Date.now() */

/** An evening's worth of checks; more would only make the core compare more. */
const HISTORY_MAX = 8;

/** Checks in a row because the setting changed meanwhile; somebody else may change it all the time. */
const STALE_MAX = 3;

/** Which companion `servers` and `hint` are of: another is not to hear of them, nor the former of this check. @param {Companion} companion */
const nameOf = ({ api, zone }) => `${api} ${zone}`;

/** What earlier checks of this session left. @param {Companion} companion @returns {Promise<{ history: Memory[], servers: string[], hint: string }>} */
async function loadPast(companion) {
  const { history, servers, hint, of } = await ext.read("session", ["history", "servers", "hint", "of"]);
  const same = of === nameOf(companion);
  return {
    history: Array.isArray(history) ? history.slice(-HISTORY_MAX) : [],
    servers: same && Array.isArray(servers) ? servers : [],
    hint: same && isHint(hint) ? hint : "",
  };
}

/** @typedef {import("../lib/ext.js").Setting | null} Setting */

/** @param {Setting} before */
const changedSince = async (before) => (await ext.readPolicy())?.value !== before?.value;

/**
 * @param {object} world
 * @param {import("../lib/core.js").Core} world.core
 * @param {import("./check.js").Frames} world.frames
 * @param {typeof fetch} world.fetch
 * @param {(check: CheckState) => void} [world.finished] a check has ended, and another may begin
 */
export function createChecks({ core, frames, fetch, finished = () => {} }) {
  const write = sessionWriter();
  /** @type {{ id: string, done: Promise<CheckState> } | null} */
  let running = null;
  let stale = 0;

  /** @param {string} id @param {Wish} wish @returns {Promise<CheckState>} */
  async function run(id, { deep, clicked }) {
    const startedAt = Date.now();
    const clickedAt = Math.min(startedAt, Math.max(startedAt - CLICK_MAX_MS, clicked));
    try {
      const [companion, homes, policy, os] = await Promise.all([loadCompanion(), loadHomes(), ext.readPolicy(), ext.platform()]);
      const [{ history, servers, hint }, allowed] = await Promise.all([loadPast(companion), mayEnter(companion)]);
      const checking = runCheck({
        id,
        browser: ext.browserName,
        places: endpoints(companion),
        core,
        frames,
        fetch,
        resolve: ext.resolveName,
        clickedAt,
        deep,
        baseline: homes.length > 0 ? { networks: homes } : null,
        history,
        servers,
        hint,
        forbidden: !allowed,
        policy,
        os,
        publish: (evidence, verdict) =>
          void write({ check: { id, startedAt, phase: "checking", evidence: structuredClone(evidence), verdict } }),
      });
      void showBadgeChecking(); // after all that somebody waits for has been asked
      const { evidence, verdict, servers: asked, hint: said } = await checking;
      const finishedAt = Date.now();
      const check = { id, startedAt, finishedAt, phase: /** @type {const} */ ("done"), evidence, verdict };
      const memories = verdict.memory ? [...history, verdict.memory].slice(-HISTORY_MAX) : history;
      await write({ check, last: { finishedAt, verdict, policy }, history: memories, servers: asked, hint: said, of: nameOf(companion) });
      await showBadge(verdict, finishedAt);
      stale = (await changedSince(policy)) ? stale + 1 : 0;
      return check;
    } finally {
      running = null;
    }
  }

  /** What was tested under another setting than holds now says nothing of now. @param {CheckState} check */
  function over(check) {
    finished(check);
    if (stale > 0 && stale < STALE_MAX) start();
  }

  /**
   * Starts a check, or joins the one that runs.
   * @param {Wish} [wish]
   * @returns {string} its id
   */
  function start(wish = { deep: false, clicked: Date.now() }) {
    if (!running) {
      const id = newToken();
      running = { id, done: run(id, wish) };
      running.done.then(over).catch((error) => console.error("run check:", error));
    }
    return running.id;
  }

  return {
    start,
    /**
     * To be called whenever the background starts: a check that is "checking" then has lost its runner.
     * A deep test goes on as an ordinary one: nobody asked for failing names twice.
     */
    resume: async () => {
      const { check } = await ext.read("session", ["check"]);
      if (/** @type {CheckState | undefined} */ (check)?.phase === "checking") start();
    },
    /** Settles when no check runs. */
    idle: async () => void (await running?.done),
  };
}
