/** watch/page.js in a realm of its own, whose WebRTC is made of plain classes. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = fs.readFileSync(new URL("../../extension/watch/page.js", import.meta.url), "utf8");

/** What a browser has; `heard` gets the text of every event on `performance`. */
const REALM = `(() => {
  // The browser's own code does not go through what a page can change.
  const run = Reflect.apply;
  class EventTarget {
    #first = { name: "", next: null };
    static #of(it) { return it === globalThis ? onWindow : it; }
    addEventListener(name, handler, capture) { let it = EventTarget.#of(this).#first; while (it.next) it = it.next; it.next = { name, handler, capture: capture === true, next: null }; }
    dispatchEvent(event) { EventTarget.#tell(this, event, true); EventTarget.#tell(this, event, false); return true; }
    /** Listeners that capture are told first, at the target too (DOM §2.9). */
    static #tell(to, event, capture) { const at = EventTarget.#of(to); for (let it = at.#first; it && !(event instanceof Event && event.ended); it = it.next) if (it.name === event.type && it.capture === capture) run(it.handler, at, [event]); }
  }
  class Event { ended = false; type; constructor(type) { this.type = type; } stopImmediatePropagation() { this.ended = true; } }
  const onWindow = new EventTarget();
  class CustomEvent extends Event { #detail; constructor(type, init) { super(type); this.#detail = init?.detail; } get detail() { return this.#detail; } }
  const detailOf = Object.getOwnPropertyDescriptor(CustomEvent.prototype, "detail").get;
  globalThis.read = (event) => run(detailOf, event, []);
  class MessageEvent extends Event { #data; constructor(type, init) { super(type); this.#data = init?.data; } get data() { return this.#data; } }
  class RTCSessionDescription { #sdp; constructor(sdp) { this.#sdp = sdp; } get sdp() { return this.#sdp; } }
  class MediaStreamTrack { settings = {}; getSettings() { return this.settings; } }
  class RTCRtpSender { #track; constructor(track) { this.#track = track; } get track() { return this.#track; } }
  class RTCStatsReport { rows = []; forEach(hear) { for (const row of this.rows) hear(row); } }
  class RTCPeerConnection extends EventTarget {
    static generateCertificate() { return "certificate"; }
    #config; #senders = []; #local = null; #remote = null; #states = { ice: "new", all: "new", gathering: "new" };
    constructor(config) {
      super();
      if (config === "bad") throw new TypeError("bad configuration");
      this.#config = config ?? {};
      if (!(#config in this)) throw new Error("not one of ours");
    }
    get localDescription() { return this.#local; }
    get remoteDescription() { return this.#remote; }
    get iceConnectionState() { return this.#states.ice; }
    get connectionState() { return this.#states.all; }
    get iceGatheringState() { return this.#states.gathering; }
    getConfiguration() { return { iceServers: this.#config.iceServers ?? [] }; }
    getSenders() { return this.#senders; }
    getStats(selector) { return selector ? Promise.reject(new TypeError("no track")) : Promise.resolve(Object.assign(new RTCStatsReport(), { rows: [{ type: "local-candidate", candidateType: "prflx", address: "198.51.100.10", port: 9, protocol: "udp" }] })); }
    close() { if (!(#config in this)) throw new TypeError("Illegal invocation"); this.closed = true; return undefined; }
    // What the network does, for the test.
    _send(track) { this.#senders.push(new RTCRtpSender(track)); }
    _local(sdp) { this.#local = new RTCSessionDescription(sdp); this._tell("signalingstatechange"); }
    _remote(sdp) { this.#remote = new RTCSessionDescription(sdp); this._tell("signalingstatechange"); }
    _state(ice) { this.#states.ice = ice; this._tell("iceconnectionstatechange"); }
    _tell(type) { run(realDispatch, this, [{ type }]); }
  }
  const realDispatch = EventTarget.prototype.dispatchEvent;
  Object.assign(globalThis, { EventTarget, Event, CustomEvent, MessageEvent, RTCSessionDescription, MediaStreamTrack, RTCRtpSender, RTCStatsReport });
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) Object.defineProperty(globalThis, name, { value: RTCPeerConnection, writable: true, configurable: true, enumerable: false });
  globalThis.performance = new EventTarget();
  globalThis.window = globalThis;
  globalThis.fire = (event) => onWindow.dispatchEvent(event);
  Object.defineProperty(globalThis, "top", { value: place === "top" ? globalThis : above });
  globalThis.Native = RTCPeerConnection;
})()`;

