import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { browser, stored } from "./fake-chrome.js";
import { background, ladderCore, LEAK, mortal, nothing, reset, scripted, settle, verdictOf, viewOf } from "./harden-world.js";

const { createCore } = await import("../../extension/lib/core.js");

beforeEach(reset);

const calls = async () => null;

test("a leak is sealed: stored first, then set, read back, tested, and told", async () => {
  const { calls } = mortal(Infinity);
  const it = background(ladderCore);
  it.check();
  await settle();
  assert.equal(browser.ours, "default_public_interface_only");
  assert.deepEqual(stored.local.seal, { phase: "", want: "default_public_interface_only" });
  assert.equal(stored.session.hardening.state, "sealed");
  assert.equal(stored.session.decided, stored.session.check.id);
  assert.equal(it.checks, 2);
  assert.ok(calls.indexOf("write seal,lease") < calls.indexOf("set default_public_interface_only"));
});

test("on a clear network nothing is set, cleared or stored", async () => {
  const { calls } = mortal(Infinity);
  const it = background(ladderCore, "default");
  it.check();
  it.boot();
  await settle();
  assert.deepEqual(calls.filter((call) => /^(set|clear|write seal)/.test(call)), []);
  assert.deepEqual(stored.local, {});
});

for (const [what, again] of Object.entries({ "the worker": () => {}, "the browser": () => void (stored.session = {}) })) {
  test(`${what} dies at any step of sealing: the next start goes on from there`, async () => {
    for (let step = 0, died = true; died; step++) {
      reset();
      const life = mortal(step);
      background(ladderCore, "disable_non_proxied_udp").check();
      await settle();
      died = life.died();
      browser.before = async () => {};
      again();
      const it = background(ladderCore, "disable_non_proxied_udp");
      it.boot();
      await settle();
      const at = `step ${step}: ${life.calls.at(-1)}`;
      // What died before anything was decided is found by the next click.
      if (!stored.local.seal) it.check();
      await settle();
      assert.equal(browser.ours, "disable_non_proxied_udp", at);
      assert.equal(stored.local.seal.phase, "", at);
      assert.equal(stored.session.hardening.state, "sealed", at);
      assert.ok(step < 60, "it never ends");
    }
  });
}

test("decisions wait for each other, and each sees what the one before stored", async () => {
  let inside = 0;
  const seen = [];
  const core = {
    calls,
    harden: async (state) => {
      assert.equal(inside++, 0);
      seen.push([state.trigger, state.seal?.n ?? 0]);
      await settle(3);
      inside--;
      return nothing({ seal: { phase: "", n: (state.seal?.n ?? 0) + 1 } });
    },
  };
  const { harden } = background(core);
  await Promise.all([harden.next("other"), harden.next("seal"), harden.next("undo")]);
  assert.deepEqual(seen, [["other", 0], ["seal", 1], ["undo", 2]]);
});

test("the state that the core is told", async () => {
  const core = scripted();
  const { harden } = background(core);
  stored.local.mode = "whatever";
  stored.session.last = { finishedAt: 1, verdict: verdictOf(true), policy: { value: "default", levelOfControl: "x" } };
  await harden.next("tab", { tab: 7 });
  const [state] = core.told;
  assert.equal(state.mode, "auto");
  assert.deepEqual([state.version, state.browser, state.trigger, state.tab], [1, "chromium", "tab", 7]);
  assert.deepEqual(state.setting, { value: "default", levelOfControl: "controllable_by_this_extension" });
  assert.deepEqual(state.tested, { value: "default", levelOfControl: "x" });
  assert.equal(state.verdict.findings[0].evidence[0].address, LEAK);
  assert.equal(state.session, stored.session.session);
  assert.ok(Math.abs(state.now - Date.now()) < 1000);
});

test("without the permission there is no setting, and everything else works", async () => {
  browser.given.delete("privacy");
  const it = background(ladderCore);
  it.check();
  await settle();
  assert.equal(stored.session.hardening.state, "grant");
  assert.equal(stored.session.last.policy, null);
  browser.given.add("privacy");
  await it.harden.next("other");
  it.check();
  await settle();
  assert.equal(stored.session.hardening.state, "sealed");
  browser.given.delete("privacy");
  it.check();
  await settle();
  assert.equal(stored.session.check.phase, "done");
});

