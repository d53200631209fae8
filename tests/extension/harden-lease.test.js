import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { badge, browser, stored, texts } from "./fake-chrome.js";
import { background, nothing, reset, scripted, verdictOf, viewOf } from "./harden-world.js";

beforeEach(reset);

const calls = async () => null;

const LEASE = { phase: "active", site: "meet.example", tab: 7, session: "", until: 0, policy: "default", restore: "x", failed: false };

/** A core with a lease that ends by the triggers that end leases. */
const leasing = (more = {}) => ({
  told: [],
  calls,
  async harden(state) {
    this.told.push(state.trigger);
    const ends = ["end", "tab", "alarm"].includes(state.trigger);
    const lease = ends ? null : state.wish ? { ...LEASE, session: state.session, ...more } : state.lease;
    return nothing({ lease, alarm: lease?.until ?? 0, view: viewOf(lease ? "lease" : "sealed") });
  },
});

const wish = { site: "meet.example", tab: 7, minutes: 15 };

test("a lease is given to the site that its tab shows, and to no other", async () => {
  const core = leasing();
  const { harden } = background(core);
  const left = { done: false, left: true };
  assert.deepEqual(await harden.lease({ ...wish, site: "other.example" }), left);
  assert.deepEqual(await harden.lease({ ...wish, tab: 99 }), left);
  assert.deepEqual(core.told, []);
  assert.deepEqual(await harden.lease(wish), { done: true, left: false });
  assert.equal(stored.local.lease.site, "meet.example");
});

test("an end that could not be decided is tried again, and calls that could not be allowed are not for the tab's sake", async (t) => {
  t.mock.method(console, "error", () => {});
  const core = leasing({ until: 5000 });
  const { harden } = background(core);
  await harden.lease(wish);
  const { harden: decide } = core;
  core.harden = async () => Promise.reject(new Error("core: boot-timeout"));
  browser.alarms.clear(); // it rang
  assert.equal(await harden.next("alarm"), false);
  const again = browser.alarms.get("harden") - Date.now();
  assert.ok(again > 0 && again <= 60_000, `in ${again} ms`);
  assert.deepEqual(await harden.lease(wish), { done: false, left: false });
  core.harden = decide;
  await harden.next("alarm");
  assert.deepEqual([stored.local.lease, browser.alarms.size], [null, 0]);
  core.harden = async () => Promise.reject(new Error("core: boot-timeout"));
  await harden.next("other");
  assert.equal(browser.alarms.size, 0, "without a lease nothing has to end");
});

test("while a lease lasts: the badge, the alarm, and the others that see more", async () => {
  Object.assign(texts, { ui_badge_title: "Watertight: $1", ui_badge_lease_until: "$1 until $2" });
  const it = background(leasing({ until: 5_000_000_000_000 }));
  await it.harden.lease(wish);
  assert.equal(badge.text, "☎");
  assert.match(badge.title, /^Watertight: meet\.example until/);
  assert.equal(browser.alarms.get("harden"), 5_000_000_000_000);
  assert.equal(it.watched, true);
  assert.deepEqual(stored.session.hardening.exposed, { names: [], count: 2, named: false });
  browser.given.add("tabs");
  await it.harden.next("other");
  assert.deepEqual(stored.session.hardening.exposed, { names: ["news.example"], count: 1, named: true });
  assert.deepEqual(stored.session.hardening.others, ["news.example"]);
  stored.session.last = { finishedAt: 1, verdict: verdictOf(false), policy: null };
  await it.harden.next("alarm");
  assert.deepEqual([badge.text, browser.alarms.size, it.watched], ["", 0, false]);
  assert.deepEqual(stored.session.hardening.others, []);
});

test("a tab that is closed or leaves its site is told to the core; other tabs are not", async () => {
  for (const [tab, told] of [
    [{ id: 7, url: "https://meet.example/other-room" }, false],
    [{ id: 7, url: "https://elsewhere.example/" }, true],
    [{ id: 7 }, true], // an address that is kept from us is another site's
    [undefined, true],
  ]) {
    reset();
    const core = leasing();
    const { harden } = background(core);
    await harden.lease(wish);
    browser.tabs.delete(8);
    await harden.tabChanged(8);
    if (tab) browser.tabs.set(7, tab);
    else browser.tabs.delete(7);
    await harden.tabChanged(7);
    assert.equal(core.told.includes("tab"), told, JSON.stringify(tab));
  }
});

test("a tab that was closed while the background was away is found at its start", async () => {
  await background(leasing()).harden.lease(wish);
  browser.tabs.delete(7);
  const core = leasing();
  await background(core).harden.start();
  assert.deepEqual(core.told, ["start", "tab"]);
  assert.equal(stored.local.lease, null);
});

test("after a restart of the browser a tab's number means nothing", async () => {
  await background(leasing()).harden.lease(wish);
  const before = stored.local.lease.session;
  stored.session = {};
  const core = leasing();
  const { harden } = background(core);
  await harden.start();
  browser.tabs.delete(7);
  await harden.tabChanged(7);
  assert.deepEqual(core.told, ["start"]);
  assert.notEqual(stored.session.session, before);
});

test("a restore that failed stays on the badge", async () => {
  const core = scripted(nothing({ lease: { ...LEASE, phase: "restoring", failed: true }, view: viewOf("restore-failed") }), nothing());
  const { harden } = background(core);
  await harden.next("alarm");
  assert.equal(badge.text, "!");
  await harden.next("undo");
  assert.equal(badge.text, "");
});

test("events of tabs wake the background only while they are wanted, and only for what can move a lease", async () => {
  const { tabEvents } = await import("../../extension/lib/ext.js");
  const heard = [];
  const watch = tabEvents((tab) => heard.push(tab));
  const { onRemoved, onUpdated } = chrome.tabs;
  watch(true);
  watch(true);
  onUpdated.fire(1, { title: "New mail" });
  onUpdated.fire(2, { status: "loading" });
  onUpdated.fire(3, { url: "https://a.example/" });
  onRemoved.fire(4);
  assert.deepEqual(heard, [2, 3, 4]);
  watch(false);
  assert.deepEqual([onRemoved.handlers.length, onUpdated.handlers.length], [0, 0]);
});