/** `place`: the top document, one in a frame that can reach it, or one of another origin. */
function page({ watched = true, place = "top", relay = true } = {}) {
  const heard = [];
  const posted = [];
  const above = { postMessage: (...args) => void posted.push(args) };
  const context = vm.createContext({ heard, queueMicrotask, place, above });
  vm.runInContext(REALM, context);
  vm.runInContext(`place === "near" ? (above.performance = new EventTarget()) : Object.defineProperty(above, "performance", { get() { throw new Error("another origin") } });`, context);
  const script = new vm.Script(source, { filename: "chrome-extension://own-id/watch/page.js" });
  if (watched) script.runInContext(context);
  const run = (code) => vm.runInContext(code, context, { filename: "https://page.example/" });
  if (place === "near") run(`above.performance.addEventListener("watertight-said", (event) => heard.push(read(event)))`);
  /** What relay.js does when it comes. */
  const arrive = (name = "secret") => run(`performance.addEventListener("${name}", (event) => heard.push(read(event))); performance.dispatchEvent(new CustomEvent("watertight-relay", { detail: "${name}" }))`);
  if (relay && place !== "near") arrive();
  return { heard, posted, run, arrive, again: () => script.runInContext(context) };
}

const later = () => new Promise((resolve) => setImmediate(resolve));

test("a page without WebRTC is told nothing and told of nothing", async () => {
  const { heard, run } = page();
  await later();
  assert.deepEqual(heard, []);
  assert.ok(run("Object.getOwnPropertyDescriptor(Native.prototype, 'close').value.toString().startsWith('close()')"), "methods are wrapped before the first connection");
});

test("the constructor is what it was, in everything that a page asks of it", () => {
  const { run } = page();
  const plain = page({ watched: false });
  for (const code of [
    "RTCPeerConnection.name", "RTCPeerConnection.length", "typeof RTCPeerConnection", "RTCPeerConnection.generateCertificate()",
    "JSON.stringify(Object.getOwnPropertyDescriptor(window, 'RTCPeerConnection'))", "Object.getOwnPropertyNames(RTCPeerConnection).join()",
    "Object.getOwnPropertyNames(RTCPeerConnection.prototype).join()", "JSON.stringify(Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'constructor'))",
    "new RTCPeerConnection() instanceof RTCPeerConnection", "new RTCPeerConnection().constructor === RTCPeerConnection",
    "RTCPeerConnection === webkitRTCPeerConnection", "RTCPeerConnection.prototype.constructor === RTCPeerConnection",
    "class Mine extends RTCPeerConnection { more() { return new.target ?? 7 } }; const mine = new Mine(); [mine instanceof Mine, mine instanceof RTCPeerConnection, mine.constructor === Mine, mine.more()].join()",
    "Reflect.construct(RTCPeerConnection, [], class { get x() { return 1 } }).x",
    "try { RTCPeerConnection() } catch (error) { error.constructor === TypeError }",
    "try { new RTCPeerConnection('bad') } catch (error) { error.message + error.constructor.name }",
    "new RTCPeerConnection(); [RTCPeerConnection.prototype.close.name, RTCPeerConnection.prototype.close.length, RTCPeerConnection.prototype.getStats.length].join()",
    "try { RTCPeerConnection.prototype.close.call({}) } catch (error) { error.message + error.constructor.name }",
  ]) assert.deepEqual(run(code), plain.run(code), code);
  assert.match(run("Function.prototype.toString.call(RTCPeerConnection)"), /\[native code\]/);
});

const OFFER = "v=0\\r\\na=ice-ufrag:abcd\\r\\nm=application 9\\r\\na=candidate:1 1 udp 1 198.51.100.10 5 typ srflx\\r\\n";

test("a page that looks and leaves is told of", async () => {
  const { heard, run } = page();
  run(`const pc = new RTCPeerConnection({ iceServers: [{ urls: "stun:a.example" }, { urls: ["turn:b.example:1", "x"] }] });
    pc._send(Object.assign(new MediaStreamTrack(), { settings: { groupId: "g" } }));
    pc._local("${OFFER}"); pc._tell("icecandidate"); pc._remote("v=0"); pc._state("checking"); pc.getStats(); pc.close();`);
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n", 2).join(" ")), [
    "construct 1", "ice-servers 1", "local 1", "media 1", "remote 1", "connection-state 1", "stats 1", "close 1", "candidate 1",
  ]);
  assert.equal(heard[1], "ice-servers\n1\nstun:a.example\nturn:b.example:1\nx\n");
  assert.equal(heard[3], "media\n1\ndevice");
  assert.equal(heard[5], "connection-state\n1\nchecking");
  assert.match(heard[8], /198\.51\.100\.10 9 typ prflx$/);
});

