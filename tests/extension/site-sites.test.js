/** What pages do, as the background takes it, with the real core. */
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { badge, browser, notices, rules, scripts, stored, tabBadges, texts } from "./fake-chrome.js";
import { core, ready } from "./real-core.js";

const { fromRelay, ledgerOf } = await import("../../extension/lib/sites.js");
const { createSites } = await import("../../extension/background/sites.js");
const { createBlocks } = await import("../../extension/background/blocks.js");
const { obeySites } = await import("../../extension/background/site-orders.js");

before(ready);

beforeEach(() => {
  stored.local = {};
  stored.session = { check: { phase: "done", id: "x" }, last: { verdict: "untouched" } };
  for (const one of [notices, scripts, rules, tabBadges]) "length" in one ? (one.length = 0) : one.clear();
  Object.assign(browser, { origins: new Set(["http://*/*", "https://*/*"]), inPage: async () => 5000, alarms: new Map(), before: async () => {} });
  Object.assign(texts, { site_probe_title: "$1 read", site_probe: "got $1", ui_badge_title: "Watertight: $1" });
  badge.text = "!";
});

const LINE = "candidate:1 1 udp 1 198.51.100.10 5 typ srflx raddr 0.0.0.0 rport 0";

/** A page that reads an address and closes. @param {number} [conn] */
const probe = (conn = 1) => [
  { kind: "construct", conn }, { kind: "data-channel", conn }, { kind: "local-description", conn, key: `k${conn}` },
  { kind: "candidate", conn, line: LINE }, { kind: "close", conn },
];

/** @param {object} [more] */
const news = (more = {}) => ({ tab: 7, frame: 0, host: "www.shop.example", page: "www.shop.example", private: false, top: true, born: 5000, events: probe(), lost: 0, ...more });

async function heard(...list) {
  const sites = createSites({ core });
  for (const one of list) sites.hear(news(one));
  await sites.idle();
  return sites;
}

const view = (tab = 7) => stored.session[`site:${tab}`];

test("a probe is marked, told once, and kept; no verdict changes", async () => {
  await heard({});
  assert.equal(view().kind, "probe");
  assert.equal(view().site, "shop.example");
  assert.deepEqual(view().seen.map((one) => one.address), ["198.51.100.10"]);
  assert.equal(tabBadges.get(7), "◉");
  assert.equal(badge.text, "!", "the mark of the last test stays");
  assert.deepEqual(notices.map(({ name, title, message }) => [name, title, message]), [["site:shop.example", "shop.example read", "got 198.51.100.10"]]);
  assert.deepEqual(stored.local.sites.sites.map((one) => one.site), ["shop.example"]);
  assert.deepEqual([stored.session.check, stored.session.last], [{ phase: "done", id: "x" }, { verdict: "untouched" }]);
  browser.inPage = async () => 6000;
  await heard({ tab: 8, events: probe(2), born: 6000 });
  assert.equal(notices.length, 1);
  assert.equal(tabBadges.get(8), "◉");
});

test("the mark does not accuse the page that the tab shows by then", async () => {
  browser.inPage = async () => 9000;
  await heard({});
  assert.equal(tabBadges.get(7), undefined);
  assert.deepEqual([view().kind, notices.length], ["probe", 1], "what it read is told all the same");
});

test("the mark does not stay on a page that comes while it is made", async () => {
  browser.inPage = async () => (tabBadges.get(7) ? 9000 : 5000);
  await heard({});
  assert.equal(tabBadges.get(7), null);
  assert.equal(view().kind, "probe");
});

test("a page that answers no question does not keep the news of others waiting", async () => {
  browser.inPage = (tab) => (tab === 7 ? new Promise(() => {}) : Promise.resolve(5000));
  await heard({}, { tab: 8 });
  assert.deepEqual([tabBadges.get(7), tabBadges.get(8)], ["◉", "◉"]);
});

