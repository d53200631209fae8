/** watch/page.js in a realm of its own, whose WebRTC is made of plain classes. */
import fs from "node:fs";
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
export function page({ watched = true, place = "top", relay = true, early = false } = {}) {
  const heard = [];
  const posted = [];
  const above = { postMessage: (...args) => void posted.push(args) };
  const context = vm.createContext({ heard, queueMicrotask, place, above });
  vm.runInContext(REALM, context);
  vm.runInContext(`place === "near" ? (above.performance = new EventTarget()) : Object.defineProperty(above, "performance", { get() { throw new Error("another origin") } });`, context);
  // As relay.js does, where the browser runs it first.
  if (early) vm.runInContext(`(() => { const come = () => performance.dispatchEvent(new CustomEvent("watertight-relay", { detail: "secret" })); performance.addEventListener("secret", (event) => heard.push(read(event))); performance.addEventListener("watertight-ask", come); come(); })()`, context);
  const script = new vm.Script(source, { filename: "chrome-extension://own-id/watch/page.js" });
  if (watched) script.runInContext(context);
  const run = (code) => vm.runInContext(code, context, { filename: "https://page.example/" });
  if (place === "near") run(`above.performance.addEventListener("watertight-said", (event) => heard.push(read(event)))`);
  /** What relay.js does when it comes. */
  const arrive = (name = "secret") => run(`performance.addEventListener("${name}", (event) => heard.push(read(event))); performance.dispatchEvent(new CustomEvent("watertight-relay", { detail: "${name}" }))`);
  if (relay && place !== "near") arrive();
  return { heard, posted, run, arrive, again: () => script.runInContext(context) };
}

export const later = () => new Promise((resolve) => setImmediate(resolve));

/** Of a page that reads an address; written as it stands in a script. */
export const OFFER = "v=0\\r\\na=ice-ufrag:abcd\\r\\nm=application 9\\r\\na=candidate:1 1 udp 1 198.51.100.10 5 typ srflx\\r\\n";
