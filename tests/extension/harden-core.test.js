/**
 * Hardening with the real core (build/core.wasm, made by ./build.sh): the background or the browser
 * dies at every step, and after the restart things are as they were meant to be.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { browser, stored } from "./fake-chrome.js";
import { background, mortal, reset, settle } from "./harden-world.js";
import { core, ready } from "./real-core.js";

const PUBLIC_ONLY = "default_public_interface_only";
const PROXIED_ONLY = "disable_non_proxied_udp";
const RANKS = ["default", PUBLIC_ONLY, PROXIED_ONLY];

before(ready);

const inForce = () => browser.ours ?? browser.found;

/** What a person does and waits for, under a policy that is enough. @type {Record<string, { enough: string, mode?: string, before?: (it: any) => Promise<void>, act: (it: any) => unknown, wanted: string[], loosest: string }>} */
const STORIES = {
  "sealing by itself": { enough: PROXIED_ONLY, act: (it) => it.check(), wanted: [PROXIED_ONLY], loosest: "default" },
  "sealing on a click": {
    enough: PUBLIC_ONLY, mode: "ask", before: click, act: (it) => it.harden.next("seal"),
    // A click that was lost before it was heard is not made up for.
    wanted: [PUBLIC_ONLY, "default"], loosest: "default",
  },
  undo: { enough: PUBLIC_ONLY, before: click, act: (it) => it.harden.next("undo"), wanted: ["default", PUBLIC_ONLY], loosest: "default" },
  "beginning a lease": {
    enough: PROXIED_ONLY, before: click,
    act: (it) => it.harden.lease({ site: "meet.example", tab: 7, minutes: 15 }),
    wanted: [PUBLIC_ONLY, PROXIED_ONLY], loosest: PUBLIC_ONLY,
  },
  "ending a lease": { enough: PROXIED_ONLY, before: lease, act: (it) => it.harden.next("end"), wanted: [PROXIED_ONLY, PUBLIC_ONLY], loosest: PUBLIC_ONLY },
  "a lease whose tab is closed": {
    enough: PROXIED_ONLY, before: lease,
    act: (it) => (browser.tabs.delete(7), it.harden.tabChanged(7)),
    wanted: [PROXIED_ONLY], loosest: PUBLIC_ONLY,
  },
};

async function click(it) {
  it.check();
  await settle(200);
}

async function lease(it) {
  await click(it);
  await it.harden.lease({ site: "meet.example", tab: 7, minutes: 0 });
}

for (const [name, story] of Object.entries(STORIES)) {
  for (const [who, again] of /** @type {[string, () => void][]} */ ([["the worker", () => {}], ["the browser", () => void (stored.session = {})]])) {
    test(`${who} dies at every step of ${name}`, async () => {
      for (let step = 0, died = true; died; step++) {
        reset();
        if (story.mode) stored.local.mode = story.mode;
        const first = background(core, story.enough);
        await story.before?.(first);
        const life = mortal(step);
        void story.act(first);
        await settle(200);
        died = life.died();
        browser.before = async () => {};
        again();
        const it = background(core, story.enough);
        it.boot();
        await settle(200);
        // The browser lost the verdict as well: the next click finds it again.
        if (who === "the browser" && !story.mode) await click(it);
        const at = `step ${step}, at ${life.calls.at(-1)}: ${inForce()} ${JSON.stringify(stored.local)}`;
        assert.ok(story.wanted.includes(inForce()), at);
        assert.ok(RANKS.indexOf(inForce()) >= RANKS.indexOf(story.loosest), at);
        assert.equal(stored.local.seal?.phase ?? "", "", at);
        assert.ok([undefined, null, "active"].includes(stored.local.lease?.phase), at);
        if (who === "the browser" && name.includes("lease") && stored.local.lease) assert.ok(stored.local.lease.until > 0, at);
        assert.ok(step < 80, "it never ends");
      }
    });
  }
}

test("whatever dies, a lease is closed by its time", async (t) => {
  reset();
  const first = background(core, PROXIED_ONLY);
  await click(first);
  await first.harden.lease({ site: "meet.example", tab: 7, minutes: 15 });
  assert.equal(inForce(), PUBLIC_ONLY);
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 16 * 60_000 });
  stored.session = {};
  const it = background(core, PROXIED_ONLY);
  it.boot();
  await settle(200);
  assert.deepEqual([inForce(), stored.local.lease, stored.session.hardening.state], [PROXIED_ONLY, null, "sealed"]);
});

test("a clear network: nothing is set, cleared or stored", async () => {
  reset();
  const { calls } = mortal(Infinity);
  await click(background(core, "default"));
  assert.deepEqual(calls.filter((call) => /^(set|clear|write seal)/.test(call)), []);
});
