/** "This is my real connection": the core makes a record of the last check, or says why it cannot. */
import * as ext from "../lib/ext.js";
import { CoreError } from "../lib/core.js";
import { addHome, validHome } from "../lib/baseline.js";

/** @typedef {import("../lib/types.js").Text} Text */

/**
 * @typedef {{ done: true } | { warning: Text } | { refused: Text }} Recorded
 * A warning is something to ask the user about before recording all the same.
 */

/** @param {string} id @returns {Recorded} */
const refuse = (id) => ({ refused: { id, args: [] } });

/**
 * @param {import("../lib/core.js").Core} core
 * @param {{ name: string, sure: boolean, check: string }} wish check: the one that the user was shown
 * @returns {Promise<Recorded>}
 */
export async function record(core, { name, sure, check: shown }) {
  const { check } = await ext.read("session", ["check"]);
  const state = /** @type {import("../lib/types.js").CheckState | undefined} */ (check);
  if (state?.phase !== "done") return refuse("ui_record_no_check");
  // Somebody else's, perhaps with the VPN on again: not what the user agreed to.
  if (state.id !== shown) return refuse("ui_record_other");
  let made;
  try {
    made = await core.record(state.evidence, name);
  } catch (error) {
    if (error instanceof CoreError && error.text) return { refused: error.text };
    return refuse("ui_core_confused");
  }
  if (made.warning && !sure) return { warning: made.warning };
  const home = validHome(made.home);
  if (!home) return refuse("ui_core_confused");
  await addHome(home);
  return { done: true };
}