test("a background that dies between two messages goes on where it was", async () => {
  for (const event of probe()) await heard({ events: [event] });
  assert.equal(view().kind, "probe");
  assert.equal(view().heard, 5);
});

test("frames belong to the page of their tab, and a page that is loaded again is another visit", async () => {
  await heard({ events: [{ kind: "construct", conn: 1 }] }, { frame: 3, top: false, born: 5100, host: "third.example", events: probe() });
  const { id } = stored.session["visit:7"];
  assert.deepEqual(view().warning.detail, { id: "site_probe_by", args: ["198.51.100.10", "third.example"] });
  browser.inPage = async () => 9000;
  await heard({ frame: 4, top: false, born: 9100, host: "third.example", events: [{ kind: "construct", conn: 1 }] });
  assert.notEqual(stored.session["visit:7"].id, id);
  assert.equal(view().kind, "undecided");
  assert.equal(stored.local.sites.sites[0].open.length, 1, "a visit that has only begun is not written down");
});

test("nothing of a private window is written down or told by a notice", async () => {
  await heard({ private: true });
  assert.equal(view().kind, "probe");
  assert.equal(tabBadges.get(7), "◉");
  assert.deepEqual(stored.local, {});
  assert.deepEqual(notices, []);
});

test("what is said in a private window holds there, and is not written down", async () => {
  const sites = await heard({ private: true });
  const blocks = createBlocks({ core });
  const order = (choice, hidden) => obeySites({ core, sites, blocks }, { type: "site-choice", site: "shop.example", choice, private: hidden });
  await order("never", true);
  assert.deepEqual([view().warning.badge, view().choice.never], [false, true]);
  assert.deepEqual(stored.local, {});
  await heard({ tab: 8 });
  assert.equal(view(8).warning.badge, true, "another window is another matter");
  await order("never", false);
  stored.session.sites = undefined;
  await heard({ tab: 9, private: true });
  assert.equal(view(9).choice.never, true, "what is said elsewhere holds in private windows too");
  await order("dismiss", true);
  await obeySites({ core, sites, blocks }, { type: "sites-erase", site: "shop.example" });
  assert.deepEqual([stored.local.sites.sites, stored.session.sites.sites], [[], []]);
});

test("an order that comes while news are judged is not lost", async () => {
  const sites = await heard({});
  let order;
  browser.before = async (call) => {
    if (!order && call.startsWith("write visits")) order = obeySites({ core, sites, blocks: createBlocks({ core }) }, { type: "site-choice", site: "shop.example", choice: "never", private: false });
  };
  sites.hear(news({ events: probe(2) }));
  await sites.idle();
  await order;
  await sites.idle();
  assert.deepEqual(stored.local.sites.sites.map((one) => one.choice.never), [true]);
  await assert.rejects(async () => {
    browser.before = async (call) => (call === "write sites" ? Promise.reject(new Error("full")) : undefined);
    await sites.choose("shop.example", "warn", false);
  }, /full/, "the user hears of it");
});

test("an offer that nobody answers becomes a probe by time alone, also when the background slept", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  await heard({ events: probe().slice(0, 4) });
  assert.equal(view().kind, "undecided");
  assert.ok(browser.alarms.get("sites") > 1_000_000);
  t.mock.timers.setTime(browser.alarms.get("sites"));
  await createSites({ core }).due();
  assert.equal(view().kind, "probe");
  assert.equal(browser.alarms.has("sites"), false);
});

