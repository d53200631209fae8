/** Private windows: whether the extension may run there, and whether the WebRTC setting is the same there. */
import * as ext from "./ext.js";

/**
 * Chromium keeps settings of their own for them, and tells these only to an extension that may run there.
 * @param {ext.Setting | null} setting of ordinary windows
 * @returns {Promise<import("./hardening.js").Private>}
 */
export async function privateState(setting) {
  const allowed = await ext.privateWindows().catch(() => null);
  const there = setting && (await ext.readPolicy({ incognito: true }));
  return { allowed, reached: there ? there.value === setting.value : null };
}
