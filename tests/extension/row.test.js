import assert from "node:assert/strict";
import { test } from "node:test";
import { texts } from "./fake-chrome.js";

/** As much of a document as a row is drawn with. */
class Node {
  constructor(name) {
    Object.assign(this, { name, className: "", attributes: {}, children: [], dataset: {}, hidden: false, handlers: {} });
  }
  addEventListener(name, handler) {
    this.handlers[name] = handler;
  }
  append(...nodes) {
    this.children.push(...nodes);
  }
  replaceChildren(...nodes) {
    this.children = nodes;
  }
  getAttribute(key) {
    return this.attributes[key] ?? null;
  }
  setAttribute(key, value) {
    this.attributes[key] = value;
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.children = [text];
  }
  all(name) {
    return this.children.flatMap((child) => (child instanceof Node ? [...(child.name === name ? [child] : []), ...child.all(name)] : []));
  }
}

globalThis.document = { createElement: (name) => new Node(name) };
const { showRow } = await import("../../extension/popup/row.js");

Object.assign(texts, { ui_steps: "Show me how", ui_fix: "What to do", fix: "Mend it.", steps_one: "First this.", steps_two: "Then that." });

/** The findings of a row as it stands in popup.html. */
function row() {
  const parts = {};
  const node = new Node("li");
  node.querySelector = (selector) => (parts[selector] ??= new Node(selector));
  return (findings) => {
    showRow(node, { outcome: "leak", headline: "", findings, reasons: [], facts: [] });
    return parts[".findings"];
  };
}

const text = (id) => ({ id, args: [] });
const finding = { id: "dns-mixed", level: "leak", certainty: "likely", row: "dns", explain: text("why"), fix: text("fix"), evidence: [] };

test("the steps of a finding are an ordered list below its advice, folded", () => {
  const [item] = row()([{ ...finding, steps: [text("steps_one"), text("steps_two")] }]).all("li");
  const details = item.children.at(-1);
  assert.equal(item.children.at(-2).className, "fix");
  assert.deepEqual([details.name, details.className, details.attributes.open], ["details", "steps", undefined]);
  const [summary, list] = details.children;
  assert.deepEqual([summary.name, summary.textContent], ["summary", "Show me how"]);
  assert.equal(list.name, "ol");
  assert.deepEqual(list.children.map((step) => step.textContent), ["First this.", "Then that."]);
});

test("what a certainty means is asked for by a button, and shown below the sentence", () => {
  Object.assign(texts, { ui_certainty_likely: "Likely", ui_certainty_likely_why: "Because." });
  const [item] = row()([finding]).all("li");
  const [button] = item.all("button");
  const why = item.children.find((one) => one.className === "certainty-why");
  assert.deepEqual([button.textContent, button.attributes["aria-expanded"], why.textContent, why.hidden], ["Likely", "false", "Because.", true]);
  button.handlers.click();
  assert.deepEqual([button.attributes["aria-expanded"], why.hidden], ["true", false]);
  const [info] = row()([{ ...finding, level: "info" }]).all("li");
  assert.deepEqual(info.all("button"), []);
});

test("without steps there is nothing to unfold, and a verdict of an earlier version has none", () => {
  for (const steps of [[], undefined]) assert.deepEqual(row()([{ ...finding, steps }]).all("details"), []);
});

test("steps that are unfolded stay so while the same finding is shown again", () => {
  const show = row();
  const steps = [text("steps_one")];
  const [before] = show([{ ...finding, steps }]).all("details");
  assert.equal(show([structuredClone({ ...finding, steps })]).all("details")[0], before);
});
