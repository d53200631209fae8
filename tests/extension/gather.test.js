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
