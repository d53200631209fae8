import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = fs.readFileSync(new URL("../../extension/gather/content.js", import.meta.url), "utf8");
const ID = "a".repeat(26);

/** Runs the content script in a frame that is made of plain objects. */
function frame({ hash = `#${ID}`, top = false, webrtc = true, offer = async () => ({}) } = {}) {
  const said = [];
  const connections = [];
  const names = [];
  let hear = () => {};
  class RTCPeerConnection {
    constructor(config) {
      this.config = config;
      this.handlers = {};
      this.iceGatheringState = "new";
      connections.push(this);
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
    location: { hash },
    chrome: {
      runtime: {
        connect: ({ name }) => {
          names.push(name);
          return { postMessage: (body) => said.push({ ...body }), onMessage: { addListener: (handler) => (hear = handler) } };
        },
      },
    },
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
  return { said, connections, names, run, ask: (deadlineMs = 1000) => hear({ type: "gather", iceServers: [{ urls: "stun:x" }], deadlineMs }) };
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
  assert.deepEqual(it.said, [{ type: "done", status: "timeout", reason: "" }]);
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

test("a page that is not our frame is left alone", () => {
  assert.deepEqual(frame({ hash: "" }).names, []);
  assert.deepEqual(frame({ hash: "#short" }).names, []);
  assert.deepEqual(frame({ top: true }).names, []);
});

test("injected twice, it gathers once", () => {
  const it = frame();
  it.run();
  assert.equal(it.names.length, 1);
});
