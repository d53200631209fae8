/**
 * Hardening as the extension keeps it and the browser reads it back; waiting until it is at rest;
 * pressing its buttons in the popup. Needs a copy of the extension that holds `privacy`.
 *
 * The functions that run inside the popup are self-contained: they travel as text.
 */
import { pause } from "./popup.js";

/** @import { Session, View } from "./types.js" */

/** Four policies, each tested three times at worst, 2.5 s a check, on a machine under load. */
const PATIENCE = 60_000;

/** As long as nothing must change before hardening counts as at rest: a check that was decided on starts within it. */
const REST = 400;

/** What a press sets off must show by then. */
const STARTS_WITHIN = 4000;

/**
 * @typedef {object} Standing
 * @property {any} hardening  what the popup shows
 * @property {any} calls
 * @property {any} seal       the core's records
 * @property {any} lease
 * @property {any} check      id, phase, startedAt and the policy that it was made under
 * @property {string} decided
 * @property {{value: string, levelOfControl: string} | null} policy
 */

/** Runs in a page of the extension. @returns {Promise<Standing>} */
export async function stand() {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  const { check, decided, hardening, calls } = await api.storage.session.get(["check", "decided", "hardening", "calls"]);
  const { seal, lease } = await api.storage.local.get(["seal", "lease"]);
  const policy = await api.privacy?.network?.webRTCIPHandlingPolicy?.get({});
  return {
    hardening: hardening ?? null,
    calls: calls ?? null,
    seal: seal ?? null,
    lease: lease ?? null,
    check: check ? { id: check.id, phase: check.phase, startedAt: check.startedAt, policy: check.evidence?.policy ?? null } : null,
    decided: decided ?? "",
    policy: policy ? { value: policy.value, levelOfControl: policy.levelOfControl } : null,
  };
}

/** Why hardening is not at rest; "" when it is. @param {Standing} now */
export function busy({ check, decided, hardening, seal, lease }) {
  if (!check) return "no check was made";
  if (check.phase !== "done") return "a check runs";
  if (decided !== check.id) return "the last check is not decided on";
  if (["working", "restoring"].includes(hardening?.state)) return `hardening is ${hardening.state} (${seal?.phase}, ${lease?.phase})`;
  return "";
}

/**
 * @param {View} view a page of the extension
 * @param {{patience?: number, seen?: (now: Standing) => void}} [options] seen: told of every look
 * @returns {Promise<Standing>}
 */
export async function atRest(view, { patience = PATIENCE, seen = () => {} } = {}) {
  const end = Date.now() + patience;
  let since = 0;
  let before = "";
  for (;;) {
    const now = await view.run(stand);
    seen(now);
    const why = busy(now);
    const same = JSON.stringify(now);
    if (why !== "" || same !== before) since = Date.now();
    if (Date.now() - since >= REST) return now;
    if (Date.now() > end) throw new Error(`hardening is not at rest after ${patience} ms: ${why}; ${same}`);
    before = same;
    await pause(80);
  }
}

/** Waits until another extension holds the setting. @param {View} view a page of ours @param {string} value */
export async function untilHeld(view, value) {
  const end = Date.now() + STARTS_WITHIN;
  for (;;) {
    const { policy } = await view.run(stand);
    if (policy?.value === value && policy.levelOfControl === "controlled_by_other_extensions") return;
    if (Date.now() > end) throw new Error(`the other extension does not hold ${value}: ${JSON.stringify(policy)}`);
    await pause(50);
  }
}

/** Runs in the popup: presses one after another, each once it is there. @param {string[]} buttons @returns {Promise<string>} why not, or "" */
export async function pressAll(buttons) {
  for (const id of buttons) {
    const end = Date.now() + 3000;
    for (;;) {
      const button = /** @type {HTMLElement | null} */ (document.querySelector(id));
      // checkVisibility sees every `hidden` above it too.
      if (button?.checkVisibility() && !(/** @type {HTMLButtonElement} */ (button).disabled)) {
        button.click();
        break;
      }
      if (Date.now() > end) return `${id} cannot be pressed`;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return "";
}

/** What each order of the user is in the popup. @type {Record<string, string[]>} */
export const PRESSES = {
  seal: ["#seal-act"],
  undo: ["#seal-undo"],
  lease: ["#lease-open", "#lease-start"],
  "lease-end": ["#lease-end"],
};

/**
 * Presses as a person does and waits until something came of it.
 * @param {View} view the popup
 * @param {string} order a key of PRESSES
 * @param {number} [minutes] for a lease; 0: until the tab closes
 */
export async function press(view, order, minutes) {
  const buttons = PRESSES[order];
  if (!buttons) throw new Error(`nothing to press for ${JSON.stringify(order)} (${Object.keys(PRESSES).join(", ")})`);
  const chosen = order === "lease" && minutes !== undefined ? [`input[name=lease-minutes][value="${minutes}"]`] : [];
  const records = async () => {
    const { hardening, seal, lease } = await view.run(stand);
    return JSON.stringify({ hardening, seal, lease });
  };
  const before = await records();
  const obstacle = await view.run(pressAll, buttons.toSpliced(1, 0, ...chosen));
  if (obstacle) throw new Error(obstacle);
  const end = Date.now() + STARTS_WITHIN;
  while ((await records()) === before && Date.now() < end) await pause(20);
}

/** Runs in the background: counts from now on how often the extension changes the setting. */
export function countChanges() {
  // In Firefox this runs in a sandbox of its own each time; only the window stays.
  const scope = /** @type {any} */ (globalThis["window"] ?? globalThis);
  const setting = (scope["browser"] ?? scope["chrome"]).privacy.network.webRTCIPHandlingPolicy;
  if (scope["watertightChanges"] !== undefined) return true;
  scope["watertightChanges"] = 0;
  for (const name of ["set", "clear"]) {
    const act = setting[name].bind(setting);
    setting[name] = (/** @type {any[]} */ ...args) => {
      scope["watertightChanges"]++;
      return act(...args);
    };
  }
  return true;
}

/** Once the background is there. @param {Session} session */
export async function count(session) {
  const end = Date.now() + STARTS_WITHIN;
  while (!(await session.askBackground(countChanges))) {
    if (Date.now() > end) throw new Error("the background does not start");
    await pause(50);
  }
}

/** @param {Session} session @returns {Promise<number>} -1: not known, the background was started anew since */
export async function changes(session) {
  return (await session.askBackground(() => /** @type {any} */ (globalThis["window"] ?? globalThis)["watertightChanges"] ?? -1)) ?? -1;
}
