/** "What can this site see?": asked on a click, shown beside what any site can see. */
import * as ext from "../lib/ext.js";
import { find, make, redraw, setAttribute, setText } from "../lib/dom.js";
import { render, say } from "../lib/i18n.js";
import { drawFinding } from "./row.js";

/** @typedef {import("../background/look.js").Looked} Looked */
/** @typedef {import("../lib/types.js").Verdict} Verdict */
/** @typedef {import("../lib/types.js").Text} Text */

let tab = -1;

const panel = () => find(document, "#look");
const button = () => /** @type {HTMLButtonElement} */ (find(document, "#look-open"));

/** @param {"idle" | "looking" | "done" | "failed"} phase @param {string} why message id */
function phase(phase, why = "") {
  setAttribute(panel(), "data-phase", phase);
  panel().hidden = phase !== "done";
  button().disabled = phase === "looking";
  setText(find(document, "#look-why"), why && say(why));
}

/** @param {Verdict | null | undefined} verdict */
const rowOf = (verdict) => verdict?.rows.find((row) => row.id === "webrtc");

/** @param {string} why */
function cannot(why) {
  phase("failed", `ui_look_${why}`);
  find(document, "#look-why").dataset.why = why;
  // It will be so as long as the page is there.
  button().hidden = why !== "check";
}

/** @param {Verdict} verdict of the page */
async function show(verdict) {
  const row = rowOf(verdict);
  const outcome = row && row.outcome !== "pending" ? row.outcome : "unknown";
  setAttribute(panel(), "data-outcome", outcome);
  setText(find(document, "#look-word"), say(`ui_outcome_${outcome}`));
  setText(find(document, "#look-headline"), render(row?.headline));
  redraw(find(document, "#look-findings"), verdict.findings.filter((finding) => finding.row === "webrtc"), drawFinding);
  const reasons = outcome === "unknown" ? verdict.unknowns.filter((one) => one.row === "webrtc").map((one) => one.reason) : [];
  redraw(find(document, "#look-reasons"), reasons, (/** @type {Text} */ reason) => make(document, "li", "", render(reason)));
  const { last } = await ext.read("session", ["last"]);
  const other = rowOf(/** @type {import("../lib/types.js").LastCheck | undefined} */ (last)?.verdict);
  const beside = other && other.outcome !== "pending" ? other.outcome : "unknown";
  setAttribute(find(document, "#look-other"), "data-outcome", beside);
  setText(find(document, "#look-browser-word"), say(`ui_outcome_${beside}`));
  setText(find(document, "#look-browser"), other ? render(other.headline) : "");
  phase("done");
}

async function look() {
  phase("looking", "ui_look_looking");
  const looked = /** @type {Looked | null} */ (await ext.send({ type: "site-look", tab }).catch(() => null));
  if (!looked) cannot("refused");
  else if ("why" in looked) cannot(looked.why);
  else await show(looked.verdict);
}

/** @param {number} where the tab */
export function prepareLook(where) {
  tab = where;
  button().addEventListener("click", () => void look());
}

/** Where there is no website, what is said about it need not be asked for. */
export const offerLook = look;
