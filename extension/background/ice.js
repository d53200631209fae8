/**
 * What WebRTC gives away: the companion's page is framed once over IPv4 and
 * once over IPv6, and our content script inside gathers ICE candidates there.
 */
import { fromGatherer } from "../lib/messages.js";

/** @typedef {import("./check.js").Run} Run */
/** @typedef {import("../lib/types.js").Ice} Ice */
/** @typedef {import("../lib/ext.js").Port} Port */

/**
 * A live STUN server is done in 160 ms; a dead one would hold Chromium for
 * 40 s and Firefox for 11 s. This leaves a second for the frame to load.
 */
export const GATHER_MS = 1800;

/** Time to tell what was gathered before the check itself is over. */
const TELL_MS = 100;

/** The exit of this family is unreachable and its frame has not come by now: it will not. */
export const FRAME_GRACE_MS = 300;

/** The most that an honest gatherer has to tell: one line for each interface and protocol. */
const LINES_MAX = 128;

/** @param {Ice} entry @param {import("../lib/messages.js").GatherMessage} told */
function take(entry, told) {
  if (told.type === "candidate" && entry.candidates.length < LINES_MAX) entry.candidates.push(told.line);
  if (told.type === "error" && entry.errors.length < LINES_MAX) entry.errors.push({ url: told.url, code: told.code });
  if (told.type === "done") Object.assign(entry, { status: told.status, reason: told.reason });
}

/**
 * Settles when every frame has told all, or cannot.
 * @param {Run} run
 */
export async function gatherIce(run) {
  const { id, places, token, evidence, frames, signal, changed } = run;
  /** @type {(() => void)[]} */
  const finish = [];
  const settled = evidence.ice.map((_, index) => new Promise((resolve) => (finish[index] = () => resolve(null))));
  /** @type {Set<number>} */
  const arrived = new Set();

  /** @param {number} index @param {string} reason */
  function fail(index, reason) {
    const entry = /** @type {Ice} */ (evidence.ice[index]);
    if (entry.status === "pending") Object.assign(entry, { status: "failed", reason });
    finish[index]?.();
    changed();
  }

  /** @param {Port} port @param {number} index */
  function serve(port, index) {
    arrived.add(index);
    const entry = /** @type {Ice} */ (evidence.ice[index]);
    const probe = `s${index}`;
    const iceServers = [{ urls: places.stun }];
    if (places.zone) iceServers.push({ urls: places.probeStun(probe, token) });
    port.onMessage.addListener((body) => {
      const told = fromGatherer(body);
      if (!told || entry.status !== "pending" || signal.aborted) return;
      take(entry, told);
      if (told.type === "done") finish[index]?.();
      changed();
    });
    port.onDisconnect.addListener(() => {
      if (!signal.aborted) fail(index, "frame-gone");
    });
    const deadlineMs = Math.max(0, Math.min(GATHER_MS, run.left() - TELL_MS));
    port.postMessage({ type: "gather", iceServers, deadlineMs });
    if (places.zone) evidence.dns.sent.push(probe);
  }

  const stop = frames.expect(id, (port, url) => {
    const index = places.frames.findIndex((place) => place.url === url);
    if (index < 0 || arrived.has(index)) port.disconnect();
    else serve(port, index);
  });
  try {
    await frames.open(id, places.frames.map(({ url }) => url));
  } catch {
    for (const index of evidence.ice.keys()) fail(index, "no-host");
  }
  return {
    settled: Promise.all(settled),
    /** A frame comes from the same host as the exit. @param {number} index */
    giveUp: (index) => {
      if (!arrived.has(index)) fail(index, "frame-unreachable");
    },
    /** Frames that loaded but did not finish: their STUN server did not answer. */
    close: () => {
      for (const index of arrived) {
        const entry = /** @type {Ice} */ (evidence.ice[index]);
        if (entry.status === "pending") entry.status = "timeout";
      }
      stop();
      frames.close(id);
    },
  };
}
