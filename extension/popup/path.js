/**
 * The path picture: you, what carries your traffic, and who sees what of it.
 * What goes past the tunnel is drawn past it: a dashed line of its own, a mark
 * and a word, so that it shows without colour as well.
 */
import { find, redraw } from "../lib/dom.js";
import { plain, render, say } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Picture} Picture */
/** @typedef {import("../lib/types.js").Step} Step */

const SVG = "http://www.w3.org/2000/svg";

/** In CSS pixels: the popup's card is this wide. */
const WIDTH = 356;
const ROW = 40;
const YOU_X = 30;
const TUBE = { from: 66, to: 142, radius: 13 };
const MARK_X = 186;
const TEXT_X = 204;

/** The widest that a name may get before it is cut. */
const NAME_WIDTH = WIDTH - TEXT_X - 10;
const TUBE_NAME_WIDTH = 116;

/** @param {string} name @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
function draw(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** SVG text knows no ellipsis. The whole of it stays as the tooltip. @param {Element} node @param {number} width */
function cut(node, width) {
  const text = /** @type {SVGTextElement} */ (node);
  const words = text.textContent ?? "";
  let length = words.length;
  while (length > 1 && text.getComputedTextLength() > width) {
    length = Math.min(length - 1, Math.floor((length * width) / text.getComputedTextLength()) - 1);
    text.textContent = `${words.slice(0, Math.max(1, length))}…`;
  }
  if (text.textContent !== words) text.append(draw("title", {}, words));
}

/** @typedef {Step | (Omit<Step, "outcome"> & { outcome: "pending" })} Drawn what is not known yet is pending while the test runs */

/** @param {Drawn} step */
const nameOf = (step) => plain(step.name || step.address) || say(`ui_outcome_${step.outcome}`);

/** @param {Drawn} step */
function sentence(step) {
  const words = [say(`ui_path_${step.role}`), nameOf(step), say(`ui_outcome_${step.outcome}`)];
  return say(step.beside ? "ui_path_step_beside" : "ui_path_step", ...words);
}

/** @param {Drawn} step @param {number} y */
function drawStep(step, y) {
  const leak = step.outcome === "leak";
  const role = say(`ui_path_${step.role}`);
  return draw(
    "g",
    { class: "step", "data-outcome": step.outcome },
    draw("circle", { class: "mark", cx: MARK_X, cy: y, r: 10 }),
    draw("use", { href: `#icon-${step.outcome}`, x: MARK_X - 7, y: y - 7, width: 14, height: 14 }),
    draw("text", { class: "role", x: TEXT_X, y: y - 4 }, leak ? say("ui_path_leak", role) : role),
    draw("text", { class: "name", x: TEXT_X, y: y + 11 }, nameOf(step)),
  );
}

/** A line from the tube's end to a step. @param {number} from @param {number} to */
const fan = (from, to) => `M${TUBE.to} ${from}C${TUBE.to + 20} ${from} ${MARK_X - 32} ${to} ${MARK_X - 11} ${to}`;

/** A line from you, below the tube, to a step. @param {number} from @param {number} to */
const past = (from, to) => `M${YOU_X} ${from + 17}V${to - 12}Q${YOU_X} ${to} ${YOU_X + 12} ${to}H${MARK_X - 11}`;

/** @param {number} y */
const drawYou = (y) => [
  draw("circle", { class: "you", cx: YOU_X, cy: y, r: 16 }),
  draw("use", { class: "device", href: "#icon-device", x: YOU_X - 9, y: y - 9, width: 18, height: 18 }),
];

/** @param {{ through: Picture["through"], steps: Drawn[] }} picture */
function drawPicture({ through, steps }) {
  const inside = steps.filter((step) => !step.beside);
  const beside = steps.filter((step) => step.beside);
  const rows = Math.max(inside.length, 1);
  /** @param {number} index */
  const rowY = (index) => 22 + index * ROW;
  const trunk = (rowY(0) + rowY(rows - 1)) / 2;
  // With a single row inside, the name below the tube needs room before a line goes past it.
  const gap = beside.length > 0 ? (rows === 1 ? 22 : 6) : 0;
  /** @param {number} index */
  const besideY = (index) => rowY(rows + index) + gap;
  const under = beside.length > 0 ? besideY(beside.length - 1) : rowY(rows - 1);
  const height = Math.max(under + 22, trunk + 44);
  const carrier = plain(through.args?.[0] ?? "");
  // Without a VPN nothing is closed: the tube is only sketched.
  const kind = !carrier ? "nobody" : through.id === "path_home" ? "open" : "closed";
  return draw(
    "svg",
    { class: `path ${kind}`, viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-labelledby": "path-title path-desc" },
    draw("title", { id: "path-title" }, render(through)),
    draw("desc", { id: "path-desc" }, steps.map(sentence).join(" ")),
    ...inside.map((step, index) => draw("path", { class: "line", "data-outcome": step.outcome, d: fan(trunk, rowY(index)) })),
    ...beside.map((step, index) => draw("path", { class: "line past", "data-outcome": step.outcome, d: past(trunk, besideY(index)) })),
    draw("path", { class: "line trunk", d: `M${YOU_X + 16} ${trunk}H${TUBE.to}` }),
    draw("rect", { class: "tube", x: TUBE.from, y: trunk - TUBE.radius, width: TUBE.to - TUBE.from, height: 2 * TUBE.radius, rx: TUBE.radius }),
    draw("path", { class: "line flow", d: `M${TUBE.from + 12} ${trunk}H${TUBE.to - 12}` }),
    draw("text", { class: "carrier", x: (TUBE.from + TUBE.to) / 2, y: trunk + TUBE.radius + 16 }, carrier || say("ui_path_carrier_unknown")),
    draw("text", { class: "label", x: YOU_X, y: trunk - 22 }, say("ui_path_you")),
    ...drawYou(trunk),
    ...inside.map((step, index) => drawStep(step, rowY(index))),
    ...beside.map((step, index) => drawStep(step, besideY(index))),
  );
}

/**
 * Nothing is drawn as long as nobody is known: a picture of question marks tells nothing.
 * @param {Picture | null | undefined} picture
 * @param {boolean} final
 */
export function showPath(picture, final) {
  const card = find(document, "#path");
  const known = picture?.steps.some((step) => step.name || step.address);
  /** @param {Step} step @returns {Drawn} */
  const now = (step) => (step.outcome === "unknown" && !final ? { ...step, outcome: "pending" } : step);
  const some = picture && known ? [{ through: picture.through, steps: picture.steps.map(now) }] : [];
  card.hidden = some.length === 0;
  redraw(card, some, drawPicture);
  for (const node of card.querySelectorAll(".name:not([data-cut])")) {
    cut(node, NAME_WIDTH);
    node.setAttribute("data-cut", "");
  }
  for (const node of card.querySelectorAll(".carrier:not([data-cut])")) {
    cut(node, TUBE_NAME_WIDTH);
    node.setAttribute("data-cut", "");
  }
}
