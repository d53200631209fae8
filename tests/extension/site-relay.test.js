/** watch/relay.js with a page that says what it likes. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = fs.readFileSync(new URL("../../extension/watch/relay.js", import.meta.url), "utf8");

function frame({ broken = false } = {}) {
  const sent = [];
  const timers = [];
  const ends = [];
  let now = 0;
  const performance = Object.assign(new EventTarget(), { now: () => now, timeOrigin: 1000 });
  const world = {
    performance,
    crypto: { getRandomValues: (array) => crypto.getRandomValues(array) }, // randomUUID is for secure contexts only
    CustomEvent,
    addEventListener: (name, handler) => void (name === "pagehide" && ends.push(handler)),
    setTimeout: (handler, ms) => timers.push({ handler, at: now + ms }),
    clearTimeout: (id) => void (id && (timers[id - 1] = null)),
    chrome: {
      runtime: {
        sendMessage: async (message) => {
          sent.push(structuredClone(message));
        },
      },
    },
  };
  if (broken) world.chrome.runtime.sendMessage = () => { throw new Error("Extension context invalidated."); };
  world.window = world;
  world.top = world;
  const context = vm.createContext(world);
  const run = () => vm.runInContext(source, context);
  let name = "";
  performance.addEventListener("watertight-relay", ({ detail }) => (name = detail), { once: true });
  run();
  /** @param {number} ms */
  const pass = (ms) => {
    for (const end = now + ms; now <= end; now += 50) {
      timers.forEach((timer, at) => {
        if (!timer || timer.at > now) return;
        timers[at] = null;
        timer.handler();
      });
    }
  };
  return {
    sent, run, pass,
    say: (detail) => performance.dispatchEvent(new CustomEvent(name, { detail })),
    name: () => name,
    /** What it says when page.js comes after it. */
    asked() {
      const told = [];
      performance.addEventListener("watertight-relay", ({ detail }) => told.push(detail));
      performance.dispatchEvent(new CustomEvent("watertight-ask"));
      return told;
    },
    leave: () => ends.splice(0).forEach((handler) => handler()),
    events: () => sent.flatMap(({ events = [] }) => events),
  };
}

const CANDIDATE = "candidate:1 1 udp 1 198.51.100.10 5 typ srflx";
const SDP = `v=0\r\na=ice-ufrag:aB+/1\r\nm=application 9 UDP\r\na=${CANDIDATE}\r\na=${CANDIDATE}\r\nm=audio 9\r\n`;

test("the relay says once more that it has come when it is asked, by the same name", () => {
  const { name, asked } = frame();
  assert.ok(name());
  assert.deepEqual(asked(), [name()]);
});

test("a frame that uses no WebRTC sends nothing, also when it ends", () => {
  const it = frame();
  it.pass(10_000);
  it.leave();
  it.pass(1000);
  assert.deepEqual(it.sent, []);
});

test("what a page did becomes the core's events, each once", () => {
  const it = frame();
  it.say("construct\n1\n");
  it.say("ice-servers\n1\nstun:a.example:3478\nturns:[2001:db8::1]:5349?transport=tcp\nhttp://x/\nstun:\n");
  it.say(`local\n1\n${SDP}`);
  it.say(`local\n1\n${SDP}`);
  it.say("remote\n1\nv=0\r\na=ice-ufrag:zz\r\n");
  it.say("media\n1\ndevice");
  it.say("connection-state\n1\nconnected");
  it.say("stats\n1\n");
  it.say("close\n1\n");
  it.pass(100);
  assert.equal(it.sent.length, 1);
  const [{ type, born, top, lost, events }] = it.sent;
  assert.deepEqual({ type, born, top, lost }, { type: "watch", born: 1000, top: true, lost: 0 });
  assert.deepEqual(events, [
    { kind: "construct", conn: 1 },
    { kind: "ice-servers", conn: 1, servers: [{ kind: "stun", host: "a.example" }, { kind: "turns", host: "2001:db8::1" }] },
    { kind: "local-description", conn: 1, key: "aB+/1" },
    { kind: "data-channel", conn: 1 },
    { kind: "media", conn: 1, source: "none" },
    { kind: "candidate", conn: 1, line: CANDIDATE },
    { kind: "remote-description", conn: 1, key: "zz" },
    { kind: "media", conn: 1, source: "device" },
    { kind: "connection-state", conn: 1, state: "connected" },
    { kind: "stats", conn: 1 },
    { kind: "close", conn: 1 },
  ]);
});

