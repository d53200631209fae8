/**
 * A background that dies at a chosen moment: it goes on until it has stored so many of hardening's
 * records or changed the setting so often, and then does nothing more, until it is killed for good.
 *
 * The functions travel as text.
 */
import { pause } from "./popup.js";

/** @import { Session } from "./types.js" */

/** A whole story takes a few checks. */
const PATIENCE = 60_000;

/** Runs in the background. @param {number} steps that it may still take */
export function arm(steps) {
  const scope = /** @type {any} */ (globalThis["window"] ?? globalThis);
  const api = scope["browser"] ?? scope["chrome"];
  scope["deathAt"] = steps;
  scope["diedAfter"] = "";
  if (scope["mortal"]) return true;
  scope["mortal"] = true;
  const never = () => new Promise(() => {});
  /** @param {any} object @param {string} name @param {(args: any[]) => string} what "": no step */
  const wrap = (object, name, what) => {
    const act = object[name].bind(object);
    object[name] = async (/** @type {any[]} */ ...args) => {
      if (scope["diedAfter"]) return never();
      const step = what(args);
      try {
        return await act(...args);
      } finally {
        if (step && scope["deathAt"]-- === 0) scope["diedAfter"] = step;
        if (scope["diedAfter"]) await never();
      }
    };
  };
  wrap(api.storage.local, "set", ([items]) =>
    "seal" in items || "lease" in items ? `stored ${items.seal?.phase ?? "none"}/${items.lease?.phase ?? "none"} ${items.seal?.want ?? ""}` : "",
  );
  const setting = api.privacy.network.webRTCIPHandlingPolicy;
  wrap(setting, "set", ([{ value }]) => `set ${value}`);
  wrap(setting, "clear", () => "cleared");
  wrap(api.storage.session, "set", () => "");
  return true;
}

/** Runs in the background. @returns {string} after which step it died, or "" */
export const diedAfter = () => /** @type {any} */ (globalThis["window"] ?? globalThis)["diedAfter"] ?? "";

/** Runs in the background: it lives on. */
export const spare = () => {
  /** @type {any} */ (globalThis["window"] ?? globalThis)["deathAt"] = Infinity;
  return true;
};

/**
 * Waits for the death. @param {Session} session
 * @param {() => Promise<boolean>} over whether all is done without it
 * @returns {Promise<string>} after which step, or ""
 */
export async function death(session, over) {
  for (const end = Date.now() + PATIENCE; ; ) {
    if (Date.now() > end) throw new Error("neither death nor rest");
    const step = (await session.askBackground(diedAfter)) ?? "";
    if (step || (await over())) return step;
    await pause(60);
  }
}
