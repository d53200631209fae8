/**
 * Hardening, acted out: tells the core how things stand, stores what it
 * decides, and only then does it. One decision at a time. A background that
 * dies at any step finds the stored record when it starts again, and the core
 * goes on from there.
 */
import * as ext from "../lib/ext.js";
import { modeOf } from "../lib/hardening.js";
import { newToken } from "../lib/token.js";
import { shows } from "./lease.js";
import { act } from "./policy.js";
import { tell } from "./tell.js";

/** @typedef {import("../lib/hardening.js").Decision} Decision */
/** @typedef {import("../lib/hardening.js").Lease} Lease */
/** @typedef {import("../lib/hardening.js").Wish} Wish */
/** @typedef {import("../lib/types.js").LastCheck} LastCheck */
/** @typedef {"check" | "start" | "seal" | "undo" | "mode" | "lease" | "end" | "tab" | "alarm" | "other"} Trigger */

export const ALARM = "harden";

/** Set, compare, step back, compare: a decision needs no more changes in a row. A core that wants more is broken. */
const STEPS_MAX = 8;

/** Checks in a row that nobody asked for: four policies, each tested three times, and the way back. */
const TESTS_MAX = 16;

/** After a failure: a machine that was too busy for the core. Browsers hold alarms back to half a minute anyway. */
const AGAIN_MS = 30_000;

/** @param {unknown[]} stored @param {unknown[]} decided */
const differ = (stored, decided) => JSON.stringify(stored.map((one) => one ?? null)) !== JSON.stringify(decided);

/**
 * @param {object} world
 * @param {Pick<import("../lib/core.js").Core, "harden" | "calls">} world.core
 * @param {() => void} world.test starts a check
 * @param {(wanted: boolean) => void} world.watchTabs
 */
export function createHarden({ core, test, watchTabs }) {
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();
  let tests = 0;
  /** @type {Promise<string> | null} */
  let run = null;

  /** Names this run of the browser: storage.session ends with it. */
  const session = () =>
    (run ??= ext.read("session", ["session"]).then(async ({ session }) => {
      if (typeof session === "string") return session;
      const made = newToken();
      await ext.write("session", { session: made });
      return made;
    }));

  /** @param {Trigger} trigger @param {{ wish?: Wish, tab?: number }} [more] @returns {Promise<Decision>} */
  async function decide(trigger, { wish, tab } = {}) {
    const [id, local, { last }, setting] = await Promise.all([
      session(),
      ext.read("local", ["mode", "seal", "lease"]),
      ext.read("session", ["last"]),
      ext.readPolicy(),
    ]);
    const checked = /** @type {LastCheck | undefined} */ (last);
    const decision = await core.harden({
      version: 1,
      browser: ext.browserName,
      trigger,
      now: Date.now(),
      session: id,
      mode: modeOf(local.mode),
      setting,
      verdict: checked?.verdict ?? null,
      tested: checked?.policy ?? null,
      seal: local.seal ?? null,
      lease: local.lease ?? null,
      wish: wish ?? null,
      tab: tab ?? 0,
    });
    // Before anything is done: whoever comes after us must know what we were about to do.
    const { seal, lease } = decision;
    if (differ([local.seal, local.lease], [seal, lease])) await ext.write("local", { seal, lease });
    watchTabs(Boolean(lease));
    await ext.setAlarm(ALARM, decision.alarm).catch((error) => console.error("set alarm:", error));
    await tell(decision, setting, checked).catch((error) => console.error("tell of hardening:", error));
    return decision;
  }

  /** @param {Trigger} trigger @param {{ wish?: Wish, tab?: number }} more */
  async function follow(trigger, more) {
    let decision = await decide(trigger, more);
    for (let step = 0; decision.do !== "none" && step < STEPS_MAX; step++) {
      await act(decision);
      decision = await decide("start");
    }
    if (!decision.test) tests = 0;
    else if (trigger === "check") tests++; // whatever else asks for one joins the one that runs
    if (decision.test && tests <= TESTS_MAX) test();
  }

  /** @param {Trigger} trigger @param {{ wish?: Wish, tab?: number }} [more] @returns {Promise<boolean>} whether it could be decided and done */
  function next(trigger, more = {}) {
    const done = queue.then(() => follow(trigger, more)).then(
      () => true,
      async (error) => {
        console.error(`harden (${trigger}):`, error);
        // Its alarm is spent, and nothing else may ever come: calls would stay allowed.
        if (await leaseNow().catch(() => null)) await ext.setAlarm(ALARM, Date.now() + AGAIN_MS).catch(() => {});
        return false;
      },
    );
    queue = done;
    return done;
  }

  const leaseNow = async () => /** @type {Lease | null} */ ((await ext.read("local", ["lease"])).lease ?? null);

  /** Something happened to a tab: does a lease depend on it, and has the tab left its site? @param {number} tab */
  async function tabChanged(tab) {
    const lease = await leaseNow();
    if (!lease) return watchTabs(false);
    if (lease.tab !== tab || lease.session !== (await session())) return;
    if (!(await shows(tab, lease.site))) await next("tab", { tab });
  }

  return {
    next,
    /** After a check: what it says of calls, and what is to be done. @param {import("../lib/types.js").CheckState} check */
    checked: async ({ id, evidence }) => {
      const calls = await core.calls(evidence).catch(() => null);
      await ext.write("session", { calls }).catch((error) => console.error("tell of calls:", error));
      await next("check");
      await ext.write("session", { decided: id });
    },
    tabChanged,
    /** @param {Wish} wish @returns {Promise<{ done: boolean, left: boolean }>} left: the tab shows another site; or nothing could be decided */
    lease: async (wish) => {
      // The address may have changed since the popup read it.
      if (!(await shows(wish.tab, wish.site))) return { done: false, left: true };
      return { done: await next("lease", { wish }), left: false };
    },
    /** The background has started. What happened to a tab while it was away is found now. */
    start: async () => {
      await next("start");
      const lease = await leaseNow();
      if (lease) await tabChanged(lease.tab);
    },
  };
}
