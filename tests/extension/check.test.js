import assert from "node:assert/strict";
import { test } from "node:test";
import "./fake-chrome.js";
import { fakeCore, fakeFetch, fakeFrames, json, NET, sighting } from "./world.js";

const { runCheck, DEADLINE_MS } = await import("../../extension/background/check.js");
const { readSightings, SIGHTINGS_MAX } = await import("../../extension/background/dns.js");
const { endpoints } = await import("../../extension/lib/config.js");

const ZONE = endpoints({ api: "http://watertight.test", zone: "watertight.test" });
const ID = "a".repeat(26);

async function check({ fetch = fakeFetch().fetch, frames = fakeFrames(), core = fakeCore(), places = ZONE, clickedAgo = 0, ...more } = {}) {
  const published = [];
  const began = Date.now();
  const publish = (evidence, verdict) => published.push({ evidence: structuredClone(evidence), verdict });
  const setup = { id: ID, browser: "chromium", deep: false, baseline: null, history: [], servers: [], resolve: null, ...more };
  const result = await runCheck({ ...setup, places, core, frames, fetch, publish, clickedAt: began - clickedAgo });
  return { ...result, published, ms: Date.now() - began };
}

const opts = { concurrency: true };

test("checks", opts, async (t) => {
  const run = (name, body) => t.test(name, body);
  await Promise.all([
    run("a healthy companion: all evidence, long before the deadline", async () => {
      const frames = fakeFrames({ lines: ["candidate:1 1 udp 1 192.0.2.10 9 typ srflx"] });
      const { evidence, verdict, ms } = await check({ frames });
      assert.equal(verdict.final, true);
      assert.deepEqual(evidence.exits.map((exit) => [exit.family, exit.status]), [[4, "ok"], [6, "ok"]]);
      assert.deepEqual(evidence.companion, { families: [4, 6] });
      assert.equal(evidence.dns.status, "ok");
      assert.deepEqual(evidence.dns.sent.toSorted(), ["f0", "f1", "f2", "f3", "p0", "p1", "s0", "s1"]);
      assert.equal(evidence.dns.sightings.length, 6);
      assert.deepEqual(evidence.ice.map((ice) => [ice.frame, ice.status, ice.candidates.length]), [[4, "complete", 1], [6, "complete", 1]]);
      assert.ok(ms < 1000, `took ${ms} ms`);
    }),
    run("each frame looks up a name of its own", async () => {
      const frames = fakeFrames();
      await check({ frames });
      const [servers] = frames.log.gathered.map((message) => message.iceServers.map((server) => server.urls));
      assert.deepEqual(servers, ["stun:stun.watertight.test:3478"]); // this companion does not tell its addresses
      const names = frames.log.urls.map((url) => url.split("#")[1]);
      assert.match(names[0], /^s0\.[a-z2-7]{26}\.watertight\.test;$/);
      assert.match(names[1], /^s1\.[a-z2-7]{26}\.watertight\.test;$/);
      assert.deepEqual(frames.log.closed, [ID]);
    }),
    run("the companion's addresses are asked, not its name", async () => {
      const frames = fakeFrames();
      const reply = { address: "192.0.2.10", family: 4, network: NET, companion: { families: [4, 6] }, server: { addresses: ["203.0.113.53", "2001:db8:53::53"] } };
      await check({ frames, fetch: fakeFetch({ exit4: () => json(reply) }).fetch });
      const urls = frames.log.gathered[0].iceServers.map((server) => server.urls);
      assert.deepEqual(urls, ["stun:203.0.113.53:3478", "stun:[2001:db8:53::53]:3478"]);
    }),
    run("the addresses that were asked are the next check's guess", async () => {
      const reply = { address: "192.0.2.10", family: 4, network: NET, companion: { families: [4] }, server: { addresses: ["203.0.113.53"] } };
      for (const [browser, guess] of [["chromium", "stun:203.0.113.53:3478"], ["firefox", "stun:203.0.113.53:3478,stun:203.0.113.53:53"]]) {
        const { servers } = await check({ browser, fetch: fakeFetch({ exit4: () => json(reply) }).fetch });
        assert.deepEqual(servers, ["203.0.113.53"]);
        const frames = fakeFrames();
        await check({ browser, frames, servers });
        assert.equal(frames.log.urls[0].split(";")[1], guess);
      }
    }),
    run("a token begins with the hint of the last check, and the companion's newest hint is for the next", async () => {
      const server = { addresses: ["203.0.113.53"], hint: "zzu" };
      const reply = { address: "192.0.2.10", family: 4, network: NET, companion: { families: [4] }, server };
      const { fetch, asked } = fakeFetch({ exit4: () => json(reply) });
      const { hint } = await check({ fetch, hint: "zze" });
      assert.equal(hint, "zzu");
      assert.ok(asked.some((url) => /\/\/f0\.zze[a-z2-7]{23}\.watertight\.test\//.test(url)), asked.join(" "));
      assert.equal((await check({ hint: "zze" })).hint, "zze"); // this companion has none
      const odd = { ...reply, server: { ...server, hint: "f0.x" } };
      const { evidence, hint: kept } = await check({ fetch: fakeFetch({ exit4: () => json(odd), exit6: () => json(odd) }).fetch, hint: "zze" });
      assert.deepEqual([evidence.exits[0].reason, kept], ["garbage", "zze"]);
    }),
    run("a loopback companion: one exit, one frame, no DNS", async () => {
      const places = endpoints({ api: "http://127.0.0.1:8053", zone: "" });
      const { fetch, asked } = fakeFetch();
      const { evidence } = await check({ places, fetch });
      assert.deepEqual(asked, ["http://127.0.0.1:8053/v1/exit"]);
      assert.equal(evidence.exits.length, 1);
      assert.equal(evidence.ice.length, 1);
      assert.deepEqual([evidence.dns.status, evidence.dns.reason, evidence.dns.sent], ["skipped", "no-zone", []]);
    }),
    run("everything silent: the deadline, and every part says so", async () => {
      const { fetch, never } = fakeFetch();
      const silent = (_url, { signal }) => never(signal);
      const { evidence, ms } = await check({ fetch: silent, frames: fakeFrames({ silent: ["ip4", "ip6"] }) });
      assert.ok(ms <= DEADLINE_MS - 200, `took ${ms} ms`); // 200 ms are left to show it
      assert.deepEqual(evidence.exits.map((exit) => [exit.status, exit.reason]), [["failed", "timeout"], ["failed", "timeout"]]);
      assert.deepEqual(evidence.ice.map((ice) => [ice.status, ice.reason]), [["failed", "frame-unreachable"], ["failed", "frame-unreachable"]]);
      assert.deepEqual([evidence.dns.status, evidence.dns.reason], ["failed", "timeout"]);
      assert.ok(fetch);
    }),
    run("the deadline counts from the click, for the gatherers too", async () => {
      const { never } = fakeFetch();
      const frames = fakeFrames({ status: "" });
      const { ms } = await check({ fetch: (_url, { signal }) => never(signal), frames, clickedAgo: 900 });
      assert.ok(ms <= DEADLINE_MS - 200 - 900 + 50, `took ${ms} ms`);
      for (const { deadlineMs } of frames.log.gathered) assert.ok(deadlineMs < 1200, `gathers for ${deadlineMs} ms`);
    }),
    run("no IPv6: its frame is given up soon after its exit failed", async () => {
      const { fetch } = fakeFetch({ exit6: () => Promise.reject(new TypeError("no route")) });
      const { evidence, ms } = await check({ fetch, frames: fakeFrames({ silent: ["ip6"] }) });
      assert.deepEqual([evidence.exits[1].status, evidence.exits[1].reason], ["failed", "network"]);
      assert.deepEqual([evidence.ice[1].status, evidence.ice[1].reason], ["failed", "frame-unreachable"]);
      assert.equal(evidence.ice[0].status, "complete");
      assert.ok(ms < 1200, `took ${ms} ms`);
    }),
    run("a frame that loaded but never finishes is a timeout", async () => {
      const { evidence } = await check({ frames: fakeFrames({ status: "" }) });
      assert.deepEqual(evidence.ice.map((ice) => ice.status), ["timeout", "timeout"]);
    }),
    run("a gatherer that keeps silent after the deadline is told its time", async () => {
      const frames = fakeFrames();
      await check({ frames });
      for (const { deadlineMs } of frames.log.gathered) assert.ok(deadlineMs > 1000 && deadlineMs <= 1800);
    }),
    run("an ordinary check never asks for a name that fails", async () => {
      const { fetch, asked } = fakeFetch();
      const { evidence } = await check({ fetch });
      assert.ok(!evidence.dns.sent.some((label) => /^[xvt]|^f5/.test(label)));
      assert.ok(!asked.some((url) => /^https?:\/\/([xvt]\d|broken)/.test(url)));
      assert.deepEqual([evidence.deep, evidence.dns.dnssec], [false, null]);
    }),
    run("the deep test: failing names after the others, and names after those", async () => {
      const { fetch, asked } = fakeFetch();
      const { evidence } = await check({ fetch, deep: true });
      const order = asked.map((url) => /\/\/([a-z]\d+)\./.exec(url)?.[1]).filter(Boolean);
      assert.deepEqual(order, ["f0", "f1", "f2", "f3", "x0", "x1", "v0", "t0", "f50", "f51", "f52"]);
      assert.ok(asked.some((url) => /\/\/v0\.[a-z2-7]{26}\.v6\.watertight\.test\//.test(url)));
      assert.equal(evidence.deep, true);
      assert.deepEqual(evidence.dns.dnssec, { valid: "failed", broken: "failed" });
    }),
    run("paths that the companion attests are evidence, once each", async () => {
      const world = fakeFetch();
      const path = JSON.stringify({ transport: "udp", family: 4, address: "198.51.100.10", network: NET });
      const events = [["path", path], ["path", path], ["other", "{}"]];
      const { fetch } = fakeFetch({ stream: (_url, signal) => world.sse(events, signal) });
      const { evidence } = await check({ fetch });
      assert.deepEqual(evidence.paths, [JSON.parse(path)]);
    }),
    run("attestation is waited for only where the page was not shown the way", async () => {
      const reply = { address: "192.0.2.10", family: 4, network: NET, companion: { families: [4, 6] }, server: { addresses: ["203.0.113.53"] } };
      const took = async (lines) => (await check({ frames: fakeFrames({ lines }), fetch: fakeFetch({ exit4: () => json(reply) }).fetch })).ms;
      const hidden = await took([]);
      const shown = await took(["candidate:1 1 udp 1 192.0.2.10 9 typ srflx raddr 0.0.0.0 rport 0"]);
      assert.ok(hidden >= 600 && shown < 450, `took ${hidden} ms hidden, ${shown} ms shown`);
    }),
    run("Firefox looks up without a page and says whether over HTTPS", async () => {
      const asked = [];
      const resolve = async (name) => (asked.push(name), name === "watertight.test" ? { isTRR: true } : Promise.reject(new Error("no such name")));
      const { evidence } = await check({ browser: "firefox", resolve });
      assert.equal(evidence.dns.trr, true);
      assert.ok(evidence.dns.sent.includes("r0"));
      assert.match(asked[0], /^r0\.[a-z2-7]{26}\.watertight\.test$/);
    }),
    run("a frame is told where to attest, and port 53 in Firefox alone", async () => {
      const server = { addresses: ["203.0.113.53"] };
      const exit4 = () => json({ address: "192.0.2.10", family: 4, network: NET, companion: { families: [4, 6] }, server });
      for (const browser of ["chromium", "firefox"]) {
        const frames = fakeFrames();
        await check({ browser, frames, fetch: fakeFetch({ exit4 }).fetch });
        const [{ turn, stun53 }] = frames.log.gathered;
        assert.deepEqual(turn[0].urls, ["turn:203.0.113.53:3479?transport=udp", "turn:203.0.113.53:3479?transport=tcp"]);
        assert.match(turn[0].username, /^[a-z2-7]{26}$/);
        assert.deepEqual(stun53, browser === "firefox" ? [{ urls: "stun:203.0.113.53:53" }] : []);
      }
    }),
    run("unseen probes: a quiet moment is enough", async () => {
      const world = fakeFetch();
      const { fetch } = fakeFetch({ stream: (_url, signal) => world.sse([["sighting", JSON.stringify(sighting("f0"))]], signal) });
      const { evidence, ms } = await check({ fetch });
      assert.equal(evidence.dns.status, "ok");
      assert.deepEqual(evidence.dns.sightings.map(({ label }) => label), ["f0"]);
      assert.ok(ms >= 250 && ms < 1000, `took ${ms} ms`);
    }),
    run("nobody was seen to ask: reports of a name server elsewhere are waited for, but not until the end", async () => {
      const late = (/** @type {number} */ after) => (_url, signal) => {
        const encode = (text) => new TextEncoder().encode(text);
        const start = (controller) => {
          controller.enqueue(encode("event: open\ndata:\n\n"));
          const tell = () => controller.enqueue(encode(["f0", "f1", "f2", "f3", "s0", "s1"].map((label) => `event: sighting\ndata: ${JSON.stringify(sighting(label))}\n\n`).join("")));
          const timer = setTimeout(tell, after);
          signal.addEventListener("abort", () => (clearTimeout(timer), controller.error(signal.reason)));
        };
        return new Response(new ReadableStream({ start }));
      };
      const there = await check(fakeFetch({ stream: late(700) }));
      assert.equal(there.evidence.dns.sightings.length, 6);
      const none = await check(fakeFetch({ stream: late(60_000) }));
      assert.deepEqual([none.evidence.dns.status, none.evidence.dns.sightings], ["ok", []]);
      assert.ok(none.ms >= 1000 && none.ms < 1800, `took ${none.ms} ms`);
    }),
    run("a sighting that grew replaces the former", async () => {
      const world = fakeFetch();
      const labels = ["f0", "f1", "f2", "f3", "s0", "s1", "f0"];
      const events = labels.map((label, at) => ["sighting", JSON.stringify(sighting(label, at === 6 ? { qtypes: ["A", "AAAA"] } : {}))]);
      const { fetch } = fakeFetch({ stream: (_url, signal) => world.sse(events, signal) });
      const { evidence } = await check({ fetch });
      assert.equal(evidence.dns.sightings.length, 6);
      assert.deepEqual(evidence.dns.sightings[0].qtypes, ["A", "AAAA"]);
    }),
    run("garbage from the companion is called garbage", async () => {
      const world = fakeFetch();
      const { fetch } = fakeFetch({
        exit4: () => new Response("<html>"),
        exit6: () => json({ address: "<b>", family: 6 }),
        stream: (_url, signal) => world.sse([["sighting", "{}"]], signal),
      });
      const { evidence } = await check({ fetch });
      assert.deepEqual(evidence.exits.map((exit) => exit.reason), ["garbage", "garbage"]);
      assert.deepEqual([evidence.dns.status, evidence.dns.reason], ["failed", "garbage"]);
    }),
    run("an exit of the wrong family is garbage, an error status is http", async () => {
      const { fetch } = fakeFetch({
        exit4: () => json({ address: "2001:db8::1", family: 6, network: null }),
        exit6: () => json({ error: { code: "busy", message: "" } }, 503),
      });
      const { evidence } = await check({ fetch });
      assert.deepEqual(evidence.exits.map((exit) => exit.reason), ["garbage", "http"]);
    }),
    run("a stream that ends early is a failed stream, and what it told stays", async () => {
      const world = fakeFetch();
      const { fetch } = fakeFetch({ stream: (_url, signal) => world.sse([["sighting", JSON.stringify(sighting("f0"))]], signal, { end: true }) });
      const { evidence } = await check({ fetch });
      assert.deepEqual([evidence.dns.status, evidence.dns.reason], ["failed", "stream"]);
      assert.equal(evidence.dns.sightings.length, 1);
    }),
    run("a stream that told of every name and then ends has failed all the same", async () => {
      const world = fakeFetch();
      const events = ["f0", "f1", "f2", "f3", "s0", "s1"].map((label) => ["sighting", JSON.stringify(sighting(label))]);
      for (const deep of [false, true]) {
        const { fetch } = fakeFetch({ stream: (_url, signal) => world.sse(events, signal, { end: true }) });
        const { evidence } = await check({ fetch, deep });
        assert.deepEqual([evidence.dns.status, evidence.dns.reason], ["failed", "stream"]);
        assert.equal(evidence.dns.sightings.length, 6);
      }
    }),
    run("wanted networks are asked once and judged again", async () => {
      const { fetch, asked } = fakeFetch();
      const { evidence, verdict } = await check({ fetch, core: fakeCore(["198.51.100.10"]) });
      assert.deepEqual(evidence.networks, { "198.51.100.10": NET });
      assert.deepEqual(verdict.wants, []);
      assert.equal(asked.filter((url) => url.includes("/v1/networks")).length, 1);
    }),
    run("wanted networks that cannot be had are null, and the check ends", async () => {
      const { fetch } = fakeFetch({ networks: () => new Response("", { status: 500 }) });
      const { evidence, ms } = await check({ fetch, core: fakeCore(["198.51.100.10"]) });
      assert.deepEqual(evidence.networks, { "198.51.100.10": null });
      assert.ok(ms < 1200);
    }),
    run("a proxy's error page is no answer of the companion; its own error is", async () => {
      const own = JSON.stringify({ error: { code: "internal", message: "" } });
      const failing = (body) => () => new Response(body, { status: 504 });
      for (const [body, reason] of [["<h1>504 Gateway Timeout</h1>", "network"], ["{}", "network"], ["null", "network"], [own, "http"]]) {
        const { fetch } = fakeFetch({ exit4: failing(body), exit6: failing(body) });
        const { evidence } = await check({ fetch });
        assert.deepEqual([...new Set(evidence.exits.map((exit) => exit.reason))], [reason]);
      }
    }),
    run("partial verdicts come while the check runs", async () => {
      const { published } = await check({ frames: fakeFrames({ status: "" }) });
      assert.equal(published[0].verdict, null);
      assert.ok(published.length > 1);
      assert.ok(published.every(({ evidence }) => evidence.final === false));
    }),
    run("a core that throws ends in unknown, in words", async () => {
      const core = { ...fakeCore(), judge: () => Promise.reject(new Error("dead")) };
      const { verdict } = await check({ core });
      assert.equal(verdict.outcome, "unknown");
      assert.equal(verdict.headline.id, "ui_headline_core_failed");
      assert.equal(verdict.unknowns.length, 3);
    }),
    run("strangers at the door: unknown address, second port of a frame", async () => {
      const frames = fakeFrames({ status: "" });
      const done = check({ frames });
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(frames.knock("http://evil.test/v1/frame").disconnected, true);
      assert.equal(frames.knock("http://ip4.watertight.test/v1/frame").disconnected, true);
      await done;
    }),
    run("no place for frames: both fail, the rest goes on", async () => {
      const frames = { ...fakeFrames(), open: () => Promise.reject(new Error("no document")) };
      const { evidence } = await check({ frames });
      assert.deepEqual(evidence.ice.map((ice) => ice.reason), ["no-host", "no-host"]);
      assert.equal(evidence.exits[0].status, "ok");
    }),
  ]);
});

test("a companion that dropped sightings, or told too many, has not told all; what it told stays", async () => {
  const world = fakeFetch();
  const seen = (n) => ["sighting", JSON.stringify(sighting("f0", { resolver: `192.0.2.${n}` }))];
  const path = (n) => ["path", JSON.stringify({ transport: "udp", family: 4, address: `198.51.100.${n}`, network: NET })];
  const many = (count, make) => Array.from({ length: count }, (_, n) => make(n));
  for (const [events, sightings, reason] of [
    [[["full", "{}"], seen(1)], 1, "full"],
    [many(SIGHTINGS_MAX, seen), SIGHTINGS_MAX, ""],
    [[...many(SIGHTINGS_MAX, seen), seen(0)], SIGHTINGS_MAX, ""], // it grew
    [[...many(SIGHTINGS_MAX, seen), ["sighting", JSON.stringify(sighting("f1"))]], SIGHTINGS_MAX, "full"],
    [many(16, path), 0, ""],
    [many(17, path), 0, "full"],
  ]) {
    for (const end of reason ? [false, true] : [false]) {
      const { fetch } = fakeFetch({ stream: (_url, signal) => world.sse(events, signal, { end }) });
      const { evidence } = await check({ fetch });
      assert.deepEqual([evidence.dns.status, evidence.dns.reason], [reason ? "failed" : "ok", reason]);
      assert.equal(evidence.dns.sightings.length, sightings);
    }
  }
});

test("what a frame looked up at a resolver that is known already keeps nobody waiting; one that is new does", async () => {
  const told = [["f0", "192.0.2.53"], ["s0", "192.0.2.53"], ["s1", "198.51.100.53"], ["p0", "198.51.100.53"], ["f1", "192.0.2.53"]];
  const events = told.map(([label, resolver]) => ["sighting", JSON.stringify(sighting(label, { resolver }))]);
  const { sse } = fakeFetch();
  /** @type {(boolean | undefined)[]} */
  const races = [];
  const evidence = { dns: { status: "pending", reason: "", sent: [], sightings: [] }, paths: [], final: false };
  await readSightings({
    places: ZONE, token: ID, evidence, signal: new AbortController().signal, pathNews: () => {},
    fetch: async (_url, { signal }) => sse(events, signal, { end: true }),
    dnsNews: (race) => void races.push(race),
  });
  assert.deepEqual(races.slice(1, -1), [true, false, true, false, true]); // before them the stream opened, after them it ended
  assert.equal(evidence.dns.sightings.length, 5);
});
