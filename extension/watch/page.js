/**
 * MAIN world, every frame, before the page's first script: says what the page does with WebRTC, to relay.js.
 *
 * Nothing but a Proxy sees every use and breaks none: statics, `instanceof`, subclasses and error messages stay the
 * browser's own. Until a connection is made nothing else happens. Everything that is needed later is taken now,
 * because a page may change its prototypes: no property of a built-in is looked up after the first lines.
 *
 * What is heard can be forged by the page, about itself. It is a hint, never a verdict.
 */
(() => {
  const Native = window.RTCPeerConnection;
  if (typeof Native !== "function") return; // switched off, or a page without WebRTC
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;
  const proto = Native.prototype;
  // A new document in the window of the first, empty one: wrapped already (a Proxy has no name in its text).
  if (!apply(Function.prototype.toString, Native, []).includes("RTCPeerConnection")) return;

  /** Without Object.prototype, where a page may put `get` or `bubbles`. @template {object} T @param {T} it @returns {T} */
  const bare = (it) => {
    setPrototypeOf(it, null);
    return it;
  };

  /** @param {any} from @param {string} name @returns {Function} */
  const getter = (from, name) => getOwnPropertyDescriptor(from.prototype, name)?.get ?? (() => undefined);
  const { getConfiguration, getSenders, getStats } = proto;
  const local = getter(Native, "localDescription");
  const remote = getter(Native, "remoteDescription");
  const sdp = getter(RTCSessionDescription, "sdp");
  const track = getter(RTCRtpSender, "track");
  const { getSettings } = MediaStreamTrack.prototype;
  const { forEach } = RTCStatsReport.prototype;
  const { then } = Promise.prototype;
  const { get, set } = WeakMap.prototype;
  const { addEventListener, dispatchEvent } = EventTarget.prototype;
  const [Wrapper, Event] = [Proxy, CustomEvent];
  const { bind } = Function.prototype;
  const { indexOf, slice } = String.prototype;
  const soon = queueMicrotask;
  // document.open() takes the listeners of document and window away, and advertisements use it.
  const channel = performance;

  /** Each state, and the event that tells its change. */
  const STATES = [
    { event: "iceconnectionstatechange", state: getter(Native, "iceConnectionState"), kind: "connection-state" },
    { event: "connectionstatechange", state: getter(Native, "connectionState"), kind: "connection-state" },
    { event: "icegatheringstatechange", state: getter(Native, "iceGatheringState"), kind: "gathering-state" },
  ];

  /** A description of a room with hundreds of people; the first lines are what matters. */
  const TEXT_MAX = 65_536;

  /** The end of this file's address, as stacks have it. */
  const OURS = "/watch/page.js";

  /** The configuration's servers are looked through no further. */
  const SERVERS_MAX = 32;

  /** @typedef {{ n: number, local: string, remote: string, servers: string, source: string, stats: number }} Trace */

  /** @type {WeakMap<object, Trace>} */
  const traces = new WeakMap();
  let made = 0;

  /**
   * By a microtask, so that a page that listens finds no address of this file on the stack, which names the extension.
   * @param {string} kind @param {Trace} trace @param {string} [rest]
   */
  function tell(kind, trace, rest = "") {
    const init = bare({ detail: `${kind}\n${trace.n}\n${rest}` });
    soon(apply(bind, dispatchEvent, [channel, new Event("watertight-watch", init)]));
  }

  /** @param {any} list @param {number} at */
  const item = (list, at) => getOwnPropertyDescriptor(list, at)?.value;

  /** Whom a connection may ask. The browser's own copy, so that no getter of the page is called twice. @param {object} pc */
  function serversOf(pc) {
    let text = "";
    const { iceServers } = apply(getConfiguration, pc, []);
    for (let i = 0; i < SERVERS_MAX && item(iceServers, i); i++) {
      const { urls } = item(iceServers, i);
      if (typeof urls === "string") text += `${urls}\n`;
      else for (let j = 0; j < SERVERS_MAX && item(urls, j); j++) text += `${item(urls, j)}\n`;
    }
    return text;
  }

  /** Where what it sends comes from: devices are in a group (Media Capture §4.3.9), screens have a surface. @param {object} pc */
  function sourceOf(pc) {
    let found = "";
    const senders = apply(getSenders, pc, []);
    for (let i = 0; item(senders, i); i++) {
      const sent = apply(track, item(senders, i), []);
      if (!sent) continue;
      const settings = apply(getSettings, sent, []);
      if (getOwnPropertyDescriptor(settings, "groupId") || getOwnPropertyDescriptor(settings, "displaySurface")) return "device";
      found = "page";
    }
    return found;
  }

  /** @param {Function} which @param {object} pc @returns {string} */
  const description = (which, pc) => {
    const it = apply(which, pc, []);
    return it ? apply(sdp, it, []) : "";
  };

  /** Tells what has changed since the last look. @param {object} pc @param {Trace} trace */
  function look(pc, trace) {
    const ours = description(local, pc);
    if (ours !== trace.local) {
      const servers = serversOf(pc);
      if (servers !== trace.servers) tell("ice-servers", trace, (trace.servers = servers));
      tell("local", trace, cut((trace.local = ours)));
    }
    const theirs = description(remote, pc);
    if (theirs !== trace.remote) tell("remote", trace, cut((trace.remote = theirs)));
    const source = trace.source === "device" ? "device" : sourceOf(pc);
    if (source !== trace.source) tell("media", trace, (trace.source = source));
  }

  /** @param {string} text @returns {string} */
  const cut = (text) => (text.length > TEXT_MAX ? apply(slice, text, [0, TEXT_MAX]) : text);

  /** Whatever goes wrong here is not the page's trouble. @param {() => void} act */
  function quietly(act) {
    try {
      act();
    } catch {
      // A browser that behaves in another way: the page goes on.
    }
  }

  /** Takes our own lines out of what an error tells of its way, for the reason at `tell`. @param {any} error */
  function scrub(error) {
    const stack = error?.stack;
    if (typeof stack !== "string" || apply(indexOf, stack, [OURS]) < 0) return;
    let value = "";
    for (let from = 0; from < stack.length; ) {
      const end = apply(indexOf, stack, ["\n", from]);
      const line = apply(slice, stack, [from, end < 0 ? stack.length : end + 1]);
      if (apply(indexOf, line, [OURS]) < 0) value += line;
      from += line.length;
    }
    defineProperty(error, "stack", bare({ value, writable: true, configurable: true, enumerable: false }));
  }

  /** @template T @param {() => T} act @returns {T} */
  function cleanly(act) {
    try {
      return act();
    } catch (error) {
      quietly(() => scrub(error));
      throw error;
    }
  }

  /** @param {object} pc */
  function watch(pc) {
    /** @type {Trace} */
    const trace = { n: ++made, local: "", remote: "", servers: "", source: "", stats: 0 };
    apply(set, traces, [pc, trace]);
    tell("construct", trace);
    const servers = serversOf(pc);
    if (servers) tell("ice-servers", trace, (trace.servers = servers));
    /** Capturing, and the first: nobody can stop an event before it is heard. @param {string} name @param {() => void} hear */
    const on = (name, hear) => apply(addEventListener, pc, [name, () => quietly(hear), true]);
    on("signalingstatechange", () => look(pc, trace));
    on("icecandidate", () => look(pc, trace));
    for (let i = 0; i < STATES.length; i++) {
      const { event, state, kind } = item(STATES, i);
      on(event, () => {
        look(pc, trace);
        tell(kind, trace, apply(state, pc, []));
      });
    }
  }

  /** Addresses that only statistics show: as a peer sees us (RFC 8445 §7.3.1.3). @param {object} pc @param {Trace} trace */
  function readStats(pc, trace) {
    const read = (/** @type {object} */ report) =>
      quietly(() =>
        apply(forEach, report, [
          ({ type, candidateType, address, port, protocol }) => {
            if (type === "local-candidate" && candidateType === "prflx" && address) {
              tell("candidate", trace, `candidate:0 1 ${protocol} 0 ${address} ${port} typ prflx`);
            }
          },
        ]),
      );
    apply(then, apply(getStats, pc, []), [read, () => {}]);
  }

  /** @type {Record<string, (pc: object, trace: Trace) => void>} */
  const METHODS = {
    close: (pc, trace) => {
      look(pc, trace); // closing is told by no event
      tell("close", trace);
    },
    getStats: (pc, trace) => {
      // Calls read them every second: the 1st, 2nd, 4th, 8th … time is enough.
      if ((trace.stats++ & trace.stats) !== 0) return;
      tell("stats", trace);
      readStats(pc, trace);
    },
  };

  /** With the first connection, and not before. @param {string} name */
  function overhear(name) {
    const there = getOwnPropertyDescriptor(proto, name);
    if (!there?.configurable || typeof there.value !== "function") return;
    const handler = bare({
      apply(/** @type {Function} */ method, /** @type {object} */ self, /** @type {unknown[]} */ args) {
        quietly(() => {
          const trace = apply(get, traces, [self]);
          if (trace) METHODS[name]?.(self, trace);
        });
        return cleanly(() => apply(method, self, args));
      },
    });
    const value = new Wrapper(there.value, handler);
    defineProperty(proto, name, bare({ ...there, value }));
  }

  /** @type {any} */
  const Watched = new Wrapper(
    Native,
    bare({
      construct(/** @type {Function} */ target, /** @type {unknown[]} */ args, /** @type {Function} */ newTarget) {
        const pc = cleanly(() => construct(target, args, newTarget === Watched ? target : newTarget));
        quietly(() => {
          if (made === 0) {
            overhear("close");
            overhear("getStats");
          }
          watch(pc);
        });
        return pc;
      },
    }),
  );
  const install = (/** @type {object} */ holder, /** @type {string} */ name) => {
    const there = getOwnPropertyDescriptor(holder, name);
    if (there?.value === Native) defineProperty(holder, name, bare({ ...there, value: Watched }));
  };
  install(proto, "constructor");
  install(window, "RTCPeerConnection");
  install(window, "webkitRTCPeerConnection");
})();
