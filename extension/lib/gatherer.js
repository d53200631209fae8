/**
 * The content script that gathers is in the manifest for the built-in
 * companion; for another one it is registered here, at run time.
 */
import * as ext from "./ext.js";
import { framePatterns, isDefault, loadCompanion } from "./config.js";

const NAME = "gather";
const FILE = "gather/content.js";

export async function syncGatherScript() {
  const companion = await loadCompanion();
  await ext.setContentScript(NAME, FILE, isDefault(companion) ? [] : framePatterns(companion));
}
