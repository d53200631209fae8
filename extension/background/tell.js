/** Tells the popup and the toolbar what was decided about WebRTC. */
import * as ext from "../lib/ext.js";
import { privateState } from "../lib/private.js";
import { showBadge, showBadgeFailed, showBadgeLease, showBadgeNone } from "./badge.js";
import { exposedTabs } from "./lease.js";

/** @typedef {import("../lib/hardening.js").Decision} Decision */
/** @typedef {import("../lib/hardening.js").Hardening} Hardening */
/** @typedef {import("../lib/types.js").LastCheck} LastCheck */

/**
 * @param {Decision} decision
 * @param {ext.Setting | null} setting
 * @param {LastCheck | undefined} last
 */
export async function tell({ view, seal, lease }, setting, last) {
  const open = view.state === "lease" ? lease : null;
  const [exposed, apart, { hardening: before }] = await Promise.all([
    open ? exposedTabs(open).catch(() => null) : null,
    view.state === "none" ? null : privateState(setting),
    ext.read("session", ["hardening"]),
  ]);
  /** @type {Hardening} */
  const hardening = {
    ...view,
    phase: seal?.phase ?? "",
    lease: open,
    others: exposed?.names ?? [],
    exposed,
    private: apart,
  };
  // What the last check said of calls holds under the setting of that time only.
  const stale = last?.policy && last.policy.value !== setting?.value;
  await ext.write("session", stale ? { hardening, calls: null } : { hardening });
  await badge(hardening, /** @type {Hardening | undefined} */ (before)?.state ?? "", last);
}

/** @param {Hardening} now @param {string} was the state before @param {LastCheck | undefined} last */
async function badge({ state, title, lease }, was, last) {
  if (lease) await showBadgeLease(lease);
  else if (state === "restore-failed") await showBadgeFailed(title);
  else if (was === "lease" || was === "restore-failed") await (last ? showBadge(last.verdict, last.finishedAt) : showBadgeNone());
}