test("canvas tracks are the page's, and statistics that are read every second are told now and then", async () => {
  const { heard, run } = page();
  run(`const pc = new RTCPeerConnection(); pc._send(new MediaStreamTrack()); pc._send(null); pc._local("v=0"); for (let i = 0; i < 1000; i++) pc.getStats();`);
  await later();
  assert.ok(heard.includes("media\n1\npage"));
  assert.ok(heard.filter((text) => text.startsWith("stats")).length <= 11);
});

/** A page that changes all that it can reach, before its first connection. */
const TAMPER = `
  const { ownKeys } = Reflect, { getOwnPropertyDescriptor: look, defineProperty: define, assign } = Object;
  const lie = () => { throw new Error("tampered") };
  const holders = [EventTarget, Event, CustomEvent, RTCSessionDescription, RTCRtpSender, MediaStreamTrack, RTCStatsReport, WeakMap, Promise, Function, String, Array, RegExp];
  for (let i = 0; i < holders.length; i++) {
    const names = ownKeys(holders[i].prototype);
    for (let j = 0; j < names.length; j++) {
      const there = look(holders[i].prototype, names[j]);
      if (names[j] === "constructor" || !there.configurable) continue;
      if (there.get) there.get = lie; else there.value = lie;
      define(holders[i].prototype, names[j], there);
    }
  }
  const getters = ["localDescription", "remoteDescription", "iceConnectionState"];
  for (let i = 0; i < 3; i++) define(Native.prototype, getters[i], { get: lie, configurable: true });
  Native.prototype.getConfiguration = Native.prototype.getSenders = lie;
  Reflect.apply = Reflect.construct = Reflect.getOwnPropertyDescriptor = Reflect.defineProperty = Reflect.setPrototypeOf = lie;
  globalThis.CustomEvent = globalThis.queueMicrotask = globalThis.Proxy = globalThis.WeakMap = lie;
  globalThis.performance = null;
  const keys = ["detail", "bubbles", "apply", "construct", "groupId", "displaySurface", "0", "writable", "get", "set", "value"];
  for (let i = 0; i < keys.length; i++) {
    const trap = { __proto__: null, get: lie, set() {}, configurable: true };
    define(Object.prototype, keys[i], trap);
  }
`;

test("a page that has tampered with every prototype is still heard, and not harmed", async () => {
  const { heard, run } = page();
  run(TAMPER);
  run(`const pc = new RTCPeerConnection({ iceServers: [{ urls: "stun:a.example" }] }); pc._local("${OFFER}"); pc._state("checking");`);
  await later();
  const kinds = heard.map((text) => text.slice(0, text.indexOf("\n")));
  assert.deepEqual(kinds, ["construct", "ice-servers", "local", "connection-state"]);
});

test("a wrapper that is deleted or replaced breaks nothing, and what was made is heard on", async () => {
  for (const change of ["delete window.RTCPeerConnection", "window.RTCPeerConnection = class {}", "window.RTCPeerConnection = null"]) {
    const { heard, run } = page();
    run(`const pc = new RTCPeerConnection(); ${change};`);
    run(`pc._local("${OFFER}"); try { new window.RTCPeerConnection() } catch {}`);
    await later();
    assert.deepEqual(heard.map((text) => text.split("\n")[0]), ["construct", "local"], change);
  }
});

test("the prototype leads back to the wrapper", async () => {
  const { heard, run } = page();
  run("new (Object.getPrototypeOf(new RTCPeerConnection()).constructor)()");
  await later();
  assert.deepEqual(heard, ["construct\n1\n", "construct\n2\n"]);
});

test("errors tell a page nothing of the extension", () => {
  const { run } = page();
  for (const code of ["new RTCPeerConnection('bad')", "new RTCPeerConnection(); RTCPeerConnection.prototype.close.call({})"]) {
    const stack = run(`try { ${code} } catch (error) { error.stack }`);
    assert.doesNotMatch(stack, /own-id/, stack);
    assert.match(stack, /page\.example/);
  }
});

test("a second run in the same window wraps nothing twice", async () => {
  const { heard, run, again } = page();
  again();
  run("new RTCPeerConnection()");
  await later();
  assert.deepEqual(heard, ["construct\n1\n"]);
});

test("descriptions without end are cut, and ten thousand connections harm nobody", async () => {
  const { heard, run } = page();
  run(`new RTCPeerConnection()._local("x".repeat(5e6)); for (let i = 0; i < 10_000; i++) new RTCPeerConnection().close();`);
  await later();
  assert.equal(heard.length, 2 + 20_000);
  assert.ok(heard.every((text) => text.length < 65_600));
});

