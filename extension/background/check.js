/**
 * One check: everything at once, judged as it comes, over as soon as
 * everything has settled, and in any case at the deadline.
 */
import { judgeSafely } from "./judge.js";
import { closeEvidence, openEvidence } from "./evidence.js";
import { askExits } from "./exits.js";
import { deepTest } from "./deep.js";
import { dnsQuiet, readSightings, sendProbes } from "./dns.js";
import { FRAME_GRACE_MS, gatherIce } from "./ice.js";
import { networkAsker } from "./networks.js";
import { clearMarks, mark } from "../lib/marks.js";
import { newToken } from "../lib/token.js";

/** @typedef {import("../lib/types.js").Evidence} Evidence */
/** @typedef {import("../lib/types.js").Verdict} Verdict */
/** @typedef {import("../lib/config.js").Endpoints} Endpoints */

/** Nobody waits longer for one sentence, counted from the click; a dead IPv6 or a dead STUN server costs nothing more. */
export const DEADLINE_MS = 2500;

/** The user asked for the deep test and was told that it takes a moment: failing names are tried several times over. */
export const DEEP_MS = 9000;

/** Kept back from the deadline: the last judgement, its way to the popup, and the painting, on a slow machine. */
const TELL_MS = 450;

/** News that come closer together than this are judged and shown together. */
export const TICK_MS = 40;

/**
 * @typedef {object} Frames where the companion's page is framed
 * @property {(id: string, accept: (port: import("../lib/ext.js").Port, url: string) => void) => () => void} expect
 * @property {(id: string, urls: string[]) => Promise<void>} open
 * @property {(id: string) => void} close
 */

/**
 * @typedef {object} Setup what a check needs from outside
 * @property {string} id
 * @property {"chromium" | "firefox"} browser
 * @property {Endpoints} places
 * @property {import("../lib/core.js").Core} core
 * @property {Frames} frames
 * @property {typeof fetch} fetch
 * @property {boolean} deep asked for by the user; see deep.js
 * @property {import("../lib/types.js").Baseline | null} baseline
 * @property {import("../lib/types.js").Memory[]} history of this session's checks, newest last
 * @property {string[]} servers the companion's addresses that the last check asked; a guess
 * @property {string} hint what the companion would like tokens to begin with, as it said the last time; or ""
 * @property {string} os as ext.platform() names it
 * @property {boolean} forbidden the browser does not let us into the companion's pages
 * @property {import("../lib/ext.js").Setting | null} policy of WebRTC, as the check begins; null if it cannot be read
 * @property {typeof import("../lib/ext.js").resolveName} resolve
 * @property {number} clickedAt when the user asked for it, by Date.now()
 * @property {(evidence: Evidence, verdict: Verdict | null) => void} publish while the check runs
 */

/**
 * @typedef {Setup & {
 *   token: string, evidence: Evidence, signal: AbortSignal, changed: () => void, dnsNews: (race?: boolean) => void, pathNews: () => void,
 *   dnsNewsAt: { any: number, race: number }, now: () => number, left: () => number, sleep: (ms: number) => Promise<void>
 * }} Run what its parts share
 */

/** @param {number} ms @returns {Promise<void>} */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs `work` a tick after the first news, never twice at once, and again for news that came meanwhile. @param {() => Promise<void>} work */
function coalesce(work) {
  let due = false;
  let stopped = false;
  let busy = Promise.resolve();
  return {
    poke: () => {
      if (due || stopped) return;
      due = true;
      busy = busy.then(async () => {
        await sleep(TICK_MS);
        due = false;
        if (!stopped) await work();
      });
    },
    stop: () => void (stopped = true),
  };
}

/** A family that failed after its servers were asked is no guess for the next time. @param {string[]} servers @param {Evidence} evidence */
function living(servers, evidence) {
  const dead = evidence.exits.filter(({ status }) => status === "failed").map(({ family }) => family);
  return servers.filter((address) => !dead.includes(address.includes(":") ? 6 : 4));
}

/**
 * @param {Setup} setup
 * @returns {Promise<{ evidence: Evidence, verdict: Verdict, servers: string[], hint: string }>}
 */
export async function runCheck(setup) {
  const { browser, places, core, publish, deep } = setup;
  const end = setup.clickedAt + (deep ? DEEP_MS : DEADLINE_MS) - TELL_MS;
  const left = () => Math.max(0, end - Date.now());
  clearMarks();
  mark("begin");
  const abort = new AbortController();
  const evidence = openEvidence(browser, places, setup);

  /** @type {Run} */
  const run = {
    ...setup,
    evidence,
    token: newToken(setup.hint),
    signal: abort.signal,
    changed: () => tick.poke(),
    dnsNews: (race = true) => {
      const now = Date.now();
      run.dnsNewsAt = { any: now, race: race ? now : run.dnsNewsAt.race };
      run.changed();
    },
    pathNews: () => {
      ice.news();
      run.changed();
    },
    dnsNewsAt: { any: Date.now(), race: Date.now() },
    now: Date.now,
    left,
    sleep,
  };
  const ask = networkAsker(run);
  const tick = coalesce(async () => {
    const verdict = await judgeSafely(core, evidence);
    if (abort.signal.aborted || evidence.final) return;
    publish(evidence, verdict);
    void ask(verdict.wants);
  });

  const exits = askExits(run);
  const ice = gatherIce(run, exits);
  if (places.zone) void readSightings(run);
  core.warm();
  publish(evidence, null);
  const probes = places.zone ? sendProbes(run) : null;
  void exits.all.then(async () => {
    await Promise.race([ice.reachableSettled(), sleep(FRAME_GRACE_MS)]);
    for (const [index, exit] of evidence.exits.entries()) {
      if (exit.status === "failed" && exit.reason === "network") ice.giveUp(index);
    }
  });
  const settled = (async () => {
    await Promise.all([exits.all, probes, ice.settled]);
    if (!places.zone) return;
    await dnsQuiet(run);
    if (!deep || evidence.dns.status !== "ok") return;
    await deepTest(run);
    await dnsQuiet(run);
  })();

  await Promise.race([settled, sleep(left())]);
  mark("settled");
  ice.close();
  tick.stop();
  closeEvidence(evidence, setup.forbidden);
  let verdict = await judgeSafely(core, evidence);
  if (verdict.wants.length > 0) {
    await Promise.race([ask(verdict.wants), sleep(left())]);
    verdict = await judgeSafely(core, evidence);
  }
  abort.abort();
  mark("judged");
  ice.leave();
  return { evidence, verdict, servers: living([...ice.servers], evidence), hint: run.hint };
}
