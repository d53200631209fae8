/**
 * Runs fault tests one after another against one browser, a line for each.
 */
import { explain } from "./protocol.js";
import { look, pause, report, verdictIn } from "./popup.js";
import { passOn } from "./hostile.js";
import { silence } from "./traps.js";

/** @import { Check, Session } from "./types.js" */
/** @import { Hostile } from "./hostile.js" */
/** @import { Sight } from "./popup.js" */

/**
 * @typedef {object} World
 * @property {Session} session
 * @property {Hostile} api
 * @property {ReturnType<import("./companion.js").companion>} server
 *
 * @typedef {{name: string, run: (world: World) => Promise<void>}} Test
 */

/** The extension's own deadline, and what a machine with two busy cores may add. */
export const DEADLINE = 2500;
export const MARGIN = 1000;

/** @param {unknown} truth @param {string} claim */
export function expect(truth, claim) {
  if (!truth) throw new Error(claim);
}

/** @param {unknown} actual @param {unknown} expected @param {string} what */
export function same(actual, expected, what) {
  expect(actual === expected, `${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

/** Everything that is said about a verdict in a failed test. @param {Sight} sight */
export function told(sight) {
  const unknowns = /** @type {any} */ (sight.check?.verdict)?.unknowns ?? [];
  const reasons = unknowns.map((/** @type {any} */ one) => one.reason.id).join(" ");
  return `${sight.outcome} ${JSON.stringify(sight.rows)} “${sight.headline}” [${sight.findings.map((f) => f.id)}] ${reasons}`;
}

/** @param {Sight} sight @param {string} outcome */
export const outcome = (sight, outcome) => expect(sight.outcome === outcome, `expected ${outcome}: ${told(sight)}`);

/** @param {Sight} sight @param {string} row @param {string} outcome */
export const row = (sight, row, outcome) =>
  expect(sight.rows[row] === outcome, `expected row ${row} to be ${outcome}: ${told(sight)}`);

/** @param {Sight} sight @param {number} since */
export function inTime(sight, since) {
  const ms = report(sight, since).ms.verdict ?? Infinity;
  expect(ms <= DEADLINE + MARGIN, `the verdict came after ${ms} ms, not within ${DEADLINE} + ${MARGIN}`);
}

/** One click, one verdict. @param {World} world */
export async function check({ session }) {
  const popup = await session.click();
  try {
    return { sight: await verdictIn(popup, { since: popup.clicked }), clicked: popup.clicked };
  } finally {
    await popup.close();
  }
}

/**
 * A check that cannot end before `release`: the exits are not told. Resolves once it is under way.
 * @param {World} world
 */
export async function checkHeldBack({ session, api }) {
  /** @type {(() => void)[]} */
  const waiting = [];
  api.trap("/v1/exit", (request, response) => void waiting.push(() => passOn(request, response)));
  const popup = await session.click();
  await until("the check to ask for the exits", () => waiting.length > 0);
  // It asks before its state is stored: until then the state is the one of the check before.
  await until("the state of the check", async () => {
    const { check } = await popup.run(look);
    return check?.phase === "checking" && check.startedAt >= popup.clicked;
  });
  return {
    popup,
    release() {
      api.clear();
      for (const answer of waiting.splice(0)) answer();
    },
    /** The held requests, and all to come, stay without an answer. */
    silence: () => api.trap("/v1/exit", silence),
  };
}

/**
 * The check as the extension keeps it, read without a popup; null while the background sleeps.
 * @param {World} world
 * @returns {Promise<Check | null>}
 */
export function stored({ session }) {
  return session.askBackground(async () => {
    const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
    return (await api.storage.session.get("check")).check ?? null;
  });
}

/** @param {string} what @param {() => unknown} condition @param {number} [patience] */
export async function until(what, condition, patience = 5000) {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${patience} ms for ${what}`);
    await pause(20);
  }
}

/**
 * @param {Test[]} tests
 * @param {World} world
 * @param {{passed: number, failed: number}} score
 */
export async function runTests(tests, world, score) {
  for (const { name, run } of tests) {
    // A check that an earlier test set off would be joined by this one's click.
    await until("earlier checks to end", async () => (await stored(world))?.phase !== "checking").catch(() => {});
    const began = Date.now();
    world.api.clear();
    try {
      await run(world);
      score.passed++;
      console.log(`ok      ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      score.failed++;
      console.log(`FAILED  ${name} (${Date.now() - began} ms)\n        ${explain(error)}`);
      await world.session.closePopup().catch(() => {});
    }
  }
}