/** What `pc` of the page did waits for the relay, and what it does then comes after it. @param {{ heard: string[], run: (code: string) => unknown, arrive: () => void }} of */
async function allComes({ heard, run, arrive }) {
  await later();
  assert.deepEqual(heard, []);
  arrive();
  run("pc.close()");
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n")[0]), ["construct", "local", "close"]);
}

test("what is said before the relay comes is kept for it, within bounds", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`const pc = new RTCPeerConnection(); pc._local("${OFFER}");`);
  await allComes({ heard, run, arrive });

  const flood = page({ relay: false });
  flood.run("for (let i = 0; i < 20_000; i++) performance.dispatchEvent(new CustomEvent('watertight-said', { detail: 'stats\\n1\\n' + 'x'.repeat(i % 4000) }))");
  flood.arrive();
  await later();
  const kept = flood.heard.reduce((sum, text) => sum + text.length, 0);
  assert.ok(kept > 100_000 && kept < 500_000, `${kept} characters were kept`);
});

test("a page's flood, and words without end, take no room from what it does itself", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`const forge = (detail) => performance.dispatchEvent(new CustomEvent("watertight-said", { detail }));
    for (const detail of [null, 7, {}, "", "x".repeat(1e6)]) forge(detail);
    forge("candidate\\n7\\nforged");
    for (let i = 0; i < 10_000; i++) forge("x".repeat(1000));
    new RTCPeerConnection()._local("${OFFER}");`);
  arrive();
  await later();
  const words = heard.filter((text) => !text.startsWith("x")).map((text) => text.split("\n")[0]);
  assert.deepEqual(words, ["construct", "local", "candidate"]);
});

test("a page that says that a relay has come keeps nothing from the one that comes", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`for (const detail of ["mine", "", null, {}, "again"]) performance.dispatchEvent(new CustomEvent("watertight-relay", { detail }));
    const pc = new RTCPeerConnection(); pc._local("${OFFER}");`);
  await allComes({ heard, run, arrive });
});

test("a page can neither hear nor stop what is said to the relay, and finds no address of ours", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`globalThis.caught = [];
    for (const name of ["watertight-relay", "watertight-said", "mine"]) performance.addEventListener(name, (event) => { caught.push(name + new Error().stack); event.stopImmediatePropagation(); }, true);`);
  arrive();
  run(`performance.dispatchEvent(new CustomEvent("watertight-said", { detail: "stats\\n1\\n" })); new RTCPeerConnection();`);
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n")[0]), ["stats", "construct"]);
  assert.equal(run("caught.length"), 0);
  run(`performance.dispatchEvent(new CustomEvent("watertight-relay", { detail: "mine" }))`);
  await later();
  assert.equal(run("caught.length"), 2);
  assert.doesNotMatch(run("caught.join()"), /own-id/);
});

test("a frame that can reach the top document speaks there, by a number of its own, and tells its end", async () => {
  const { heard, posted, run } = page({ place: "near" });
  run(`const pc = new RTCPeerConnection(); pc._local("${OFFER}"); fire({ type: "pagehide" });`);
  const words = heard.map((text) => text.split("\n", 2).join(" ").replace(/ \d{1,4}\./, " N."));
  assert.deepEqual(words, ["construct N.1", "local N.1", "frame-gone N.0"]);
  assert.equal(new Set(heard.map((text) => /\n(\d+)\./.exec(text)[1])).size, 1);
  assert.deepEqual(posted, []);
});

test("a frame of another origin asks for a relay once it uses WebRTC", async () => {
  const { heard, posted, run, arrive } = page({ place: "far", relay: false });
  assert.deepEqual(posted, []);
  run(`const pc = new RTCPeerConnection(); pc._local("${OFFER}"); new RTCPeerConnection();`);
  await later();
  assert.deepEqual(posted, [["watertight-call", "*"]]);
  arrive();
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n", 2).join(" ")), ["construct 1", "local 1", "construct 2"]);
});

test("what frames ask the top document does not reach its page, waits for the relay, and what others say does reach it", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`globalThis.told = []; EventTarget.prototype.addEventListener.call(window, "message", ({ data }) => told.push(data));
    MessageEvent.prototype.stopImmediatePropagation = Event.prototype.stopImmediatePropagation = () => { throw new Error("tampered") };
    for (const data of ["watertight-call", "hello", 7]) fire(new MessageEvent("message", { data }));`);
  assert.equal(run("told.join()"), "hello,7");
  await later();
  arrive();
  await later();
  assert.deepEqual(heard, ["call\n0\n"]);
});
