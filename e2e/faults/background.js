/** The background dies: a service worker or event page can end at any moment. */
import { checkHeldBack, check, expect, inTime, outcome, same, until } from "../lib/suite.js";
import { look, verdictIn } from "../lib/popup.js";

/** @import { Test } from "../lib/suite.js" */

/**
 * The popup notices after some seconds (its own limit) that nobody works any more; then the check
 * takes its time, and a starting worker and a loaded machine theirs.
 */
const RESTARTED_WITHIN = 10_000;

/** @type {Test[]} */
export const background = [
  {
    name: "the background dies in mid-check: the check is made again",
    async run(world) {
      const held = await checkHeldBack(world);
      const before = await held.popup.run(look);
      same(before.check?.phase, "checking", "phase before the death");
      await world.session.stopBackground();
      const between = await held.popup.run(look);
      expect(between.check, "the state of the check was lost with the background");
      expect(between.outcome !== "clear", "the popup says clear in mid-check");
      held.release();
      const sight = await verdictIn(held.popup, { since: held.popup.clicked, patience: RESTARTED_WITHIN });
      outcome(sight, "clear");
      await held.popup.close();
    },
  },
  {
    name: "the background dies in mid-check and the server is silent after that: unknown",
    async run(world) {
      const held = await checkHeldBack(world);
      await world.session.stopBackground();
      held.silence();
      const sight = await verdictIn(held.popup, { since: held.popup.clicked, patience: RESTARTED_WITHIN });
      outcome(sight, "unknown");
      await held.popup.close();
    },
  },
  {
    name: "the background dies in mid-check with the popup closed: the next click has a verdict",
    async run(world) {
      const held = await checkHeldBack(world);
      await held.popup.close();
      await world.session.stopBackground();
      held.release();
      const { sight, clicked } = await check(world);
      outcome(sight, "clear");
      inTime(sight, clicked);
    },
  },
  {
    name: "the background dies between checks: the last result is still there, and a click starts it",
    async run(world) {
      const first = await check(world);
      await world.session.stopBackground();
      const held = await checkHeldBack(world);
      await until("the last result in the popup", async () =>
        (await held.popup.run(look)).text.includes(first.sight.headline),
      );
      held.release();
      const sight = await verdictIn(held.popup, { since: held.popup.clicked });
      outcome(sight, "clear");
      await held.popup.close();
    },
  },
];
