/**
 * Content script, isolated world, in the companion's frame only: gathers ICE
 * candidates where a web page would, and tells them as they come. A classic
 * script cannot import ext.js; the one API call here is the connection.
 */
(() => {
  /**
   * Once an address came back from the STUN server, silence of this long ends
   * the gathering: time for one lost packet (sent again after 250 ms) and its
   * way. A server that is half reachable would hold it for much longer.
   */
  const QUIET_MS = 500;

  /** Port 53 is called silent when the other port has answered this long ago: one packet may be lost on the way. */
  const SILENT_MS = 400;

  const [id = "", name = "", guessed = ""] = location.hash.slice(1).split(";");
  const world = /** @type {{ watertightGathers?: boolean }} */ (globalThis);
  if (!/^[a-z2-7]{26}$/.test(id) || window.parent === window || world.watertightGathers) return;
  // A proxy that cannot reach the companion answers under its address with a page of its own.
  if (document.documentElement?.dataset.watertight !== "frame") return;
  world.watertightGathers = true; // both the manifest's and a registered script may match

  const port = chrome.runtime.connect({ name: `gather:${id}` });

  /** What ends with the check, or with the background that ran it. @type {Set<() => void>} */
  const ends = new Set();

  /** A connection with its offer, which takes a while (a key is made) and needs no server yet. */
  function connection() {
    const pc = new RTCPeerConnection();
    pc.createDataChannel("");
    const offer = pc.createOffer();
    offer.catch(() => {}); // told by whoever uses it
    return { pc, offer };
  }

  /**
   * One peer connection that gathers and is never connected.
   * @param {RTCConfiguration} config
   * @param {object} hear
   * @param {(candidate: RTCIceCandidate) => void} [hear.candidate]
   * @param {(event: RTCPeerConnectionIceErrorEvent) => void} [hear.error]
   * @param {(status: string, reason: string) => void} [hear.over] called once
   */
  function gather(config, { candidate: hearCandidate, error: hearError, over }) {
    const { pc, offer } = spare ?? connection();
    spare = undefined;
    pc.setConfiguration(config);
    let open = true;
    /** @param {string} status @param {string} reason */
    const end = (status, reason) => {
      if (!open) return;
      open = false;
      ends.delete(stop);
      pc.close();
      over?.(status, reason);
    };
    const stop = () => {
      over = undefined; // nobody listens any more
      end("", "");
    };
    ends.add(stop);
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (!open) return;
      if (candidate === null) end("complete", "");
      // An empty line only ends one generation (RFC 8838 §8.2).
      else if (candidate.candidate) hearCandidate?.(candidate);
    });
    pc.addEventListener("icecandidateerror", (event) => {
      if (open) hearError?.(/** @type {RTCPeerConnectionIceErrorEvent} */ (event));
    });
    pc.addEventListener("icegatheringstatechange", () => {
      if (pc.iceGatheringState === "complete") end("complete", "");
    });
    // Where nothing but a proxy may be used, Firefox begins no gathering and gives up at once; a server that is
    // silent leaves it gathering.
    pc.addEventListener("iceconnectionstatechange", () => {
      if (pc.iceConnectionState === "failed" && pc.iceGatheringState === "new") end("complete", "");
    });
    offer.then((made) => pc.setLocalDescription(made)).catch(() => end("failed", "no-offer"));
    return end;
  }

  /**
   * What any site reads.
   * @param {RTCIceServer[]} iceServers @param {(body: object) => void} tell @param {() => void} answered
   */
  function read(iceServers, tell, answered) {
    let heard = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let quiet;
    const news = () => {
      clearTimeout(quiet);
      if (heard) quiet = setTimeout(() => end("timeout", "quiet"), QUIET_MS);
    };
    const end = gather(
      { iceServers },
      {
        candidate: ({ candidate, type }) => {
          tell({ type: "candidate", line: candidate });
          if (type === "srflx" && !heard) {
            heard = true;
            answered();
          }
          news();
        },
        error: ({ url, errorCode }) => {
          tell({ type: "error", url: String(url ?? ""), code: Number(errorCode) || 0 });
          news();
        },
        over: (status, reason) => void permission.then(() => tell({ type: "done", status, reason })),
      },
    );
    return end;
  }

  /**
   * The server sees who asks it for a relay and refuses. Firefox asks again and
   * again and never completes, so this has a connection and a time of its own.
   * @param {RTCIceServer[]} iceServers @param {number} deadlineMs
   */
  function attest(iceServers, deadlineMs) {
    const end = gather(
      { iceServers, iceTransportPolicy: "relay" },
      { over: () => port.postMessage({ type: "attested" }) },
    );
    setTimeout(() => end("timeout", ""), deadlineMs);
  }

  /**
   * Whether the STUN server also answers on port 53: a connection of its own, so
   * that a port that nothing passes does not hold up the other.
   * @param {RTCIceServer[]} iceServers @param {(body: object) => void} tell
   */
  function try53(iceServers, tell) {
    let told = false;
    /** @param {"answered" | "silent" | "untested" | ""} state */
    const over = (state) => {
      if (told) return;
      told = true;
      if (state) tell({ type: "stun53", state });
      end("", "");
    };
    const end = gather({ iceServers }, {
      candidate: ({ type }) => {
        if (type === "srflx") over("answered");
      },
    });
    return over;
  }

  /**
   * Reads from these servers. What there is to tell is kept until it is known that these are the right ones.
   * @param {RTCIceServer[]} stun @param {RTCIceServer[]} stun53
   */
  function begin(stun, stun53) {
    /** @type {object[] | null} */
    let kept = [];
    const tell = (/** @type {object} */ body) => void (kept ? kept.push(body) : port.postMessage(body));
    const end = read(stun, tell, () => void setTimeout(() => other?.("silent"), SILENT_MS));
    const other = stun53.length > 0 ? try53(stun53, tell) : null;
    return {
      servers: JSON.stringify([stun, stun53]),
      /** @param {number} deadlineMs */
      right(deadlineMs) {
        for (const body of kept ?? []) port.postMessage(body);
        kept = null;
        setTimeout(() => {
          end("timeout", "");
          other?.("untested");
        }, deadlineMs);
      },
      wrong() {
        kept = [];
        end("", "");
        other?.("");
      },
    };
  }

  /** Sites that may use microphone or camera are shown more. */
  async function askPermission() {
    const states = await Promise.all(
      ["microphone", "camera"].map((name) =>
        navigator.permissions.query({ name: /** @type {PermissionName} */ (name) }).then(({ state }) => state, () => ""),
      ),
    );
    if (states.includes("granted")) port.postMessage({ type: "permission", state: "granted" });
  }

  /** @param {string} href */
  function prefetch(href) {
    const link = document.createElement("link");
    link.rel = "dns-prefetch";
    link.href = href;
    document.documentElement.append(link);
  }

  const permission = askPermission().catch(() => {});
  const able = typeof RTCPeerConnection === "function";
  /** While the order is on its way: what it said the last time. @type {ReturnType<typeof begin> | undefined} */
  let early;
  /** Or else what takes a while and needs no server yet. @type {ReturnType<typeof connection> | undefined} */
  let spare;
  let begun = false;

  /** What the address asks for. Any website can frame the companion's page, with an address of its own making. */
  function start() {
    if (begun) return;
    begun = true;
    const urls = guessed.split(",").filter((url) => /^stun:[0-9a-f.:[\]]+$/.test(url)).map((url) => ({ urls: url }));
    const at53 = urls.filter(({ urls: url }) => url.endsWith(":53"));
    const main = urls.filter((server) => !at53.includes(server));
    if (main.length > 0) early = begin(main, at53);
    // A STUN server whose name does not exist, so that it is looked up. In a connection of its own: the browser
    // ends a gathering only when the look-up has failed.
    if (/^[a-z0-9.-]+$/.test(name)) gather({ iceServers: [{ urls: `stun:${name}` }] }, {});
    if (!early) spare = connection();
  }

  /**
   * Who frames this page no script can change, but not every browser says it. Where nobody says so, the first word
   * through the port does: the background lets go of a port that is inside a tab.
   */
  const above = location.ancestorOrigins;
  const ours = above?.length === 1 && chrome.runtime.getURL("") === `${above[0]}/`;

  /** @param {() => void} act */
  function attempt(act) {
    try {
      act();
      return true;
    } catch {
      return false; // the order's answer says so
    }
  }

  if (ours) attempt(start);

  port.onDisconnect.addListener(() => {
    for (const end of ends) end();
    spare?.pc.close();
  });
  port.onMessage.addListener(({ type, iceServers, turn, stun53, prefetch: href, deadlineMs, attestMs }) => {
    attempt(start);
    if (type === "begin") return;
    if (href) prefetch(href);
    if (!able) {
      port.postMessage({ type: "done", status: "failed", reason: "no-webrtc" });
      return;
    }
    const asked = attempt(() => {
      if (early?.servers !== JSON.stringify([iceServers, stun53])) {
        early?.wrong();
        early = begin(iceServers, stun53);
      }
      early.right(deadlineMs);
      if (turn.length > 0) attest(turn, attestMs);
    });
    if (!asked) port.postMessage({ type: "done", status: "failed", reason: "no-connection" });
  });
})();
