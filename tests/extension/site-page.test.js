/** What watch/page.js hears of WebRTC, and that no page is worse off for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OFFER, later, page } from "./page-realm.js";

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
