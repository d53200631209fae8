/** Private windows: whether the extension may run there, and whether the WebRTC setting is the same there. */
import * as ext from "./ext.js";

/**
 * Firefox has one setting for all windows. Chromium keeps another for private ones and tells it only to an
 * extension that may run there; what one sets that may not does not reach them (measured: Chromium 156, a page
 * in a private window gathered as under `default` while ordinary windows had `disable_non_proxied_udp`).
 * @param {ext.Setting | null} setting of ordinary windows
 * @returns {Promise<import("./hardening.js").Private>}
 */
export async function privateState(setting) {
  const allowed = await ext.privateWindows().catch(() => null);
  const ours = setting?.levelOfControl === "controlled_by_this_extension";
  if (ext.browserName === "chromium" && allowed === false && ours) return { allowed, reached: false };
  const there = setting && (await ext.readPolicy({ incognito: true }));
  return { allowed, reached: there ? there.value === setting.value : null };
}
