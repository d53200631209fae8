/** The popup's card of the site in the tab. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { browser, stored, texts } from "./fake-chrome.js";

/** As much of a document as the card is drawn with. Markup is refused. */
class Node {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, children: [], dataset: {}, hidden: false, handlers: {}, value: "", checked: false });
  }
  append(...nodes) {
    this.children.push(...nodes);
  }
  replaceChildren(...nodes) {
    this.children = nodes;
  }
  before(node) {
    node.nextElementSibling = this;
    document.activeElement = null; // what moves loses the focus
  }
  getAttribute(key) {
    return this.attributes[key] ?? null;
  }
  setAttribute(key, value) {
    this.attributes[key] = value;
  }
  addEventListener(name, handler) {
    this.handlers[name] = handler;
  }
  focus() {
    document.activeElement = this;
  }
  contains(node) {
    return node === this || node?.inside === this;
  }
  click() {
    return this.handlers.click?.();
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.children = text ? [text] : [];
  }
  set innerHTML(_) {
    throw new Error("markup");
  }
  all(name) {
    return this.children.flatMap((child) => (child instanceof Node ? [...(child.name === name ? [child] : []), ...child.all(name)] : []));
  }
}

let nodes = new Map();
let radios = [];
const node = (selector) => {
  if (!nodes.has(selector)) nodes.set(selector, new Node("x"));
  return nodes.get(selector);
};
globalThis.document = { createElement: (name) => new Node(name), querySelector: node, querySelectorAll: () => radios };
const { prepareSite } = await import("../../extension/popup/site.js");

const HTML = "<img src=x onerror=alert(1)>";
const here = { site: "shop.example", blocked: false, watching: true, allowed: true, how: "wrapper", note: { id: "note", args: [] }, patterns: ["http://*.shop.example/*"] };
const sight = {
  born: 5000, host: "www.shop.example", kind: "probe", lost: 0, choice: { never: false },
  warning: { badge: true, title: { id: "title", args: [HTML] }, detail: { id: "detail", args: [HTML] }, seen: [{ text: { id: "saw", args: [HTML] }, address: HTML }] },
  seen: [{ address: HTML, last: 1, count: 3 }],
  why: [{ id: "why", args: [] }], servers: [`stun:${HTML}`],
};
let sent;
let replies;

beforeEach(() => {
  nodes = new Map();
  radios = ["watch", "block"].map((value) => Object.assign(new Node("input"), { value }));
  sent = [];
  replies = { "site-here": structuredClone(here), "site-block": { done: true }, "site-choice": { done: true } };
  chrome.runtime.sendMessage = async (message) => (sent.push(message), replies[message.type]);
  browser.tabs = new Map([[7, { id: 7, url: "https://www.shop.example/x" }]]);
  browser.inPage = async () => 5000;
  stored.session = { "site:7": structuredClone(sight) };
  Object.assign(texts, { title: "$1 read", detail: "got $1", saw: "Public $1", why: "closed", ui_site_why: "Connection: $1", ui_site_asked: "asked $1", ui_site_name: "This site: $1", ui_site_quiet: "quiet", ui_site_unwatched: "load again", ui_site_forgotten: "forgotten", ui_site_block_lost: "lost", ui_site_block_frames: "but frames", ui_site_block_private: "stays", note: "Note.", ui_not_saved: "not saved", ui_site_seen_often: "$1 times", ui_site_reload: "reload", ui_site_block_refused: "refused", ui_site_page: "This page", ui_look_browser: "a page of the browser" });
});

const settle = async () => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

test("what a site read is told below the headline, and markup is text", async () => {
  await prepareSite();
  assert.equal(node("#site").hidden, false);
  assert.equal(node("#site").nextElementSibling, node("#seal"));
  assert.deepEqual([node("#site").attributes["data-warn"], node("#site").attributes["data-kind"]], ["true", "probe"]);
  assert.equal(node("#site-title").textContent, `${HTML} read`);
  const [item] = node("#site-seen").children;
  assert.equal(item.textContent, `Public ${HTML}3 times`);
  assert.deepEqual(node("#site-why").children.map((one) => one.textContent), ["Connection: closed", `asked stun:${HTML}`]);
  assert.deepEqual(["img", "script"].flatMap((name) => [...node("#site-seen").all(name), ...node("#site-title").all(name)]), []);
});

test("what is stored of the page before is not said of this one", async () => {
  browser.inPage = async () => 9000;
  await prepareSite();
  assert.deepEqual([node("#site").attributes["data-warn"], node("#site-title").textContent], ["false", "quiet"]);
  assert.equal(node("#site").nextElementSibling, node("#calls"));
  stored.session["site:7"].host = "other.example";
  browser.inPage = async () => 5000;
  await prepareSite();
  assert.equal(node("#site-title").textContent, "quiet");
});

