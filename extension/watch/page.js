/**
 * MAIN world, every frame, before the page's first script: says what the page does with WebRTC, to relay.js. What is
 * heard can be forged by the page, about itself: it is a hint, never a verdict.
 *
 * Nothing but a Proxy sees every use and breaks none: statics, `instanceof`, subclasses and error messages stay the
 * browser's own. Every frame of every website pays for this script, so until a connection is made it touches little
 * (an interface that nobody has used yet costs its making), but takes what a page could change to be unheard.
 *
 * A relay in every frame would cost ten times as much. There is one in the top document, before or after this script, as
 * the browser likes. It says how the event is called that it hears: a name that the page does not know, so that it can
 * neither hear it nor keep it from the relay. Frames that can reach the top document speak there. Those of other
 * origins ask, once they use WebRTC, for a relay of their own.
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
  const { then } = Promise.prototype;
  const { get, set } = WeakMap.prototype;
  const { addEventListener, dispatchEvent } = EventTarget.prototype;
  const Wrapper = Proxy;
  const Word = CustomEvent;
  const { stopImmediatePropagation } = Event.prototype;
  const detailOf = getter(CustomEvent, "detail");
  const { random } = Math;
  const { bind } = Function.prototype;
  const { indexOf, slice } = String.prototype;
  const soon = queueMicrotask;
  const highest = window.top; // neither can be changed, nor what it gives
  const clock = getOwnPropertyDescriptor(window, "performance")?.get;

  /** document.open() takes the listeners of document and window away, and advertisements use it. @param {any} of a window @returns {EventTarget} */
  const channelOf = (of) => (clock ? apply(clock, of, []) : of.performance);

  const SAID = "watertight-said"; // by frames, to the top document
  const READY = "watertight-relay"; // a relay has come; its detail is the name of the event that it hears
  const ASK = "watertight-ask"; // this script has come after a relay
  // To the top document: a relay is wanted. An older page than the watcher, and one after document.open(), hears it: it
  // names nobody, and whoever takes it for JSON finds a number.
  const CALL = "873201945516";

  const iceState = getter(Native, "iceConnectionState");
  const state = getter(Native, "connectionState");
  const gathering = getter(Native, "iceGatheringState");

  const TEXT_MAX = 65_536; // of a description; the first lines are what matters, also of a room with hundreds of people
  const SERVERS_MAX = 32; // of a configuration
  const OURS = "/watch/page.js"; // this file's address, as stacks have it

  /** @typedef {{ n: number, local: string, remote: string, servers: string, source: string, stats: number }} Trace */

  const ROOM = 500_000; // characters that are kept for a relay
  const EACH = 100; // of them that every word costs, however short

  /** @type {WeakMap<object, Trace>} */
  const traces = new WeakMap();
  let made = 0;

  /** @typedef {{ text: string, next: Item | null }} Item */
  /** Not an array: a page can give those setters. @param {number} room */
  function listOf(room) {
    const first = /** @type {Item} */ (bare({ text: "", next: null }));
    return bare({ first, last: first, room });
  }

  /** @param {ReturnType<typeof listOf>} list @param {string} text */
  function add(list, text) {
    if (text.length + EACH > list.room) return;
    list.room -= text.length + EACH;
    list.last = list.last.next = bare({ text, next: null });
  }

  /** Where relays hear. */
  const channel = channelOf(window);

  /** Of relays. A page can add to them, which costs nobody but itself. */
  const names = listOf(Infinity);

  // Words are kept after they were said: whether it was a relay that came, or the page that said so, nobody knows.
  const own = listOf(ROOM);
  const others = listOf(ROOM);

  /**
   * By a microtask, so that a page that gives a name of its own finds no address of this file on the stack, which names
   * the extension.
   * @param {EventTarget} to @param {string} name @param {string} detail
   */
  const speak = (to, name, detail) => soon(apply(bind, dispatchEvent, [to, new Word(name, bare({ detail }))]));

  /** @param {ReturnType<typeof listOf>} list @param {string} text */
  function say(list, text) {
    add(list, text);
    for (let it = names.first.next; it; it = it.next) speak(channel, it.text, text);
  }

  /** This document's words: said here, or in the top document by a number that tells its frames apart. @param {string} text */
  let tellAll = (text) => say(own, text);
  let prefix = "";

  /** @param {string} kind @param {Trace} trace @param {string} [rest] */
  const tell = (kind, trace, rest = "") => tellAll(`${kind}\n${prefix}${trace.n}\n${rest}`);

  /** @param {Event} event @returns {string | undefined} what it says; no listener of the page is told of it */
  function take(event) {
    apply(stopImmediatePropagation, event, []);
    const detail = apply(detailOf, event, []);
    return typeof detail === "string" && detail.length < TEXT_MAX + EACH ? detail : undefined;
  }

  /** @param {Event} event */
  function welcome(event) {
    const name = take(event);
    if (!name) return;
    for (let it = names.first.next; it; it = it.next) if (it.text === name) return;
    add(names, name);
    for (let it = own.first.next; it; it = it.next) speak(channel, name, it.text);
    for (let it = others.first.next; it; it = it.next) speak(channel, name, it.text);
  }

  /** With the first connection of this document. */
  function begin() {
    if (window === highest) return;
    try {
      const there = channelOf(highest);
      prefix = `${1 + (random() * 9998 | 0)}.`;
      tellAll = (text) => void apply(dispatchEvent, there, [new Word(SAID, bare({ detail: text }))]);
      apply(addEventListener, window, ["pagehide", () => tellAll(`frame-gone\n${prefix}0\n`), bare({ once: true })]);
    } catch {
      quietly(() => highest?.postMessage(CALL, "*")); // of another origin; page.js takes it there
    }
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
    const track = getter(RTCRtpSender, "track");
    const { getSettings } = MediaStreamTrack.prototype;
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
    quietly(() => {
      const source = trace.source === "device" ? "device" : sourceOf(pc);
      if (source !== trace.source) tell("media", trace, (trace.source = source));
    });
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

  /** Takes our own lines out of what an error tells of its way, for the reason at `tell`. @template T @param {() => T} act @returns {T} */
  function cleanly(act) {
    try {
      return act();
    } catch (error) {
      quietly(() => {
        const stack = /** @type {any} */ (error)?.stack;
        if (typeof stack !== "string" || apply(indexOf, stack, [OURS]) < 0) return;
        let value = "";
        for (let from = 0; from < stack.length; ) {
          const end = apply(indexOf, stack, ["\n", from]);
          const line = apply(slice, stack, [from, end < 0 ? stack.length : end + 1]);
          if (apply(indexOf, line, [OURS]) < 0) value += line;
          from += line.length;
        }
        defineProperty(/** @type {object} */ (error), "stack", bare({ value, writable: true, configurable: true, enumerable: false }));
      });
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
    /** Capturing, and the first: nobody can stop an event before it is heard. @param {string} event @param {Function} [which] @param {string} [kind] */
    const on = (event, which, kind = "") => {
      const hear = () => {
        look(pc, trace);
        if (which) tell(kind, trace, apply(which, pc, []));
      };
      apply(addEventListener, pc, [event, () => quietly(hear), true]);
    };
    on("signalingstatechange");
    on("icecandidate");
    on("iceconnectionstatechange", iceState, "connection-state");
    on("connectionstatechange", state, "connection-state");
    on("icegatheringstatechange", gathering, "gathering-state");
  }

  /** Addresses that only statistics show: as a peer sees us (RFC 8445 §7.3.1.3). @param {object} pc @param {Trace} trace */
  function readStats(pc, trace) {
    const { forEach } = RTCStatsReport.prototype;
    const hear = (/** @type {any} */ { type, candidateType, address, port, protocol }) => {
      if (type !== "local-candidate" || candidateType !== "prflx" || !address) return;
      tell("candidate", trace, `candidate:0 1 ${protocol} 0 ${address} ${port} typ prflx`);
    };
    const read = (/** @type {object} */ report) => quietly(() => apply(forEach, report, [hear]));
    apply(then, apply(getStats, pc, []), [read, () => {}]);
  }

  /** @type {Record<string, (pc: object, trace: Trace) => void>} */
  const METHODS = {
    close(pc, trace) {
      look(pc, trace); // closing is told by no event
      tell("close", trace);
    },
    getStats(pc, trace) {
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
            begin();
            overhear("close");
            overhear("getStats");
          }
          watch(pc);
        });
        return pc;
      },
    }),
  );
  // Plain values that may be written (WebIDL §3.7.1): they stay so, and writing costs less than defining.
  proto.constructor = Watched;
  window.RTCPeerConnection = Watched;
  const other = /** @type {any} */ (window);
  if (other.webkitRTCPeerConnection === Native) other.webkitRTCPeerConnection = Watched;

  apply(addEventListener, channel, [READY, welcome, true]); // capturing: before all that the page adds
  if (window !== highest) return;
  const hear = (/** @type {Event} */ event) => {
    const text = take(event);
    if (text) say(others, text);
  };
  apply(addEventListener, channel, [SAID, hear, true]);
  apply(dispatchEvent, channel, [new Word(ASK)]);
  const data = getter(MessageEvent, "data");
  /** @param {Event} message */
  const heed = (message) => {
    if (apply(data, message, []) !== CALL) return;
    apply(stopImmediatePropagation, message, []);
    say(others, "call\n0\n");
  };
  apply(addEventListener, window, ["message", heed, true]);
})();
