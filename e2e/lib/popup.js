/**
 * Reading the popup, by its contract: `data-phase`, `data-outcome`, `#headline`, `[data-row]`,
 * `[data-finding]`, the two marks, and `check` in storage.session.
 *
 * The functions that run inside the popup are self-contained: they travel as text.
 */

/** @import { Check, View } from "./types.js" */

/** A verdict is due after 2.5 s (the extension's own deadline); a loaded two-core machine may take several times that. */
export const PATIENCE = 15_000;

/** Between two looks: often enough for a person, rare enough not to slow down what is measured (marks measure). */
const LOOK_EVERY = 60;

/**
 * @typedef {object} Sight  what a person sees, and what the extension keeps
 * @property {string} phase
 * @property {string} outcome
 * @property {string} headline
 * @property {Record<string, string>} rows
 * @property {{id: string, certainty: string, text: string}[]} findings
 * @property {string} text            everything that is written in the popup
 * @property {number} elements        a count of elements, to notice markup that came from outside
 * @property {number | null} painted  milliseconds since the epoch
 * @property {number} opened         when the browser began to load the popup
 * @property {number | null} rowed
 * @property {number | null} judged
 * @property {Check | null} check
 */

/** Runs in the popup. @returns {Promise<Sight>} */
export async function look() {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  const { check } = await api.storage.session.get("check");
  const root = document.documentElement;
  /** @param {string | undefined} name @param {string} type */
  const entry = (name, type) => {
    const found = performance.getEntriesByType(type).filter((e) => e.name === name).at(-1);
    return found ? performance.timeOrigin + found.startTime : null;
  };
  /** @type {Record<string, string>} */
  const rows = {};
  for (const row of document.querySelectorAll("[data-row]")) {
    if (row instanceof HTMLElement) rows[row.dataset.row ?? ""] = row.dataset.outcome ?? "";
  }
  return {
    phase: root.dataset.phase ?? "",
    outcome: root.dataset.outcome ?? "",
    headline: document.querySelector("#headline")?.textContent?.trim() ?? "",
    rows,
    findings: [...document.querySelectorAll("[data-finding]")].map((node) => ({
      id: node.getAttribute("data-finding") ?? "",
      certainty: node.getAttribute("data-certainty") ?? "",
      text: node.textContent?.replace(/\s+/g, " ").trim() ?? "",
    })),
    text: document.body.textContent?.replace(/\s+/g, " ").trim() ?? "",
    elements: document.querySelectorAll("body *").length,
    painted: entry("first-contentful-paint", "paint"),
    opened: performance.timeOrigin,
    rowed: entry("watertight:first-row", "mark"),
    judged: entry("watertight:verdict", "mark"),
    check: check ?? null,
  };
}

/** Runs in the popup: opens everything that is folded. */
export function unfold() {
  for (const node of document.querySelectorAll("details")) node.open = true;
}

/**
 * Runs in the view: lets a change of style come to rest, then gives the size of what is in
 * the document. The root may be larger: it fills the window, and Chromium's popup, once it has grown,
 * keeps room for a scroll bar.
 * @returns {Promise<{width: number, height: number}>}
 */
export async function settled() {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await document.fonts.ready;
  await frame();
  for (const animation of document.getAnimations()) {
    // One that never ends cannot be finished.
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
  }
  await frame();
  const { right, bottom } = document.body.getBoundingClientRect();
  const { marginRight, marginBottom } = getComputedStyle(document.body);
  return {
    width: Math.ceil(right + parseFloat(marginRight)),
    height: Math.ceil(bottom + scrollY + parseFloat(marginBottom)),
  };
}

/** @param {number} ms @returns {Promise<void>} */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Why this is not yet the final verdict of a check begun at `since`; "" when it is.
 * The popup may show the verdict of an earlier check while the new one starts: the check's own
 * start and the time of the mark tell them apart.
 * @param {Sight} sight
 * @param {number} since
 */
export function unfinished(sight, since) {
  const { check } = sight;
  if (!check) return "no check in storage.session";
  if (check.startedAt < since) return "only an earlier check in storage.session";
  if (check.phase !== "done" || !check.verdict?.final) return `the check is in phase "${check.phase}", no final verdict`;
  if (sight.phase !== "done") return `the verdict is in storage but the popup is in phase "${sight.phase}"`;
  if (sight.outcome !== check.verdict.outcome) {
    return `the popup says "${sight.outcome}" but the verdict is "${check.verdict.outcome}"`;
  }
  if (sight.judged === null || sight.judged < check.startedAt) return "no mark watertight:verdict for this check";
  return "";
}

/**
 * Waits until the popup shows the final verdict of a check that began after `since`.
 * @param {View} view
 * @param {{since: number, patience?: number}} options
 * @returns {Promise<Sight>}
 */
export async function verdictIn(view, { since, patience = PATIENCE }) {
  const end = Date.now() + patience;
  for (;;) {
    const sight = await view.run(look);
    const reason = unfinished(sight, since);
    if (reason === "") return sight;
    if (Date.now() > end) {
      throw new Error(`no verdict after ${patience} ms: ${reason}; phase "${sight.phase}", outcome "${sight.outcome}", headline "${sight.headline}"`);
    }
    await pause(LOOK_EVERY);
  }
}

/**
 * The reply to `check`, as the lab wants it.
 * @param {Sight} sight
 * @param {number} clicked
 */
export function report(sight, clicked) {
  const since = (/** @type {number | null} */ at) => (at === null ? null : Math.round(at - clicked));
  return {
    outcome: sight.outcome,
    findings: sight.findings.map((finding) => finding.id),
    headline: sight.headline,
    rows: sight.rows,
    shown: sight.findings,
    verdict: sight.check?.verdict ?? null,
    evidence: sight.check?.evidence ?? null,
    ms: { opened: since(sight.opened), first_paint: since(sight.painted), first_row: since(sight.rowed), verdict: since(sight.judged) },
  };
}
