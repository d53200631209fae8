/** What a page, or a renderer that is in its hands, can make the background keep: little, whatever it says and how often. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { browser, stored } from "./fake-chrome.js";
import { core, coreBytes, ready } from "./real-core.js";

const { fromRelay } = await import("../../extension/lib/sites.js");
const { createSites } = await import("../../extension/background/sites.js");

before(ready);

const MESSAGES = 120;
const EVENTS = 64; // in a message, the most that is taken
const TABS = 40;

/** Characters; unbounded it would be 24 million. storage.session holds 10 MB. */
const KEPT_MAX = 1_000_000;

const CORE_MAX = 24 << 20;

const address = (/** @type {number} */ n) => `198.${n & 255}.${(n >> 8) & 255}.${(n >> 16) & 255}`;

/** @param {number} n @param {object[]} list */
function message(n, list) {
  const id = 1 + (n % TABS);
  const url = `https://www.site${id}.example/`;
  const sender = { id: "own", tab: { id, url, incognito: false }, frameId: n % 100, url };
  return fromRelay({ type: "watch", born: 5000, events: list, lost: 0 }, sender, "own");
}

/** @param {number} n */
function events(n) {
  const list = [];
  for (let i = 0; i < EVENTS; i += 4) {
    const conn = n * EVENTS + i;
    list.push(
      { kind: "construct", conn },
      { kind: "ice-servers", conn, servers: Array.from({ length: 64 }, (_, k) => ({ kind: "stun", host: `${"s".repeat(200)}${conn}.${k}.example` })) },
      { kind: "candidate", conn, line: `candidate:1 1 udp 1 ${address(conn)} 9 typ srflx ${"<b>".repeat(150)}` },
      { kind: "candidate", conn, line: "x".repeat(10_000) },
    );
  }
  return list;
}

test("a flood in every tab: what is kept is bounded, and so is the core's memory", { timeout: 300_000 }, async () => {
  Object.assign(browser, { origins: new Set(["http://*/*", "https://*/*"]), inPage: async () => 5000, alarms: new Map(), before: async () => {} });
  stored.local = {};
  stored.session = {};
  const sites = createSites({ core });
  let taken = 0;
  for (let n = 0; n < MESSAGES; n++) {
    const news = message(n, events(n));
    if (!news) continue;
    taken++;
    sites.hear(news);
    await sites.idle();
  }
  assert.equal(taken, MESSAGES, "the background takes messages of that size");
  const kept = JSON.stringify(stored.session).length + JSON.stringify(stored.local).length;
  assert.ok(kept < KEPT_MAX, `${kept} characters are kept`);
  assert.ok(coreBytes() > 0 && coreBytes() < CORE_MAX, `the core has ${coreBytes() >> 20} MiB`);
  // Ended, they ask for no further judging.
  for (let n = 0; n < TABS; n++) {
    const news = message(n, [{ kind: "frame-gone", conn: 0 }]);
    if (news) sites.hear({ ...news, frame: 0 });
    await sites.idle();
  }
});
