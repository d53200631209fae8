/** Acts on the browser's WebRTC setting. Whether it worked is not asked here: it is read back. */
import * as ext from "../lib/ext.js";

/** @param {{ do: "none" | "set" | "clear", value: string }} decision */
export async function act(decision) {
  try {
    if (decision.do === "set") await ext.setPolicy(decision.value);
    if (decision.do === "clear") await ext.clearPolicy();
  } catch (error) {
    // Another extension or an administrator holds it, or the permission went away.
    console.warn("change the WebRTC setting:", error);
  }
}
