/** The companion stops, hangs, and comes back. */
import { check, checkHeldBack, expect, inTime, outcome, told } from "../lib/suite.js";
import { hangUp, silence } from "../lib/traps.js";
import { verdictIn } from "../lib/popup.js";

/** @import { Test, World } from "../lib/suite.js" */
/** @import { Sight } from "../lib/popup.js" */

/** @param {World} world */
async function down({ api, server }) {
  await Promise.all([api.shut(), server.stop()]);
}

/** @param {World} world */
async function up({ api, server }) {
  await server.start();
  await api.open();
}

/** What a person must be told. @param {Sight} sight */
function saysSo(sight) {
  expect(/test server .*did not answer/i.test(sight.text), `the popup does not say that the server did not answer: ${told(sight)}`);
  expect(sight.headline !== "", "the popup has no headline");
  expect(!/no leak/i.test(sight.headline), `the headline comforts: “${sight.headline}”`);
}

/** @type {Test[]} */
export const companionFaults = [
  {
    name: "the companion is down: unknown, in time, and the popup says so",
    async run(world) {
      await down(world);
      try {
        const { sight, clicked } = await check(world);
        outcome(sight, "unknown");
        for (const [id, row] of Object.entries(sight.rows)) expect(row === "unknown", `row ${id} is ${row}: ${told(sight)}`);
        saysSo(sight);
        expect(/test server did not answer/i.test(sight.headline), `the sentence does not say so: “${sight.headline}”`);
        inTime(sight, clicked);
      } finally {
        await up(world);
      }
    },
  },
  {
    name: "the companion comes back: the next check is clear",
    async run(world) {
      outcome((await check(world)).sight, "clear");
    },
  },
  {
    name: "the companion stops in mid-check: unknown, in time",
    async run(world) {
      const held = await checkHeldBack(world);
      await down(world);
      try {
        const sight = await verdictIn(held.popup, { since: held.popup.clicked });
        outcome(sight, "unknown");
        saysSo(sight);
        inTime(sight, held.popup.clicked);
        await held.popup.close();
      } finally {
        await up(world);
      }
    },
  },
  {
    name: "the companion takes connections and stays silent: unknown, in time",
    async run(world) {
      world.server.freeze();
      world.api.trap("/", silence);
      try {
        const { sight, clicked } = await check(world);
        outcome(sight, "unknown");
        saysSo(sight);
        inTime(sight, clicked);
      } finally {
        world.server.thaw();
      }
    },
  },
  {
    name: "the frame for WebRTC cannot be loaded: row unknown",
    async run(world) {
      await world.session.forgetPages();
      world.api.trap("/v1/frame", hangUp);
      const { sight, clicked } = await check(world);
      outcome(sight, "unknown");
      expect(sight.rows.webrtc === "unknown" && sight.rows.exit === "clear", told(sight));
      inTime(sight, clicked);
    },
  },
  {
    name: "the frame for WebRTC never loads: row unknown, in time",
    async run(world) {
      await world.session.forgetPages();
      world.api.trap("/v1/frame", silence);
      const { sight, clicked } = await check(world);
      outcome(sight, "unknown");
      expect(sight.rows.webrtc === "unknown" && sight.rows.exit === "clear", told(sight));
      inTime(sight, clicked);
    },
  },
];
