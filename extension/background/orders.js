/** What the user orders about hardening, in the popup or in the settings. */
import * as ext from "../lib/ext.js";

/** @typedef {ReturnType<typeof import("./harden.js").createHarden>} Harden */

/** @type {Record<string, import("./harden.js").Trigger>} */
const TRIGGERS = { seal: "seal", undo: "undo", "lease-end": "end", granted: "other" };

/**
 * @param {Harden} harden
 * @param {import("../lib/messages.js").Message} message
 * @returns {Promise<{ done: boolean }> | undefined} once it is decided and acted on; a test may still run
 */
export function obey(harden, message) {
  if (message.type === "lease") return harden.lease(message);
  if (message.type === "mode") return chooseMode(harden, message.mode);
  const trigger = TRIGGERS[message.type];
  return trigger && harden.next(trigger).then((done) => ({ done }));
}

/** @param {Harden} harden @param {import("../lib/hardening.js").Mode} mode */
async function chooseMode(harden, mode) {
  await ext.write("local", { mode });
  return { done: await harden.next("mode") };
}