test("dismiss and never are orders about the site, and the page's news are followed", async () => {
  await prepareSite();
  await node("#site-dismiss").click();
  await node("#site-never").click();
  assert.deepEqual(sent.slice(1), [{ type: "site-choice", site: "shop.example", choice: "dismiss", private: false }, { type: "site-choice", site: "shop.example", choice: "never", private: false }]);
  await chrome.storage.session.set({ "site:7": { ...sight, choice: { never: true }, warning: { ...sight.warning, badge: false } } });
  await settle();
  assert.deepEqual([node("#site-never").attributes["aria-pressed"], node("#site-dismiss").hidden, node("#site-never").hidden], ["true", true, false]);
  await node("#site-never").click();
  assert.equal(sent.at(-1).choice, "warn");
  replies["site-choice"] = { error: "failed" };
  await node("#site-never").click();
  await settle();
  assert.equal(node("#look-why").textContent, "not saved");
});

test("the focus stays where it is when the card goes to another place", async () => {
  await prepareSite();
  const never = node("#site-never");
  never.inside = node("#site");
  never.focus();
  await chrome.storage.session.set({ "site:7": { ...sight, choice: { never: true }, warning: { ...sight.warning, badge: false } } });
  await settle();
  assert.equal(node("#site").nextElementSibling, node("#calls"));
  assert.equal(document.activeElement, never);
});

test("a page that was open before, and one whose trace had to go, are not said to be quiet", async () => {
  stored.session = {};
  for (const [answer, said] of [[true, "quiet"], [false, "load again"], [null, ""]]) {
    browser.inPage = async () => (answer === null ? Promise.reject(new Error("no access")) : answer);
    await prepareSite();
    assert.equal(node("#site-title").textContent, said, String(answer));
  }
  stored.session = { "site:7": { gone: true } };
  browser.inPage = async () => true;
  await prepareSite();
  assert.equal(node("#site-title").textContent, "forgotten");
  replies["site-here"] = { ...here, watching: false };
  stored.session = {};
  await prepareSite();
  assert.equal(node("#site-title").textContent, "");
});

test("in a private window choices say so, and what is written down says so before", async () => {
  browser.tabs.get(7).incognito = true;
  await prepareSite();
  await node("#site-never").click();
  assert.equal(sent.at(-1).private, true);
  assert.equal(node("#site-mode-note").textContent, "Note. stays");
  replies["site-here"] = { ...here, how: "header", watching: false };
  browser.tabs.get(7).incognito = false;
  await prepareSite();
  assert.equal(node("#site-mode-note").textContent, "Note. but frames");
});

test("blocking is ordered, and taken back where the browser does not allow it", async () => {
  await prepareSite();
  radios[1].handlers.change();
  await settle();
  assert.deepEqual(sent.filter((one) => one.type === "site-block"), [{ type: "site-block", site: "shop.example", on: true }]);
  assert.equal(radios[1].checked, false, "not before the background says so");
  replies["site-here"] = { ...here, blocked: true };
  radios[1].handlers.change();
  await settle();
  assert.deepEqual([node("#site").attributes["data-mode"], node("#site-mode-status").textContent, radios[1].checked], ["block", "reload", true]);
  const asked = [];
  replies["site-here"] = { ...here, allowed: false };
  chrome.permissions.request = async (wanted) => (asked.push(wanted), false);
  await prepareSite();
  radios[1].handlers.change();
  await settle();
  assert.deepEqual(sent.filter((one) => one.type === "site-block").slice(2).map((one) => one.on), [true, false]);
  assert.deepEqual([node("#site").attributes["data-mode"], node("#site-mode-status").textContent], ["watch", "refused"]);
  radios[1].handlers.change();
  await settle();
  assert.equal(asked.length, 2, "what was given back, or refused, is asked for each time");
});

test("a site that the browser keeps us out of is not shown as blocked", async () => {
  replies["site-here"] = { ...here, blocked: true, allowed: false };
  await prepareSite();
  assert.deepEqual([node("#site").attributes["data-mode"], radios[1].checked, node("#site-mode-status").textContent, node("#site-switch").open], ["watch", false, "lost", true]);
});

test("on a page of the browser it says why it cannot look; on our own pages it is not there", async () => {
  browser.tabs = new Map([[7, { id: 7, url: "chrome://settings/" }]]);
  replies["site-look"] = { why: "browser" };
  await prepareSite();
  await settle();
  assert.deepEqual([node("#look-why").textContent, node("#look-why").dataset.why, node("#look-open").hidden, node("#site").hidden], ["a page of the browser", "browser", true, false]);
  nodes = new Map([["#site", Object.assign(new Node("x"), { hidden: true })]]);
  browser.tabs = new Map([[7, { id: 7, url: "chrome-extension://own-id/popup/popup.html" }]]);
  await prepareSite();
  assert.equal(node("#site").hidden, true);
});
