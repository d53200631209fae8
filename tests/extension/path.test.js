import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { texts } from "./fake-chrome.js";

/** As much of a document as the picture is drawn with. */
class Node {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, children: [], dataset: {}, hidden: false });
  }
  setAttribute(key, value) {
    this.attributes[key] = value;
  }
  append(...nodes) {
    this.children.push(...nodes);
  }
  replaceChildren(...nodes) {
    this.children = nodes;
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.children = [text];
  }
  getComputedTextLength() {
    return this.textContent.length * 7;
  }
  all(match) {
    return this.children.flatMap((child) => (child instanceof Node ? [...(match(child) ? [child] : []), ...child.all(match)] : []));
  }
  querySelectorAll(selector) {
    const name = /^\.(\w+)/.exec(selector)[1];
    return this.all((node) => node.attributes.class === name && !("data-cut" in node.attributes));
  }
}

const card = new Node("figure");
globalThis.document = { createElementNS: (_space, name) => new Node(name), querySelector: () => card };
const { showPath } = await import("../../extension/popup/path.js");

const step = (role, more) => ({ role, name: "Example VPN", address: "192.0.2.10", outcome: "clear", beside: false, ...more });
const through = { id: "path_through", args: ["Example VPN"] };
const ofClass = (name) => card.all((node) => node.attributes.class === name);

Object.assign(texts, {
  path_through: "Your traffic leaves through $1.", ui_path_step: "$1: $2. $3.", ui_path_step_beside: "$1: $2, past it. $3.",
  ui_path_leak: "$1: leak", ui_path_dns: "DNS", ui_path_websites: "Websites", ui_path_webrtc: "WebRTC",
  ui_outcome_leak: "Leak", ui_outcome_clear: "Clear", ui_outcome_unknown: "Unknown", ui_outcome_pending: "Testing",
});

beforeEach(() => {
  card.children = [];
  card.dataset = {};
});

test("a leak goes past the tunnel: a line of its own, a mark and a word, and in words for those who do not see it", () => {
  showPath({ through, steps: [step("websites"), step("dns", { name: "Example ISP", outcome: "leak", beside: true })] }, true);
  assert.equal(card.hidden, false);
  assert.equal(ofClass("line past").length, 1);
  assert.deepEqual(ofClass("role").map((node) => node.textContent), ["Websites", "DNS: leak"]);
  assert.deepEqual(card.all((node) => node.name === "use").map((node) => node.attributes.href), ["#icon-device", "#icon-clear", "#icon-leak"]);
  const [svg] = card.children;
  assert.equal(svg.attributes.role, "img");
  const [title, desc] = svg.children;
  assert.equal(title.textContent, "Your traffic leaves through Example VPN.");
  assert.equal(desc.textContent, "Websites: Example VPN. Clear. DNS: Example ISP, past it. Leak.");
});

test("what is not known is pending while the test runs", () => {
  const steps = [step("websites"), step("webrtc", { name: "", address: "", outcome: "unknown" })];
  showPath({ through, steps }, false);
  assert.deepEqual(ofClass("name").map((node) => node.textContent), ["Example VPN", "Testing"]);
  showPath({ through, steps }, true);
  assert.deepEqual(ofClass("name").map((node) => node.textContent), ["Example VPN", "Unknown"]);
});

test("a long name is cut and stays whole in its tooltip", () => {
  const name = "The Very Long Name of a Telephone and Television Company of Somewhere";
  showPath({ through, steps: [step("dns", { name })] }, true);
  const [node] = ofClass("name");
  assert.match(node.children[0], /^The Very Long.*…$/);
  assert.ok(node.children[0].length * 7 <= 142);
  assert.equal(node.children[1].textContent, name);
});

test("nobody known: no picture", () => {
  for (const picture of [null, undefined, { through, steps: [] }, { through, steps: [step("dns", { name: "", address: "", outcome: "unknown" })] }]) {
    showPath(picture, true);
    assert.equal(card.hidden, true);
  }
});
