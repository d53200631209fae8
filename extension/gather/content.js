/**
 * Content script, isolated world, in the companion's frame only: gathers ICE
 * candidates where a web page would, and tells them as they come. A classic
 * script cannot import ext.js; the one API call here is the connection.
 */
(() => {
  /**
   * Once an address came back from the STUN server, silence of this long ends
   * the gathering: time for one lost packet (sent again after 250 ms) and its
   * way. Without IPv6 Chromium waits 40 s for the IPv6 address of that server.
   */
  const QUIET_MS = 500;

  const id = location.hash.slice(1);
  const world = /** @type {{ watertightGathers?: boolean }} */ (globalThis);
  if (!/^[a-z2-7]{26}$/.test(id) || window.parent === window || world.watertightGathers) return;
  world.watertightGathers = true; // both the manifest's and a registered script may match

  const port = chrome.runtime.connect({ name: `gather:${id}` });

  /** @param {RTCIceServer[]} iceServers @param {number} deadlineMs */
  async function gather(iceServers, deadlineMs) {
    const pc = new RTCPeerConnection({ iceServers });
    let over = false;
    let answered = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let quiet;
    /** @param {string} status @param {string} reason */
    const done = (status, reason) => {
      if (over) return;
      over = true;
      port.postMessage({ type: "done", status, reason });
      pc.close();
    };
    const news = () => {
      clearTimeout(quiet);
      if (answered) quiet = setTimeout(() => done("timeout", "quiet"), QUIET_MS);
    };
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (over) return;
      if (candidate === null) done("complete", "");
      // An empty line only ends one generation (RFC 8838 §8.2).
      else if (candidate.candidate) {
        port.postMessage({ type: "candidate", line: candidate.candidate });
        answered ||= candidate.type === "srflx";
        news();
      }
    });
    pc.addEventListener("icecandidateerror", (event) => {
      const { url, errorCode } = /** @type {RTCPeerConnectionIceErrorEvent} */ (event);
      if (!over) port.postMessage({ type: "error", url: String(url ?? ""), code: Number(errorCode) || 0 });
      news();
    });
    pc.addEventListener("icegatheringstatechange", () => {
      if (pc.iceGatheringState === "complete") done("complete", "");
    });
    setTimeout(() => done("timeout", ""), deadlineMs);
    pc.createDataChannel("");
    try {
      await pc.setLocalDescription(await pc.createOffer());
    } catch {
      done("failed", "no-offer");
    }
  }

  port.onMessage.addListener(({ iceServers, deadlineMs }) => {
    if (typeof RTCPeerConnection !== "function") {
      port.postMessage({ type: "done", status: "failed", reason: "no-webrtc" });
      return;
    }
    gather(iceServers, deadlineMs).catch(() => {
      port.postMessage({ type: "done", status: "failed", reason: "no-connection" });
    });
  });
})();
