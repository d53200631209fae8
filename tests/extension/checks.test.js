import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { badge, browser, stored, written } from "./fake-chrome.js";
import { fakeCore, fakeFetch, fakeFrames } from "./world.js";

const { createChecks } = await import("../../extension/background/checks.js");

const world = () => createChecks({ core: fakeCore(), frames: fakeFrames(), fetch: fakeFetch().fetch });

beforeEach(() => {
  stored.session = {};
  stored.local = { companion: { api: "http://watertight.test", zone: "watertight.test" } };
  written.length = 0;
});

test("a check leaves its state, the last verdict and the badge", async () => {
  const checks = world();
  const id = checks.start();
  await checks.idle();
  const { check, last } = stored.session;
  assert.equal(check.id, id);
  assert.equal(check.phase, "done");
  assert.equal(check.evidence.final, true);
  assert.ok(check.finishedAt >= check.startedAt);
  assert.equal(last.verdict.outcome, check.verdict.outcome);
  assert.equal(badge.text, "?");
  assert.equal(written[0].check.phase, "checking");
  assert.equal(written.at(-1).check.phase, "done");
});

test("a second start joins the running check", async () => {
  const checks = world();
  assert.equal(checks.start(), checks.start());
  await checks.idle();
  assert.notEqual(checks.start(), stored.session.check.id);
  await checks.idle();
});

test("a check that lost its service worker is started again, with a new id", async () => {
  stored.session.check = { id: "b".repeat(26), startedAt: 0, phase: "checking", evidence: {}, verdict: null };
  const checks = world();
  await checks.resume();
  await checks.idle();
  assert.equal(stored.session.check.phase, "done");
  assert.notEqual(stored.session.check.id, "b".repeat(26));
});

test("a finished check is left alone", async () => {
  stored.session.check = { id: "b".repeat(26), phase: "done" };
  const checks = world();
  await checks.resume();
  await checks.idle();
  assert.deepEqual(written, []);
});

test("what a check remembers is handed to the next ones, newest last, eight at most", async () => {
  let n = 0;
  const core = fakeCore();
  const judge = core.judge;
  core.judge = async (evidence) => ({ ...(await judge(evidence)), memory: evidence.final ? { exits: [], resolvers: [{ asn: ++n }] } : null });
  const checks = createChecks({ core, frames: fakeFrames(), fetch: fakeFetch().fetch });
  stored.session.history = Array.from({ length: 8 }, () => ({ exits: [], resolvers: [] }));
  checks.start();
  await checks.idle();
  checks.start();
  await checks.idle();
  assert.equal(stored.session.history.length, 8);
  assert.deepEqual(stored.session.history.slice(-2).map(({ resolvers }) => resolvers[0].asn), [1, 2]);
  assert.equal(core.judged.at(-1).history.at(-1).resolvers[0].asn, 1);
});

test("what one companion said is nothing that another is told, or asked", async () => {
  const frames = fakeFrames();
  const hint = "hintofone";
  stored.session = { servers: ["192.0.2.7"], hint, of: "http://watertight.test watertight.test" };
  const checks = createChecks({ core: fakeCore(), frames, fetch: fakeFetch().fetch });
  checks.start();
  await checks.idle();
  assert.ok(frames.log.urls.every((url) => url.includes("192.0.2.7")), "the same companion");
  stored.session = { servers: ["192.0.2.7"], hint, of: "http://other.test other.test" };
  frames.log.urls.length = 0;
  checks.start();
  await checks.idle();
  assert.ok(frames.log.urls.length > 0 && frames.log.urls.every((url) => !url.includes("192.0.2.7")));
  assert.equal(stored.session.of, "http://watertight.test watertight.test");
});

test("a check under which the setting changed is made again, but not for ever", async () => {
  const finished = [];
  const checks = createChecks({ core: fakeCore(), frames: fakeFrames(), fetch: fakeFetch().fetch, finished: (check) => void finished.push(check.id) });
  const change = (times) => {
    let left = times;
    browser.before = async (call) => {
      if (!call.startsWith("write check,last") || left-- <= 0) return;
      browser.ours = browser.ours ? null : "default_public_interface_only";
    };
  };
  const rest = async () => {
    for (let n = 0; n !== finished.length; ) {
      n = finished.length;
      await checks.idle();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  for (const [times, made] of [[0, 1], [1, 2], [1000, 3]]) {
    finished.length = 0;
    browser.ours = null;
    change(times);
    checks.start();
    await checks.idle();
    await rest();
    assert.equal(finished.length, made, `changed ${times} times`);
  }
  Object.assign(browser, { ours: null, before: async () => {} });
});

test("where the browser keeps us out of an own companion's pages, that is the reason", async () => {
  for (const [origins, reason] of [[[], "frame-forbidden"], [["http://*/*"], "frame-unreachable"]]) {
    browser.origins = new Set(origins);
    const checks = createChecks({ core: fakeCore(), frames: fakeFrames({ silent: ["ip4", "ip6"] }), fetch: fakeFetch().fetch });
    checks.start();
    await checks.idle();
    assert.deepEqual(stored.session.check.evidence.ice.map((ice) => ice.reason), [reason, reason]);
  }
});

test("recorded connections go into the evidence", async () => {
  const home = { name: "Home", exits: [{ prefix: "198.51.100.0/24", asn: 64500, org: "Example ISP", country: "", kind: "" }], resolvers: [] };
  stored.local.baseline = { networks: [home] };
  const checks = world();
  checks.start();
  await checks.idle();
  assert.deepEqual(stored.session.check.evidence.baseline, { networks: [home] });
});

test("a deep test that lost its service worker goes on as an ordinary one", async () => {
  stored.session.check = { id: "b".repeat(26), startedAt: 0, phase: "checking", evidence: { deep: true }, verdict: null };
  const checks = world();
  await checks.resume();
  await checks.idle();
  assert.equal(stored.session.check.evidence.deep, false);
});

test("the system goes into the evidence under the core's name; one that is not known, or not told, holds nothing up", async () => {
  const { getPlatformInfo } = globalThis.chrome.runtime;
  for (const [told, want] of [["win", "windows"], ["mac", "mac"], ["cros", "chromeos"], ["android", "android"], ["openbsd", ""], [null, ""], ["linux", "linux"]]) {
    browser.os = told;
    if (told === null) globalThis.chrome.runtime.getPlatformInfo = () => Promise.reject(new Error("not now"));
    const checks = world();
    checks.start();
    await checks.idle();
    globalThis.chrome.runtime.getPlatformInfo = getPlatformInfo;
    assert.equal(stored.session.check.evidence.os, want);
  }
});
