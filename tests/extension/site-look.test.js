/** "What can this site see?": where it cannot be asked, and what the core says where it can. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { before, beforeEach, test } from "node:test";
import vm from "node:vm";
import { browser, stored } from "./fake-chrome.js";
import { core, ready } from "./real-core.js";

const { lookHere } = await import("../../extension/background/look.js");
const { gatherHere } = await import("../../extension/gather/here.js");
const catalogue = JSON.parse(fs.readFileSync(new URL("../../extension/_locales/en/messages.json", import.meta.url), "utf8"));

before(ready);

const network = { prefix: "192.0.2.0/24", asn: 64510, org: "Example VPN", country: "SE", kind: "" };
const home = { prefix: "198.51.100.0/24", asn: 64500, org: "Example ISP", country: "SE", kind: "" };
const evidence = {
  version: 1, browser: "chromium", os: "linux", final: true, policy: null, companion: { families: [4, 6] }, networks: { "198.51.100.10": home, "192.0.2.10": network },
  exits: [{ family: 4, status: "ok", reason: "", address: "192.0.2.10", network }, { family: 6, status: "failed", reason: "network", address: "", network: null }],
  dns: { status: "skipped", reason: "no-zone", sent: [], sightings: [], trr: null, dnssec: null }, ice: [], baseline: null, deep: false, paths: [], history: [],
};

const gathered = (candidates, more = {}) => ({ status: "complete", reason: "", candidates, permission: "", pdf: false, ...more });

beforeEach(() => {
  stored.local = {};
  stored.session = { check: { phase: "done", evidence } };
  browser.tabs = new Map([[7, { id: 7, url: "https://www.shop.example/x" }]]);
  browser.inPage = async () => gathered([]);
});

const row = ({ verdict }) => verdict.rows.find((one) => one.id === "webrtc");

test("where no extension may look, it says why in words that exist", async () => {
  for (const [url, why] of [
    ["chrome://settings/", "browser"], ["about:addons", "browser"], ["view-source:https://a.example/", "browser"], ["file:///home/me/x.html", "file"],
    ["https://chromewebstore.google.com/x", "store"], ["https://addons.mozilla.org/", "store"], [undefined, "nowhere"], ["", "nowhere"],
  ]) {
    browser.tabs.set(7, { id: 7, url });
    assert.deepEqual(await lookHere(core, 7), { why }, String(url));
  }
  assert.deepEqual(await lookHere(core, 99), { why: "nowhere" });
  browser.tabs.set(7, { id: 7, url: "https://a.example/" });
  browser.inPage = async () => Promise.reject(new Error("Cannot access contents of the page"));
  assert.deepEqual(await lookHere(core, 7), { why: "refused" });
  browser.inPage = async () => gathered([], { pdf: true });
  assert.deepEqual(await lookHere(core, 7), { why: "pdf" });
  stored.session.check = { phase: "checking", evidence };
  assert.deepEqual(await lookHere(core, 7), { why: "check" });
  for (const why of ["browser", "file", "store", "nowhere", "refused", "pdf", "check", "blocked", "looking"]) assert.ok(catalogue[`ui_look_${why}`], why);
});

test("a site that is blocked is asked only while its own scripts still find WebRTC", async () => {
  stored.local.blocked = ["shop.example"];
  const usable = { value: false };
  browser.inPage = async (_tab, func) => (func === gatherHere ? gathered([]) : usable.value);
  assert.deepEqual(await lookHere(core, 7), { why: "blocked" });
  usable.value = true; // it was open before
  assert.equal(row(await lookHere(core, 7)).outcome, "clear");
  usable.value = false;
  stored.local.blocked = ["other.example"];
  assert.equal(row(await lookHere(core, 7)).outcome, "clear");
});

test("the core judges the page as it judges a check", async () => {
  browser.inPage = async () => gathered(["candidate:1 1 udp 1 198.51.100.10 5 typ srflx raddr 0.0.0.0 rport 0"]);
  const leak = await lookHere(core, 7);
  assert.deepEqual([leak.host, row(leak).outcome, leak.verdict.findings.map((one) => one.id)], ["www.shop.example", "leak", ["webrtc-public-ip"]]);
  browser.inPage = async () => gathered(["candidate:1 1 udp 1 192.0.2.10 5 typ srflx raddr 0.0.0.0 rport 0"]);
  assert.equal(row(await lookHere(core, 7)).outcome, "clear");
  browser.inPage = async () => gathered([], { status: "failed", reason: "no-webrtc" });
  assert.equal(row(await lookHere(core, 7)).outcome, "clear");
});

test("what could not be gathered is unknown, and so is what is garbage", async () => {
  for (const odd of [gathered([], { status: "failed", reason: "no-offer" }), gathered([], { status: "timeout" }), gathered(["<b>"]), gathered([], { status: "odd" })]) {
    browser.inPage = async () => odd;
    assert.equal(row(await lookHere(core, 7)).outcome, "unknown", JSON.stringify(odd));
  }
});

test("the gatherer travels as text, is bounded, and ends by itself", async () => {
  const connections = [];
  class RTCPeerConnection extends EventTarget {
    iceGatheringState = "gathering";
    constructor(config) {
      super();
      this.config = config;
      connections.push(this);
    }
    createDataChannel() {}
    createOffer = async () => ({});
    async setLocalDescription() {
      for (let i = 0; i < 1000; i++) this.dispatchEvent(Object.assign(new Event("icecandidate"), { candidate: { candidate: `candidate:${i}${"x".repeat(900)}`, type: i ? "host" : "srflx" } }));
    }
    close() {
      this.closed = true;
    }
  }
  const world = { RTCPeerConnection, setTimeout, clearTimeout, document: { contentType: "text/html" }, navigator: { permissions: { query: async ({ name }) => ({ state: name === "camera" ? "granted" : "denied" }) } } };
  const run = (more) => vm.runInContext(`(${gatherHere})("stun:x", 60, 20)`, vm.createContext({ ...world, ...more }));
  const { status, candidates, permission } = await run({});
  assert.deepEqual([status, candidates.length, permission, connections[0].closed], ["timeout", 128, "granted", true]);
  assert.ok(candidates.every((line) => line.length <= 512));
  assert.equal((await run({ RTCPeerConnection: undefined })).reason, "no-webrtc");
  assert.equal((await run({ RTCPeerConnection: class { constructor() { throw new Error("no"); } } })).reason, "no-connection");
});
