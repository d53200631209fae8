/**
 * What WebRTC gives away: the companion's page is framed once over IPv4 and
 * once over IPv6, and our content script inside gathers ICE candidates there.
 */
import { mark } from "../lib/marks.js";
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

/** The exit of this family is unreachable and its frame has not come by now, or not before the others were done: it will not. */
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
 * A frame takes longer to load than the exit's reply, so this is hardly ever
 * waited for; without the reply the STUN server is offered by its name.
 */
const SERVERS_MS = 150;

/**
 * The companion's own addresses that are worth asking: those of a family in
 * which nothing can be reached would only hold up the gathering.
 * @param {Run} run
 * @param {import("./exits.js").Exits} exits
 */
async function servers({ evidence, sleep }, exits) {
  const addresses = (await Promise.race([exits.servers, sleep(SERVERS_MS)])) ?? [];
  const dead = evidence.exits.filter((exit) => exit.status === "failed").map((exit) => exit.family);
  return addresses.filter((address) => !dead.includes(address.includes(":") ? 6 : 4));
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
    mark(`frame-${index}`);
    port.onMessage.addListener((body) => {
      const told = fromGatherer(body);
      if (!told || entry.status !== "pending" || signal.aborted) return;
      take(entry, told);
      if (told.type === "candidate" && told.line.includes(" srflx ")) mark(`srflx-${index}`);
      if (told.type === "done") {
        mark(`ice-${index}`);
        finish[index]?.();
      }
      changed();
    });
    port.onDisconnect.addListener(() => {
      if (!signal.aborted) fail(index, "frame-gone");
    });
    if (places.zone) evidence.dns.sent.push(probe);
    void servers(run, exits).then((addresses) => {
      // By address nothing waits for a look-up: without IPv6 Chromium waits 40 s for the AAAA record of a name.
      const stun = addresses.length > 0 ? addresses.map(places.stunAt) : [places.stun];
      const iceServers = stun.map((urls) => ({ urls }));
      if (places.zone) iceServers.push({ urls: places.probeStun(probe, token) });
      const deadlineMs = Math.max(0, Math.min(GATHER_MS, run.left() - TELL_MS));
      port.postMessage({ type: "gather", iceServers, deadlineMs });
    });
  }

  const stop = frames.expect(id, (port, url) => {
    const index = places.frames.findIndex((place) => place.url === url);
    if (index < 0 || arrived.has(index)) port.disconnect();
    else serve(port, index);
  });
  frames.open(id, places.frames.map(({ url }) => url)).then(
    () => mark("frames-open"),
    () => evidence.ice.forEach((_, index) => fail(index, "no-host")),
  );
  return {
    /** When every frame has told all, or cannot. */
    settled: Promise.all(settled),
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
      frames.close(id);
    },
  };
}
