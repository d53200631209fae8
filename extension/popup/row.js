/** One row of the popup: its outcome, its findings, and the evidence folded below. */
import { find, make, redraw, setAttribute, setText } from "../lib/dom.js";
import { plain, render, say } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Row} Row */
/** @typedef {import("../lib/types.js").Finding} Finding */
/** @typedef {import("../lib/types.js").Fact} Fact */
/** @typedef {import("../lib/types.js").Network} Network */
/** @typedef {import("../lib/types.js").Text} Text */

/** @param {Network | null | undefined} network */
function networkName(network) {
  if (!network) return "";
  const name = network.org || (network.asn ? `AS${network.asn}` : network.prefix);
  return network.country ? `${plain(name)} · ${plain(network.country)}` : plain(name);
}

const VIA = ["srflx", "host", "prflx", "relay", "exit", "resolver", "ecs", "attested", "raddr"];

/** @param {string | undefined} via */
const viaName = (via) => (via && VIA.includes(via) ? say(`ui_via_${via}`) : plain(via ?? ""));

/** @param {{ address?: string, network?: Network | null, via?: string }} proof */
function addressLine({ address, network, via }) {
  const line = make(document, "li", "");
  if (address) line.append(make(document, "code", "", plain(address)));
  const where = networkName(network);
  if (where) line.append(make(document, "span", "where", where));
  const how = viaName(via);
  if (how) line.append(make(document, "span", "via", how));
  return line;
}

/** How to do it, folded: it is for the one who wants it, and long. @param {Text[]} steps */
function drawSteps(steps) {
  const list = steps.map((step) => make(document, "li", "", render(step)));
  return make(document, "details", "steps", make(document, "summary", "", say("ui_steps")), make(document, "ol", "", ...list));
}

/** A word that says what it means when it is asked, by mouse, finger or key. @param {string} word */
function drawCertainty(word) {
  const node = make(document, "button", "certainty", word);
  node.setAttribute("type", "button");
  node.setAttribute("aria-expanded", "false");
  return node;
}

/** @param {HTMLElement} certainty @param {string} text */
function drawWhy(certainty, text) {
  const why = make(document, "p", "certainty-why", text);
  why.hidden = true;
  certainty.addEventListener("click", () => {
    why.hidden = !why.hidden;
    certainty.setAttribute("aria-expanded", String(!why.hidden));
  });
  return why;
}

/** @param {Finding} finding */
export function drawFinding(finding) {
  const item = make(document, "li", "finding");
  item.dataset.finding = finding.id;
  item.dataset.certainty = finding.certainty;
  item.dataset.level = finding.level;
  const word = finding.level === "info" ? "ui_note" : `ui_certainty_${finding.certainty}`;
  const info = finding.level === "info";
  const certainty = info ? make(document, "span", "certainty", say(word)) : drawCertainty(say(word));
  item.append(make(document, "p", "explain", certainty, " ", render(finding.explain)));
  if (!info) item.append(drawWhy(certainty, say(`ui_certainty_${finding.certainty}_why`)));
  const proofs = (finding.evidence ?? []).filter((proof) => proof.address);
  if (proofs.length > 0) item.append(make(document, "ul", "addresses", ...proofs.map(addressLine)));
  if (finding.exposes) {
    item.append(make(document, "p", "exposes", say("ui_exposes", finding.exposes)));
  }
  const fix = render(finding.fix);
  if (fix) item.append(make(document, "p", "fix", make(document, "b", "", say("ui_fix")), fix));
  if (finding.steps?.length) item.append(drawSteps(finding.steps));
  return item;
}

/** @param {Fact} fact */
function drawFact(fact) {
  const item = make(document, "li", "", make(document, "p", "", render(fact.text)));
  if (fact.address || fact.network || fact.via) {
    item.append(make(document, "ul", "addresses", addressLine(fact)));
  }
  if (fact.raw) item.append(make(document, "code", "raw", plain(fact.raw)));
  return item;
}

/** @param {Text} reason */
const drawReason = (reason) => make(document, "li", "", render(reason));

/** @param {HTMLElement} node an element with data-row */
export function prepareRow(node) {
  setText(find(node, "h2"), say(`ui_row_${node.dataset.row}`));
  setText(find(node, "summary"), say("ui_evidence"));
}

/**
 * @param {HTMLElement} node
 * @param {object} what
 * @param {Row["outcome"]} what.outcome
 * @param {string} what.headline
 * @param {Finding[]} what.findings
 * @param {Text[]} what.reasons
 * @param {Fact[]} what.facts
 */
export function showRow(node, { outcome, headline, findings, reasons, facts }) {
  setAttribute(node, "data-outcome", outcome);
  setAttribute(find(node, "use"), "href", `#icon-${outcome}`);
  setText(find(node, ".word"), say(`ui_outcome_${outcome}`));
  setText(find(node, ".row-headline"), headline);
  redraw(find(node, ".reasons"), reasons, drawReason);
  redraw(find(node, ".findings"), findings, drawFinding);
  redraw(find(node, ".facts"), facts, drawFact);
  find(node, ".proof").hidden = facts.length === 0;
}