test("hostile news: garbage, markup and floods change nothing but the page's own hint", async () => {
  const junk = [{}, { kind: 7 }, { kind: "verdict" }, { kind: "candidate", conn: "1", line: {} }, { kind: "candidate", conn: 1, line: "<img src=x onerror=alert(1)>" },
    { kind: "ice-servers", conn: 1, servers: [{ kind: "stun", host: "<b>" }] }, { kind: "construct", conn: -1 }, { kind: "construct", conn: 2 ** 60 }, { frame: 9, tab: 3, host: "bank.example", at: 1, kind: "construct", conn: 5 }];
  await heard({ events: junk }, ...Array.from({ length: 60 }, (_, at) => ({ events: Array.from({ length: 64 }, (_, i) => ({ kind: "candidate", conn: at * 64 + i, line: `candidate:1 1 udp 1 10.${at}.${i}.1 5 typ host` })) })));
  assert.equal(view().host, "www.shop.example");
  assert.ok(JSON.stringify(stored.session["visit:7"]).length < 140_000, "memory is bounded");
  assert.ok(!JSON.stringify(view()).includes("<"), "markup goes no further");
  assert.ok(view().warning.seen.every((line) => /^10\./.test(line.address)));
  assert.ok(!JSON.stringify(stored.local).includes("bank.example"), "a page speaks for itself alone");
});

test("more news than can be judged are dropped, and traces of tabs are bounded", async () => {
  await heard(...Array.from({ length: 500 }, () => ({ events: [{ kind: "construct", conn: 1 }] })));
  assert.ok(view().heard <= 64);
  for (let tab = 100; tab < 140; tab += 20) await heard(...Array.from({ length: 20 }, (_, i) => ({ tab: tab + i, events: probe() })));
  assert.equal(stored.session.visits.length, 32);
  const kept = Object.keys(stored.session).filter((key) => /^(visit|site):/.test(key) && !stored.session[key].gone);
  assert.equal(kept.length, 64);
  assert.deepEqual(view(100), { gone: true }, "nobody can say that nothing was seen");
});

test("what is stored may be garbage", async () => {
  stored.local.sites = "x";
  stored.session.visits = [null, 7, "x"];
  stored.session["visit:7"] = { tab: 7, id: "i", born: 5000, host: "www.shop.example", frames: {}, state: { conns: "x" }, heard: 0, lost: 0, alarm: 0 };
  await heard({});
  assert.equal(view().kind, "probe");
  for (const value of [null, [], { sites: [1] }, { sites: 7 }]) assert.deepEqual(ledgerOf(value).sites, []);
});

test("the user's word: dismiss, never, warn again, erase", async () => {
  const sites = await heard({});
  const blocks = createBlocks({ core });
  const order = (message) => obeySites({ core, sites, blocks }, message);
  await order({ type: "site-choice", site: "shop.example", choice: "never", private: false });
  assert.deepEqual([view().warning.badge, view().choice.never, tabBadges.get(7)], [false, true, null]);
  await order({ type: "site-choice", site: "shop.example", choice: "warn", private: false });
  assert.deepEqual([view().warning.badge, tabBadges.get(7)], [true, "◉"]);
  await order({ type: "site-choice", site: "shop.example", choice: "dismiss", private: false });
  assert.equal(view().warning.badge, false);
  assert.deepEqual((await order({ type: "sites" })).map((one) => [one.site, one.kind]), [["shop.example", "probe"]]);
  assert.equal((await order({ type: "sites-export" })).format, "watertight-sites-1");
  await order({ type: "sites-erase", site: "shop.example" });
  assert.deepEqual(stored.local.sites.sites, []);
  await order({ type: "sites-erase", site: "" });
  assert.equal("sites" in stored.local, false);
  assert.equal(order({ type: "seal" }), undefined);
});

test("who may speak, and of what, the browser says", () => {
  const body = { type: "watch", born: 1, top: true, events: [], lost: 0 };
  const sender = { id: "own-id", tab: { id: 7, url: "https://www.shop.example/x", incognito: false }, frameId: 0, url: "https://www.shop.example/x" };
  assert.equal(fromRelay(body, sender, "own-id").page, "www.shop.example");
  assert.equal(fromRelay(body, { ...sender, url: "about:blank", origin: "https://third.example" }, "own-id").host, "third.example");
  assert.equal(fromRelay({ ...body, top: true }, { ...sender, frameId: 3 }, "own-id").top, false, "which frame it is, the page cannot say");
  for (const bad of [{ id: "other" }, { tab: undefined }, { tab: { id: -1 } }, { tab: { id: "7" } }, { frameId: undefined }]) assert.equal(fromRelay(body, { ...sender, ...bad }, "own-id"), null);
  for (const bad of [{ type: "check" }, { events: null }, { events: [1] }, { events: Array(66).fill({}) }, { born: "1" }, { born: NaN }, { lost: -1 }, { lost: 0.5 }]) {
    assert.equal(fromRelay({ ...body, ...bad }, sender, "own-id"), null, JSON.stringify(bad));
  }
  for (const bad of [null, 1, "watch", []]) assert.equal(fromRelay(bad, sender, "own-id"), null);
});

