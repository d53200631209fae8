import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = fs.readFileSync(new URL("../../extension/gather/content.js", import.meta.url), "utf8");
const ID = "a".repeat(26);

/** Runs the content script in a frame that is made of plain objects. */
function frame({ hash = `#${ID}`, top = false, webrtc = true, offer = async () => ({}), granted = "", mark = "frame", above = ["chrome-extension://own-id"] } = {}) {
  const said = [];
  const connections = [];
  const names = [];
  const links = [];
  let hear = () => {};
  let hangUp = () => {};
  class RTCPeerConnection {
    constructor() {
      this.handlers = {};
      this.iceGatheringState = "new";
      connections.push(this);
    }
    setConfiguration(config) {
      this.config = config;
    }
    addEventListener(name, handler) {
      this.handlers[name] = handler;
    }
    createDataChannel() {}
    createOffer = offer;
    async setLocalDescription() {}
    close() {
      this.closed = true;
    }
  }
  const world = {
    location: { hash, ancestorOrigins: above },
    chrome: {
      runtime: {
        getURL: (path) => `chrome-extension://own-id/${path}`,
        connect: ({ name }) => {
          names.push(name);
          return { postMessage: (body) => said.push({ ...body }), onMessage: { addListener: (handler) => (hear = handler) }, onDisconnect: { addListener: (handler) => (hangUp = handler) } };
        },
      },
    },
    navigator: { permissions: { query: async ({ name }) => ({ state: name === granted ? "granted" : "denied" }) } },
    document: { createElement: () => ({}), documentElement: { dataset: { watertight: mark }, append: (link) => links.push(link) } },
    setTimeout,
    clearTimeout,
    String,
    Number,
    ...(webrtc ? { RTCPeerConnection } : {}),
  };
  world.window = top ? {} : { parent: {} };
  if (top) world.window.parent = world.window;
  const context = vm.createContext(world);
  const run = () => vm.runInContext(source, context);
  run();
  const ask = (deadlineMs = 1000, more = {}) =>
    hear({ type: "gather", iceServers: [{ urls: "stun:x" }], turn: [], stun53: [], prefetch: "", deadlineMs, attestMs: 50, ...more });
  return { said, connections, names, links, run, ask, begin: () => hear({ type: "begin" }), hangUp: () => hangUp() };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

test("candidates and errors as they come, then complete", async () => {
  const it = frame();
  assert.deepEqual(it.names, [`gather:${ID}`]);
  it.ask();
  await tick();
  const [pc] = it.connections;
  assert.deepEqual(pc.config.iceServers, [{ urls: "stun:x" }]);
  pc.handlers.icecandidate({ candidate: { candidate: "candidate:1" } });
  pc.handlers.icecandidate({ candidate: { candidate: "" } });
  pc.handlers.icecandidateerror({ url: "stun:x", errorCode: 701 });
  pc.handlers.icecandidate({ candidate: null });
  pc.iceGatheringState = "complete";
  pc.handlers.icegatheringstatechange();
  await tick();
  assert.deepEqual(it.said, [
    { type: "candidate", line: "candidate:1" },
    { type: "error", url: "stun:x", code: 701 },
    { type: "done", status: "complete", reason: "" },
  ]);
  assert.equal(pc.closed, true);
});

test("nothing within the deadline is a timeout", async () => {
  const it = frame();
  it.ask(1);
  await tick();
  await tick();
  assert.deepEqual(it.said, [{ type: "done", status: "timeout", reason: "" }]);
});

test("a browser that gives up before it gathers has nothing to show; one that gathers may yet", async () => {
  const it = frame();
  it.ask();
  await tick();
  const [pc] = it.connections;
  pc.iceConnectionState = "checking";
  pc.handlers.iceconnectionstatechange();
  pc.iceConnectionState = "failed";
  pc.iceGatheringState = "gathering";
  pc.handlers.iceconnectionstatechange();
  await tick();
  assert.deepEqual(it.said, []);
  pc.iceGatheringState = "new";
  pc.handlers.iceconnectionstatechange();
  await tick();
  assert.deepEqual(it.said, [{ type: "done", status: "complete", reason: "" }]);
});

test("silence after the STUN server answered ends it; before that, only the deadline does", async () => {
  const it = frame();
  it.ask(3000);
  await tick();
  const [pc] = it.connections;
  pc.handlers.icecandidate({ candidate: { candidate: "candidate:1", type: "host" } });
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(it.said.length, 1);
  pc.handlers.icecandidate({ candidate: { candidate: "candidate:2", type: "srflx" } });
  await new Promise((resolve) => setTimeout(resolve, 400));
  pc.handlers.icecandidateerror({ url: "stun:x", errorCode: 701 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(it.said.length, 3);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.deepEqual(it.said.at(-1), { type: "done", status: "timeout", reason: "quiet" });
});

test("a browser without WebRTC, or one that makes no offer, says so", async () => {
  const none = frame({ webrtc: false });
  none.ask();
  assert.deepEqual(none.said, [{ type: "done", status: "failed", reason: "no-webrtc" }]);
  const refused = frame({ offer: () => Promise.reject(new Error("no")) });
  refused.ask();
  await tick();
  assert.deepEqual(refused.said, [{ type: "done", status: "failed", reason: "no-offer" }]);
});

test("attestation and port 53 have connections of their own, which never end the gathering", async () => {
  const it = frame();
  const turn = [{ urls: ["turn:x"], username: ID, credential: "w" }];
  it.ask(1000, { turn, stun53: [{ urls: "stun:x:53" }], prefetch: "//p0.test" });
  await tick();
  const [main, other, relay] = it.connections;
  assert.deepEqual({ ...relay.config }, { iceServers: turn, iceTransportPolicy: "relay" });
  assert.deepEqual(other.config.iceServers, [{ urls: "stun:x:53" }]);
  assert.deepEqual(it.links.map(({ rel, href }) => [rel, href]), [["dns-prefetch", "//p0.test"]]);
  other.handlers.icecandidate({ candidate: { candidate: "candidate:1", type: "srflx" } });
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.deepEqual(it.said, [{ type: "stun53", state: "answered" }, { type: "attested" }]);
  assert.deepEqual([main.closed, relay.closed, other.closed], [undefined, true, true]);
});

test("port 53 is silent only when the other port has answered", async () => {
  const silent = frame();
  silent.ask(1000, { stun53: [{ urls: "stun:x:53" }] });
  const deaf = frame();
  deaf.ask(500, { stun53: [{ urls: "stun:x:53" }] });
  await tick();
  silent.connections[0].handlers.icecandidate({ candidate: { candidate: "candidate:1", type: "srflx" } });
  await new Promise((resolve) => setTimeout(resolve, 550));
  assert.deepEqual(silent.said.find(({ type }) => type === "stun53"), { type: "stun53", state: "silent" });
  assert.deepEqual(deaf.said.find(({ type }) => type === "stun53"), { type: "stun53", state: "untested" });
});

test("a microphone permission is told before the end", async () => {
  const it = frame({ granted: "microphone" });
  it.ask();
  await tick();
  it.connections[0].handlers.icecandidate({ candidate: null });
  await tick();
  assert.deepEqual(it.said, [{ type: "permission", state: "granted" }, { type: "done", status: "complete", reason: "" }]);
});

test("a page that is not our frame is left alone", () => {
  assert.deepEqual(frame({ hash: "" }).names, []);
  assert.deepEqual(frame({ hash: "#short" }).names, []);
  assert.deepEqual(frame({ top: true }).names, []);
  // A proxy's error page under the same address.
  assert.deepEqual(frame({ mark: "" }).names, []);
});

test("the name in the fragment is looked up before any order, and is no part of what is gathered", async () => {
  const it = frame({ hash: `#${ID};s0.${ID}.watertight.test` });
  const [lookUp, main] = it.connections;
  assert.equal(main.config, undefined);
  assert.deepEqual({ ...lookUp.config.iceServers[0] }, { urls: `stun:s0.${ID}.watertight.test` });
  it.ask();
  await tick();
  assert.deepEqual(main.config.iceServers, [{ urls: "stun:x" }]);
  lookUp.handlers.icecandidate({ candidate: { candidate: "candidate:9" } });
  lookUp.handlers.icecandidate({ candidate: null });
  assert.deepEqual(it.said, []);
  assert.equal(frame({ hash: `#${ID};a b` }).connections.length, 1);
});

test("servers guessed in the fragment are asked at once, and told of when the order names the same", async () => {
  const it = frame({ hash: `#${ID};;stun:192.0.2.1:3478,stun:192.0.2.1:53,turn:evil,stun:name.test` });
  const [main, other] = it.connections;
  assert.deepEqual([...other.config.iceServers.map(({ urls }) => urls)], ["stun:192.0.2.1:53"]);
  assert.deepEqual([...main.config.iceServers.map(({ urls }) => urls)], ["stun:192.0.2.1:3478"]);
  main.handlers.icecandidate({ candidate: { candidate: "candidate:1", type: "srflx" } });
  other.handlers.icecandidate({ candidate: { candidate: "candidate:2", type: "srflx" } });
  main.handlers.icecandidate({ candidate: null });
  await tick();
  assert.deepEqual(it.said, []);
  it.ask(1000, { iceServers: [{ urls: "stun:192.0.2.1:3478" }], stun53: [{ urls: "stun:192.0.2.1:53" }] });
  await tick();
  assert.equal(it.connections.length, 2);
  assert.deepEqual(it.said, [
    { type: "candidate", line: "candidate:1" },
    { type: "stun53", state: "answered" },
    { type: "done", status: "complete", reason: "" },
  ]);
});

test("a website that frames the page with an address of its own making gets nothing done", async () => {
  const hash = `#${ID};s0.${ID}.watertight.test;stun:192.0.2.1:3478`;
  // Chromium says who frames; Firefox nobody, or nobody's name.
  for (const above of [["https://evil.test"], ["chrome-extension://own-id", "https://evil.test"], ["chrome-extension://other"], ["null"], [], null]) {
    const it = frame({ hash, above });
    await tick();
    assert.deepEqual([it.connections.length, it.links.length, it.said.length], [0, 0, 0], String(above));
    it.begin();
    assert.deepEqual(it.connections.map((pc) => pc.config.iceServers.map(({ urls }) => urls).join()), ["stun:192.0.2.1:3478", `stun:s0.${ID}.watertight.test`]);
    it.ask(1000, { iceServers: [{ urls: "stun:192.0.2.1:3478" }] });
    assert.equal(it.connections.length, 2, "what has begun is gone on with");
  }
});

test("a wrong guess leaves no trace: the order's servers are asked anew", async () => {
  const it = frame({ hash: `#${ID};;stun:192.0.2.1:3478` });
  const [guess] = it.connections;
  guess.handlers.icecandidate({ candidate: { candidate: "candidate:1", type: "srflx" } });
  it.ask();
  await tick();
  assert.equal(guess.closed, true);
  const right = it.connections.at(-1);
  assert.deepEqual(right.config.iceServers, [{ urls: "stun:x" }]);
  guess.handlers.icecandidate({ candidate: { candidate: "candidate:2", type: "srflx" } });
  right.handlers.icecandidate({ candidate: { candidate: "candidate:3" } });
  right.handlers.icecandidate({ candidate: null });
  await tick();
  assert.deepEqual(it.said, [
    { type: "candidate", line: "candidate:3" },
    { type: "done", status: "complete", reason: "" },
  ]);
});

test("when the check is over, or its background gone, nothing gathers on", async () => {
  const [turn, stun53] = [[{ urls: "turn:x" }], [{ urls: "stun:192.0.2.1:53" }]];
  for (const hash of [`#${ID};s0.${ID}.watertight.test;stun:192.0.2.1:3478,stun:192.0.2.1:53`, `#${ID}`]) {
    const asked = frame({ hash });
    asked.ask(1000, { iceServers: [{ urls: "stun:192.0.2.1:3478" }], stun53, turn });
    const early = frame({ hash });
    for (const it of [asked, early]) {
      await tick();
      it.hangUp();
      assert.ok(it.connections.length > 0 && it.connections.every(({ closed }) => closed), `${hash}: one is open`);
      assert.deepEqual(it.said, []);
    }
  }
});

test("injected twice, it gathers once", () => {
  const it = frame();
  it.run();
  assert.equal(it.names.length, 1);
});
