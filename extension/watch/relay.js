/**
 * Isolated world: hears page.js, keeps what has the shape of an event, and passes it on in a few messages. It runs in
 * the top document before its first script, and hears the frames that can reach it there as well; and in frames of other
 * origins once one of the page's frames has asked. While nothing uses WebRTC it does nothing but listen. The page can
 * send what page.js sends, and as much as it likes; so everything has a shape, a length and a rate.
 */
(() => {
  const world = /** @type {{ watertightWatches?: boolean }} */ (globalThis);
  if (world.watertightWatches) return; // a new document in the window of the first, empty one
  world.watertightWatches = true;

  /** A candidate line is about 120 characters; with TCP and generation extensions 200. */
  const LINE_MAX = 512;

  /** page.js cuts descriptions here, and adds the kind and the number. */
  const TEXT_MAX = 65_600;

  /** As leak/site looks at. */
  const SERVERS_MAX = 32;

  /**
   * Of each kind of event: so many at once, and so many each second after that. A swarm of 55 peers has about 300
   * candidates, and 220 changes of state, within its first seconds. A flood of one kind must not silence another.
   */
  const BURST = 512;
  const RATE = 32;

  /** Events of one message; a page that has more waits for its next one. */
  const BATCH = 64;

  /** The first news soon, so that a page that looks and leaves is seen; then few messages. */
  const FIRST_MS = 100;
  const NEXT_MS = 250;

  /** Between two rounds in which frames are given relays, times the rounds so far: any frame may ask. */
  const CALLS_MS = 200;

  /** Longer ago than this an event is told again, if the page still says so. */
  const TOLD_MAX = 4096;

  /** @typedef {{ kind: string, doc?: number, conn: number, line?: string, state?: string, source?: string, key?: string, servers?: { kind: string, host: string }[] }} Heard */

  /** Of the document that is heard: one in a frame that speaks here; 0 is this one. */
  let doc = 0;
  /** @type {Heard[]} */
  let queue = [];
  /** @type {Set<string>} */
  const told = new Set();
  /** @type {Map<string, { left: number, at: number }>} */
  const buckets = new Map();
  let lost = 0;
  let sent = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} kind */
  function allowed(kind) {
    const now = performance.now();
    const bucket = buckets.get(kind) ?? { left: BURST, at: now };
    bucket.left = Math.min(BURST, bucket.left + ((now - bucket.at) * RATE) / 1000);
    bucket.at = now;
    buckets.set(kind, bucket);
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }

  function send() {
    clearTimeout(timer);
    timer = undefined;
    if (queue.length === 0 && lost === 0) return;
    const events = queue.splice(0, BATCH);
    const message = { type: "watch", born: performance.timeOrigin, top: window === window.top, events, lost };
    lost = 0;
    sent++;
    try {
      void chrome.runtime.sendMessage(message).catch(() => {});
    } catch {
      queue = []; // the extension was updated or removed; its next self watches the next page
      return;
    }
    if (queue.length > 0) timer = setTimeout(send, NEXT_MS);
  }

  /** @param {Heard} event @param {string} [value] by which it is the same as another; none: never */
  function keep(event, value) {
    if (doc > 0) event.doc = doc;
    const name = value === undefined ? "" : `${event.kind} ${doc}.${event.conn} ${value}`;
    if (name && told.has(name)) return;
    if (!allowed(event.kind)) {
      lost++;
      return;
    }
    if (name) {
      if (told.size >= TOLD_MAX) told.clear();
      told.add(name);
    }
    if (sent === 0 && timer === undefined && queue.length === 0) addEventListener("pagehide", leave, { once: true });
    queue.push(event);
    timer ??= setTimeout(send, sent === 0 ? FIRST_MS : NEXT_MS);
  }

  /** With the document its connections end. */
  function leave() {
    queue.push({ kind: "frame-gone", conn: 0 });
    while (queue.length > 0) send();
    sent = 0;
    told.clear();
  }

  /** @param {number} conn @param {string} url `stun:host:port?transport=udp` (RFC 7064, RFC 7065) */
  function server(conn, url) {
    const [, kind, name = ""] = /^(stuns?|turns?):(\[[0-9a-f:.]{2,45}\]|[^\s:?[\]]{1,253})(?::\d+)?(?:\?.*)?$/i.exec(url.trim()) ?? [];
    return kind ? [{ kind: kind.toLowerCase(), host: name.replace(/^\[|\]$/g, "") }] : [];
  }

  /** What a description says: whose it is, what it carries, and the addresses in it. @param {number} conn @param {string} text @param {boolean} ours */
  function describe(conn, text, ours) {
    const key = /^a=ice-ufrag:([A-Za-z0-9+/]{1,256})\r?$/m.exec(text)?.[1] ?? "";
    keep({ kind: ours ? "local-description" : "remote-description", conn, key }, key);
    if (/^m=application /m.test(text)) keep({ kind: "data-channel", conn }, "");
    if (/^m=(audio|video) /m.test(text)) keep({ kind: "media", conn, source: "none" }, "none");
    if (!ours) return;
    for (const [, line = ""] of text.matchAll(/^a=(candidate:[^\r\n]{1,511})\r?$/gm)) keep({ kind: "candidate", conn, line }, line);
  }

  let calls = 0;
  let again = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let calling;

  /** A frame of another origin uses WebRTC, or says so. Which, nobody knows who may be believed: all are given a relay. */
  function call() {
    again = calling !== undefined;
    if (again) return;
    calling = setTimeout(called, CALLS_MS * ++calls);
    try {
      void chrome.runtime.sendMessage({ type: "watch-call" }).catch(() => {});
    } catch {
      // As in send.
    }
  }

  function called() {
    calling = undefined;
    if (again) call();
  }

  /** @type {Record<string, (conn: number, rest: string) => void>} */
  const KINDS = {
    construct: (conn) => keep({ kind: "construct", conn }, ""),
    close: (conn) => keep({ kind: "close", conn }, ""),
    "frame-gone": () => {
      if (doc > 0) keep({ kind: "frame-gone", conn: 0 }); // this document's own end nobody needs to tell
    },
    call,
    stats: (conn) => keep({ kind: "stats", conn }),
    local: (conn, rest) => describe(conn, rest, true),
    remote: (conn, rest) => describe(conn, rest, false),
    candidate: (conn, rest) => {
      if (rest.length <= LINE_MAX && !/[\r\n]/.test(rest)) keep({ kind: "candidate", conn, line: rest }, rest);
    },
    media: (conn, rest) => {
      if (rest === "device" || rest === "page") keep({ kind: "media", conn, source: rest }, rest);
    },
    "connection-state": (conn, rest) => {
      if (/^[a-z-]{1,16}$/.test(rest)) keep({ kind: "connection-state", conn, state: rest }, rest);
    },
    "gathering-state": (conn, rest) => {
      if (/^[a-z-]{1,16}$/.test(rest)) keep({ kind: "gathering-state", conn, state: rest }, rest);
    },
    "ice-servers": (conn, rest) => {
      const servers = rest.split("\n", SERVERS_MAX).flatMap((url) => server(conn, url));
      if (servers.length > 0) keep({ kind: "ice-servers", conn, servers }, JSON.stringify(servers));
    },
  };

  // A name that the page cannot know: page.js takes READY before the page can hear it.
  const name = `watertight-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  performance.addEventListener(name, (event) => {
    const text = /** @type {CustomEvent} */ (event).detail;
    if (typeof text !== "string" || text.length > TEXT_MAX) return;
    const [, kind = "", of = "0", number = "", rest = ""] = /^([a-z-]{1,20})\n(?:(\d{1,4})\.)?(\d{1,7})\n([^]*)$/.exec(text) ?? [];
    const hear = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    doc = Number(of);
    hear?.(Number(number), rest);
  });

  // What was said before, page.js says again. Where this script is the earlier one, page.js asks.
  const come = () => performance.dispatchEvent(new CustomEvent("watertight-relay", { detail: name }));
  performance.addEventListener("watertight-ask", come);
  come();
})();