test("what has no shape of an event is none", () => {
  const it = frame();
  for (const detail of [
    undefined, null, 7, {}, ["construct\n1\n"], { toString: () => "construct\n1\n" }, "", "construct", "construct\n1", "construct\nx\n", "construct\n-1\n",
    "construct\n99999999\n", "toString\n1\n", "__proto__\n1\n", "constructor\n1\n", "frame-gone\n1\n", "verdict\n1\nclear",
    "connection-state\n1\n<b>", `connection-state\n1\n${"x".repeat(17)}`, "media\n1\nuser", "candidate\n1\na\nb", `candidate\n1\n${"x".repeat(513)}`,
    `local\n1\n${"x".repeat(70_000)}`, "ice-servers\n1\njavascript:alert(1)\n",
  ]) it.say(detail);
  it.pass(10_000);
  assert.deepEqual(it.sent, []);
});

test("huge candidates and markup are no more than text of bounded length", () => {
  const it = frame();
  it.say(`candidate\n1\n<img src=x onerror=alert(1)>`);
  it.say(`local\n1\nv=0\r\na=ice-ufrag:<script>\r\na=candidate:${"9".repeat(60_000)}\r\n`);
  it.say(`ice-servers\n1\nstun:<b>.example\nstun:${"a".repeat(300)}\n`);
  it.pass(1000);
  assert.deepEqual(it.events(), [
    { kind: "candidate", conn: 1, line: "<img src=x onerror=alert(1)>" },
    { kind: "local-description", conn: 1, key: "" },
    { kind: "ice-servers", conn: 1, servers: [{ kind: "stun", host: "<b>.example" }] },
  ]);
});

test("a flood of ten thousand events becomes a few messages, and silences no other kind", () => {
  const it = frame();
  for (let i = 1; i <= 10_000; i++) it.say(`candidate\n${i}\ncandidate:${i} 1 udp 1 10.0.0.1 5 typ host`);
  it.say("connection-state\n1\nconnected");
  it.pass(10_000);
  const events = it.events();
  assert.equal(events.filter((one) => one.kind === "candidate").length, 512);
  assert.ok(events.some((one) => one.kind === "connection-state"));
  assert.ok(it.sent.length <= 10 && it.sent.every((message) => message.events.length <= 64));
  assert.equal(it.sent.reduce((sum, message) => sum + message.lost, 0), 10_000 - 512);
  // Later there is room again.
  it.say("candidate\n1\ncandidate:x 1 udp 1 10.0.0.2 5 typ host");
  it.pass(1000);
  assert.equal(it.events().at(-1).line, "candidate:x 1 udp 1 10.0.0.2 5 typ host");
});

test("the document's end is told with everything before it", () => {
  const it = frame();
  it.say("construct\n1\n");
  it.leave();
  assert.deepEqual(it.events(), [{ kind: "construct", conn: 1 }, { kind: "frame-gone", conn: 0 }]);
  it.pass(1000);
  assert.equal(it.sent.length, 1);
});

test("a second run in the same window says nothing twice", () => {
  const it = frame();
  it.run();
  it.say("construct\n1\n");
  it.pass(1000);
  assert.equal(it.events().length, 1);
});

test("an extension that was updated leaves the page in peace", () => {
  const it = frame({ broken: true });
  it.say("construct\n1\n");
  it.pass(1000);
  it.say("construct\n2\n");
  it.leave();
});

test("documents that speak here are told apart, and their ends", () => {
  const it = frame();
  it.say("construct\n1\n");
  it.say("construct\n17.1\n");
  it.say("frame-gone\n17.0\n");
  it.pass(1000);
  assert.deepEqual(it.events(), [{ kind: "construct", conn: 1 }, { kind: "construct", conn: 1, doc: 17 }, { kind: "frame-gone", conn: 0, doc: 17 }]);
});

test("who asks for relays is passed on: the first at once, the last surely, and a flood ever more rarely", () => {
  const it = frame();
  const calls = () => it.sent.filter(({ type }) => type === "watch-call").length;
  it.say("call\n0\n");
  assert.equal(calls(), 1);
  it.say("call\n0\n");
  it.say("call\n0\n");
  assert.equal(calls(), 1);
  it.pass(1000);
  assert.equal(calls(), 2);
  for (let i = 0; i < 1000; i++) {
    it.say("call\n0\n");
    it.pass(50);
  }
  assert.ok(calls() > 10 && calls() < 40, `${calls()} in 50 s`);
  assert.deepEqual(it.events(), []);
});

test("a page cannot know by which event the relay hears", () => {
  assert.match(frame().name(), /^watertight(-\d+){4}$/);
  assert.notEqual(frame().name(), frame().name());
});
