/**
 * What the frames do beside gathering: a TURN request that lets the companion
 * attest the path, and in Firefox STUN on port 53. Each has its own time, so
 * that none of it holds up the verdict where the network eats it.
 */

/** @typedef {import("./check.js").Run} Run */

/**
 * A frame takes longer to load than the exit's reply, so this is hardly ever
 * waited for; without the reply the STUN server is offered by its name.
 */
const SERVERS_MS = 150;

/** A frame that has a guess gathers already: its order may wait for the reply, and then a little for the other family's. */
const GUESS_MS = 600;

/** A challenge and an answer are two round trips; a network that lets no UDP pass should not cost more than this. */
const SIDES_MS = 600;

/**
 * @param {Run} run
 * @param {import("./exits.js").Exits} exits
 */
export function stage(run, exits) {
  const { places, token, evidence, browser, sleep } = run;
  /** What each frame has yet to tell. */
  const open = evidence.ice.map(() => new Set(["attested", ...(browser === "firefox" ? ["stun53"] : [])]));
  /** @type {(() => void)[]} */
  const finish = [];
  const settled = evidence.ice.map((_, index) => new Promise((resolve) => (finish[index] = () => resolve(null))));

  /** @param {number} index @param {string} what */
  function close(index, what) {
    open[index]?.delete(what);
    if (open[index]?.size === 0) finish[index]?.();
  }

  /** A restricted port in Chromium: never sent (Fetch standard, "port blocking"). @param {string[]} addresses */
  const at53 = (addresses) => (browser === "firefox" ? addresses.map(places.stun53At) : []);

  /** @param {number} index */
  const shown = (index) => Boolean(evidence.ice[index]?.candidates.some((line) => line.includes(" typ srflx")));

  /** Firefox repeats the refused request for seconds: the companion's word ends it sooner. */
  function attestedAll() {
    const seen = evidence.paths.filter((path) => path.transport === "udp").map((path) => path.family);
    const alive = evidence.exits.filter((exit) => exit.status === "ok").map((exit) => exit.family);
    return alive.length > 0 && alive.every((family) => seen.includes(family));
  }

  return {
    settled: Promise.all(settled),
    /**
     * The companion's own addresses that are worth asking: those of a family in
     * which nothing can be reached would only hold up the gathering. By address
     * nothing waits for a look-up: without IPv6, Chromium waits 40 s for the
     * AAAA record of a name.
     */
    servers: async () => {
      const guessing = run.servers.length > 0;
      const told = (await Promise.race([exits.servers, sleep(guessing ? GUESS_MS : SERVERS_MS)])) ?? [];
      if (guessing) await Promise.race([exits.all, sleep(SERVERS_MS)]);
      const dead = evidence.exits.filter((exit) => exit.status === "failed").map((exit) => exit.family);
      const addresses = told.filter((address) => !dead.includes(address.includes(":") ? 6 : 4));
      if (addresses.length === 0) return { addresses, stun: [places.stun], turn: [], stun53: [] };
      return {
        addresses,
        stun: addresses.map(places.stunAt),
        turn: addresses.map((address) => places.turnAt(address, token)),
        stun53: at53(addresses).map((urls) => ({ urls })),
      };
    },
    /** What a frame asks at these addresses. @param {string[]} addresses */
    urls: (addresses) => [...addresses.map(places.stunAt), ...at53(addresses)],
    /** @param {number} index @param {{ turn: unknown[], stun53: unknown[] }} asked */
    began: (index, asked) => {
      if (asked.turn.length === 0) close(index, "attested");
      if (asked.stun53.length === 0) close(index, "stun53");
      void sleep(SIDES_MS).then(() => finish[index]?.());
    },
    /** @param {number} index @param {import("../lib/messages.js").GatherMessage} told */
    hear: (index, told) => {
      if (told.type === "attested" || told.type === "stun53") close(index, told.type);
      // The page was shown where its packets come from; the companion could only say the same.
      if (told.type === "done" && told.status === "complete" && shown(index)) close(index, "attested");
    },
    /** The companion's stream told something. */
    news: () => {
      if (attestedAll()) open.forEach((_, index) => close(index, "attested"));
    },
    /** @param {number} index */
    over: (index) => finish[index]?.(),
    /** How long a gatherer may try. */
    ms: SIDES_MS,
  };
}
