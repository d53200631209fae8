/** Draws the state of a check into the popup. Shows what the core decided; decides nothing. */
import { clock } from "../lib/clock.js";
import { find, setAttribute, setText } from "../lib/dom.js";
import { locale, render, say } from "../lib/i18n.js";
import { allowDeep } from "./deep.js";
import { showPath } from "./path.js";
import { prepareRow, showRow } from "./row.js";

/** @typedef {import("../lib/types.js").CheckState} CheckState */
/** @typedef {import("../lib/types.js").LastCheck} LastCheck */
/** @typedef {import("../lib/types.js").Verdict} Verdict */
/** @typedef {import("../lib/types.js").RowId} RowId */

const OUTCOMES = ["leak", "clear", "unknown"];

/** @type {HTMLElement[]} */
let rows = [];

export function prepare() {
  rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-row]")]);
  rows.forEach(prepareRow);
}

/** @param {string} phase @param {string} outcome @param {string} headline @param {string} detail */
function hero(phase, outcome, headline, detail) {
  const root = document.documentElement;
  setAttribute(root, "data-phase", phase);
  setAttribute(root, "data-outcome", outcome);
  setAttribute(find(document, "#glyph"), "href", `#icon-${OUTCOMES.includes(outcome) ? outcome : "pending"}`);
  setText(find(document, "#headline"), headline);
  setText(find(document, "#detail"), detail);
  /** @type {HTMLButtonElement} */ (find(document, "#again")).disabled = phase === "checking";
}

/** @param {Verdict | null} verdict @param {boolean} final @param {Verdict | null} before */
function showRows(verdict, final, before) {
  for (const node of rows) {
    const id = /** @type {RowId} */ (node.dataset.row);
    const row = verdict?.rows.find((one) => one.id === id);
    const outcome = row?.outcome ?? (final ? "unknown" : "pending");
    const earlier = before?.rows.find((one) => one.id === id);
    let headline = render(row?.headline);
    if (outcome === "pending") {
      headline = earlier ? say("ui_before", render(earlier.headline)) : say(`ui_pending_${id}`);
    }
    showRow(node, {
      outcome,
      headline,
      findings: (verdict?.findings ?? []).filter((finding) => finding.row === id),
      // While a row is being tested, what is not known yet goes without saying.
      reasons: outcome === "unknown" && final ? reasonsOf(verdict, id) : [],
      facts: row?.facts ?? [],
    });
  }
}

/** @param {Verdict | null} verdict @param {RowId} id */
const reasonsOf = (verdict, id) => (verdict?.unknowns ?? []).filter((one) => one.row === id).map((one) => one.reason);

/**
 * A check that runs. A leak that is proven already is said at once; anything
 * better waits for the end.
 * @param {Verdict | null} verdict
 * @param {LastCheck | null} last
 * @param {boolean} [deep]
 * @param {string} [again] why it is tested once more
 */
export function showChecking(verdict, last, deep = false, again = "") {
  const leak = verdict?.outcome === "leak";
  const headline = leak ? render(verdict.headline) : again || say("ui_headline_checking");
  const before = last ? say("ui_last_result", clock(last.finishedAt), render(last.verdict.headline)) : say("ui_first_run");
  const detail = leak ? say("ui_still_checking") : again ? "" : before;
  hero("checking", leak ? "leak" : "", headline, deep ? say("ui_deep_running") : detail);
  setText(find(document, "#time"), "");
  showPath(verdict?.path, false);
  allowDeep(false);
  showRows(verdict, false, last?.verdict ?? null);
  notice("");
}

/** @param {CheckState} state @param {string} trouble what kept the check from its evidence, if anything did */
export function showDone(state, trouble) {
  const { evidence, verdict, startedAt, finishedAt = startedAt } = state;
  if (!verdict) return;
  const seconds = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  showRows(verdict, true, null);
  showPath(verdict.path, true);
  allowDeep(evidence.dns.status !== "skipped");
  hero("done", verdict.outcome, render(verdict.headline), say(`ui_detail_${verdict.outcome}`));
  setText(
    find(document, "#time"),
    say(evidence.deep ? "ui_deep_tested_at" : "ui_tested_at", clock(finishedAt), seconds.format((finishedAt - startedAt) / 1000)),
  );
  notice(trouble);
}

/** The background does not answer at all. */
export function showBroken() {
  showRows(null, true, null);
  showPath(null, true);
  hero("done", "unknown", say("ui_headline_broken"), say("ui_broken_detail"));
}

/** @param {string} text */
function notice(text) {
  find(document, "#notice").hidden = text === "";
  setText(find(document, "#notice-text"), text);
}