test("mode ask waits for the click, off gives the setting back", async () => {
  stored.local.mode = "ask";
  const it = background(ladderCore);
  it.check();
  await settle();
  assert.deepEqual([stored.session.hardening.state, browser.ours], ["offer", null]);
  await it.harden.next("seal");
  await settle();
  assert.deepEqual([stored.session.hardening.state, browser.ours], ["sealed", "default_public_interface_only"]);
  stored.local.mode = "off";
  await it.harden.next("mode");
  assert.deepEqual([stored.session.hardening.state, browser.ours, stored.local.seal], ["none", null, null]);
});

test("what another extension holds is left alone", async () => {
  browser.other = "default";
  const { calls } = mortal(Infinity);
  background(ladderCore).check();
  await settle();
  assert.equal(stored.session.hardening.state, "conflict");
  assert.deepEqual(calls.filter((call) => /^(set|clear)/.test(call)), []);
});

test("a setting that refuses is read back, not believed", async () => {
  browser.before = async (call) => {
    if (call.startsWith("set")) throw new Error("refused");
  };
  const core = scripted(nothing({ do: "set", value: "disable_non_proxied_udp", seal: { phase: "setting" } }));
  await background(core).harden.next("seal");
  assert.deepEqual(core.told.map(({ trigger, setting }) => [trigger, setting.value]), [["seal", "default"], ["start", "default"]]);
});

test("storage that refuses: nothing is done that no one would remember", async () => {
  const done = [];
  browser.before = async (call) => {
    if (call === "write seal,lease") throw new Error("disk full");
    done.push(call);
  };
  await background(scripted(nothing({ do: "set", value: "disable_non_proxied_udp", seal: { phase: "setting" } }))).harden.next("seal");
  assert.deepEqual(done.filter((call) => call.startsWith("set")), []);
});

test("a core that never comes to an end is bounded", async () => {
  let sets = 0;
  browser.before = async (call) => void (call.startsWith("set") && sets++);
  const it = background({ calls, harden: async () => nothing({ do: "set", value: "proxy_only", test: true }) });
  it.check();
  await settle(2000);
  assert.ok(it.checks <= 18, `${it.checks} checks`);
  assert.ok(sets <= 18 * 8, `${sets} changes`);
});

test("garbage from the core is no decision", async () => {
  const good = nothing({ do: "set", value: "proxy_only", seal: { phase: "setting" } });
  const say = (value) => createCore(async () => () => JSON.stringify({ ok: true, value })).harden({});
  assert.equal((await say(good)).value, "proxy_only");
  assert.deepEqual((await say({ ...good, view: { ...viewOf("sealed"), before: null } })).view.before, []);
  for (const more of [
    { do: "open" }, { value: "default_public_and_private_interfaces" }, { value: "" }, { test: 1 }, { seal: "x" }, { seal: undefined },
    { lease: {} }, { alarm: -1 }, { alarm: "soon" }, { view: null }, { view: viewOf("sealed", { title: null }) }, { view: viewOf("sealed", { before: [1] }) },
  ]) await assert.rejects(say({ ...good, ...more }), JSON.stringify(more));
  for (const value of [null, [], "none"]) await assert.rejects(say(value));
  await background({ calls, harden: () => say(null) }).harden.next("seal");
  assert.deepEqual([browser.ours, stored.local], [null, {}]);
});

test("calls are judged after each check, and garbage about them is not shown", async () => {
  const it = background(ladderCore, "default");
  it.check();
  await settle();
  assert.equal(stored.session.calls.state, "direct");
  const core = createCore(async () => () => JSON.stringify({ ok: true, value: { state: "fine" } }));
  await background({ ...core, harden: ladderCore.harden }).harden.checked({ id: "x", evidence: {} });
  assert.equal(stored.session.calls, null);
});

test("private windows are told of as far as the browser tells", async () => {
  const core = scripted(...[1, 2, 3].map(() => nothing({ view: viewOf("sealed") })));
  const { harden } = background(core);
  await harden.next("other");
  assert.deepEqual(stored.session.hardening.private, { allowed: false, reached: null });
  browser.ours = "disable_non_proxied_udp";
  await harden.next("other");
  assert.deepEqual(stored.session.hardening.private, { allowed: false, reached: false });
  browser.private = true;
  await harden.next("other");
  assert.deepEqual(stored.session.hardening.private, { allowed: true, reached: true });
});
