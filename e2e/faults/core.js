/** The judge is broken: another file stands in place of core.wasm. */
import crypto from "node:crypto";
import { check, expect, inTime, outcome, told } from "../lib/suite.js";

/** @import { Test } from "../lib/suite.js" */

/** The eight bytes of a valid module that has nothing in it. */
const NOTHING = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** @type {Record<string, Uint8Array | null>} */
export const BAD_CORES = {
  garbage: crypto.randomBytes(4096),
  "an empty file": new Uint8Array(),
  "an empty module": NOTHING,
  "a missing file": null,
};

/** @param {string} what @returns {Test[]} */
export const core = (what) => [
  {
    name: `core.wasm is ${what}: unknown, in time, and the popup says so`,
    async run(world) {
      const { sight, clicked } = await check(world);
      outcome(sight, "unknown");
      for (const [id, row] of Object.entries(sight.rows)) expect(row === "unknown", `row ${id} is ${row}: ${told(sight)}`);
      expect(/could not be judged/.test(sight.headline), `the headline does not say so: ${told(sight)}`);
      expect(/judges/.test(sight.text), `the popup does not say why: ${sight.text}`);
      inTime(sight, clicked);
    },
  },
];
