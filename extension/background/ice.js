/**
 * What WebRTC gives away: the companion's page is framed once over IPv4 and
 * once over IPv6, and our content script inside gathers ICE candidates there.
 */
import { mark } from "../lib/marks.js";
import { fromGatherer } from "../lib/messages.js";
import { stage } from "./sides.js";

/** @typedef {import("./check.js").Run} Run */
/** @typedef {import("../lib/types.js").Ice} Ice */
/** @typedef {import("../lib/ext.js").Port} Port */

/**
 * A live STUN server is done in 160 ms; a dead one would hold Chromium for
 * 40 s and Firefox for 11 s. This leaves some time for the frame to load.
 */
export const GATHER_MS = 1800;

/** Time to tell what was gathered before the check itself is over. */
const TELL_MS = 100;

/** The exit of this family is unreachable and its frame has not come by now, or not before the others were done: it will not. */
export const FRAME_GRACE_MS = 300;

/** The most that an honest gatherer has to tell: one line for each interface and protocol. */
const LINES_MAX = 128;

/** @param {Ice} entry @param {import("../lib/messages.js").GatherMessage} told */
function take(entry, told) {
  if (told.type === "stun53") entry.stun53 = told.state; // may come after the candidates are complete
  if (entry.status !== "pending") return;
  if (told.type === "candidate" && entry.candidates.length < LINES_MAX) entry.candidates.push(told.line);
  if (told.type === "error" && entry.errors.length < LINES_MAX) entry.errors.push({ url: told.url, code: told.code });
  if (told.type === "permission") entry.permission = told.state;
  if (told.type === "done") Object.assign(entry, { status: told.status, reason: told.reason });
}

/**
 * @param {Run} run
 * @param {import("./exits.js").Exits} exits
 */
export function gatherIce(run, exits) {
  const { id, places, token, evidence, frames, signal, changed } = run;
  /** @type {(() => void)[]} */
  const finish = [];
  const settled = evidence.ice.map((_, index) => new Promise((resolve) => (finish[index] = () => resolve(null))));
  const sides = stage(run, exits);
  /** @type {Set<number>} */
  const arrived = new Set();
  /** @type {Set<string>} */
  const servers = new Set();

  /** @param {number} index @param {string} reason */
  function fail(index, reason) {
    const entry = /** @type {Ice} */ (evidence.ice[index]);
    if (entry.status === "pending") Object.assign(entry, { status: "failed", reason });
    finish[index]?.();
    sides.over(index);
    changed();
  }

  /** @param {Port} port @param {number} index */
  function serve(port, index) {
    arrived.add(index);
    const entry = /** @type {Ice} */ (evidence.ice[index]);
    mark(`frame-${index}`);
    port.postMessage({ type: "begin" }); // what its address asks for, where it cannot know that it is ours
    port.onMessage.addListener((body) => {
      const told = fromGatherer(body);
      if (!told || signal.aborted) return;
      take(entry, told);
      sides.hear(index, told);
      if (told.type === "candidate" && told.line.includes(" srflx ")) mark(`srflx-${index}`);
      if (told.type === "done") {
        mark(`ice-${index}`);
        finish[index]?.();
      }
      changed();
    });
    signal.addEventListener("abort", () => port.disconnect());
    port.onDisconnect.addListener(() => {
      if (!signal.aborted) fail(index, "frame-gone");
    });
    const labels = places.zone ? [`s${index}`, `p${index}`] : [];
    evidence.dns.sent.push(...labels);
    void sides.servers().then((asked) => {
      const iceServers = asked.stun.map((urls) => ({ urls }));
      asked.addresses.forEach((address) => servers.add(address));
      const prefetch = places.zone ? `//${places.probeName(`p${index}`, token)}` : "";
      const deadlineMs = Math.max(0, Math.min(GATHER_MS, run.left() - TELL_MS));
      const { turn, stun53 } = asked;
      port.postMessage({ type: "gather", iceServers, turn, stun53, prefetch, deadlineMs, attestMs: sides.ms });
      sides.began(index, asked);
    });
  }

  const stop = frames.expect(id, (port, url) => {
    const index = places.frames.findIndex((place) => place.url === url);
    if (index < 0 || arrived.has(index)) port.disconnect();
    else serve(port, index);
  });
  /**
   * The name to look up goes with the address, and the STUN servers that were right the last time: the frame need not
   * wait for its order. @param {string} url @param {number} index
   */
  const addressed = (url, index) =>
    `${url}#${places.zone ? places.probeName(`s${index}`, token) : ""};${sides.urls(run.servers).join(",")}`;
  frames.open(id, places.frames.map(({ url }, index) => addressed(url, index))).then(
    () => mark("frames-open"),
    () => evidence.ice.forEach((_, index) => fail(index, "no-host")),
  );
  return {
    /** The companion's addresses that the frames were told to ask. */
    servers,
    /** When every frame has told all, or cannot. */
    settled: Promise.all([...settled, sides.settled]),
    /** The companion's stream told something. */
    news: sides.news,
    /** When every frame has whose exit answered; never, if none did. */
    reachableSettled: () => {
      const reachable = settled.filter((_, index) => evidence.exits[index]?.status === "ok");
      return reachable.length > 0 ? Promise.all(reachable) : new Promise(() => {});
    },
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
    },
    /** The frames are not needed any more. */
    leave: () => frames.close(id),
  };
}
