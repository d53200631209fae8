/** The popup closes: a click anywhere else does that. */
import { check, checkHeldBack, expect, outcome, same, stored, until } from "../lib/suite.js";
import { look, verdictIn } from "../lib/popup.js";

/** @import { Test } from "../lib/suite.js" */

/** @type {Test[]} */
export const popup = [
  {
    name: "the popup closes in mid-check: the check goes on to its verdict without it",
    async run(world) {
      const held = await checkHeldBack(world);
      const id = (await held.popup.run(look)).check?.id;
      await held.popup.close();
      same((await stored(world))?.phase, "checking", "phase after the popup closed");
      held.release();
      await until("the verdict", async () => (await stored(world))?.phase === "done");
      const done = await stored(world);
      same(done?.id, id, "id of the check that ended");
      same(done?.verdict?.outcome, "clear", "its outcome");
      expect(done?.verdict?.final, "its verdict is not final");
    },
  },
  {
    name: "the popup closes and opens in mid-check: the same check runs on to its verdict",
    async run(world) {
      const held = await checkHeldBack(world);
      const first = (await held.popup.run(look)).check;
      await held.popup.close();
      const again = await world.session.click();
      // The check is held back, so there is nothing else that the popup could rightly show.
      await until("the check in the popup opened again", async () => (await again.run(look)).phase === "checking");
      same((await again.run(look)).check?.id, first?.id, "id of the check that runs");
      held.release();
      const sight = await verdictIn(again, { since: first?.startedAt ?? 0 });
      outcome(sight, "clear");
      same(sight.check?.id, first?.id, "id of the check that ended");
      await again.close();
    },
  },
  {
    name: "the popup opens after the check ended without it: the result is named, a new check runs",
    async run(world) {
      const held = await checkHeldBack(world);
      await held.popup.close();
      held.release();
      await until("the verdict", async () => (await stored(world))?.phase === "done");
      const { sight } = await check(world);
      outcome(sight, "clear");
    },
  },
];