test("watching and blocking follow what is allowed", async () => {
  const blocks = createBlocks({ core });
  await blocks.sync();
  assert.deepEqual([...scripts.values()].map(({ id, world, allFrames, matchOriginAsFallback, runAt }) => [id, world, allFrames, matchOriginAsFallback, runAt]), [
    ["watch-relay", "ISOLATED", false, false, "document_start"], ["watch-page", "MAIN", true, true, "document_start"],
  ]);
  const first = scripts.get("watch-page");
  assert.equal(await blocks.set("www.shop.example", true), true);
  assert.equal(scripts.get("watch-page"), first, "what is there stays");
  assert.deepEqual(stored.local.blocked, ["shop.example"]);
  assert.deepEqual(scripts.get("block-page").matches, ["http://*.shop.example/*", "https://*.shop.example/*"]);
  const here = await blocks.here("login.shop.example");
  assert.deepEqual([here.site, here.blocked, here.watching, here.how], ["shop.example", true, true, "wrapper"]);
  await blocks.set("shop.example", false);
  assert.equal(scripts.has("block-page"), false);
  assert.equal(await blocks.set("", true), false);
  browser.origins.clear();
  await blocks.set("shop.example", true);
  assert.equal(scripts.size, 0, "nothing runs where nothing is allowed");
  assert.deepEqual((await blocks.list()).map(({ site, blocked, allowed }) => [site, blocked, allowed]), [["shop.example", true, false]]);
});

test("a core that does not come leaves no site unwatched, takes no wall away, and is asked again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const log = t.mock.method(console, "error", () => {});
  const turns = async () => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  stored.local.blocked = ["shop.example"];
  const block = t.mock.method(core, "block", async () => Promise.reject(new Error("core: boot-timeout")));
  const blocks = createBlocks({ core });
  await blocks.sync();
  assert.deepEqual([...scripts.keys()], ["watch-relay", "watch-page"]);
  block.mock.restore();
  t.mock.timers.tick(3000);
  await turns();
  assert.deepEqual([...scripts.keys()], ["watch-relay", "watch-page", "block-page"]);
  const again = t.mock.method(core, "block", async () => Promise.reject(new Error("core: boot-timeout")));
  await blocks.sync();
  assert.ok(scripts.has("block-page"), "the wall stays");
  for (const ms of [3000, 8000, 20_000, 60_000]) {
    t.mock.timers.tick(ms);
    await turns();
  }
  assert.equal(again.mock.callCount(), 4, "it is asked again, but not for ever");
  assert.equal(log.mock.calls.filter(({ arguments: [what] }) => what === "block sites:").length, 5);
});

test("where the browser can block by itself, it is told to before the answer comes", async (t) => {
  t.mock.method(core, "block", async () => ({ how: "header", note: { id: "x", args: [] }, header: "Connection-Allowlist", value: "v", domains: ["shop.example"], patterns: [] }));
  await createBlocks({ core }).set("shop.example", true);
  assert.deepEqual([...rules.values()].map(({ id, condition }) => [id, condition]), [
    [1, { requestDomains: ["shop.example"], resourceTypes: ["main_frame", "sub_frame"] }],
    [2, { topDomains: ["shop.example"], resourceTypes: ["sub_frame"] }],
  ]);
});
