/** Sites whose WebRTC the user blocks. How that is done in this browser, the core says. */
import * as ext from "../lib/ext.js";
import { frameOrigins, loadCompanion } from "../lib/config.js";
import { BLOCKED, loadBlocked, syncHeader, syncScripts, watching } from "../lib/watcher.js";

/**
 * Where the core does not come the machine is busy, as it is when browsers start: it is asked again. Without events a
 * background lives for 30 s.
 */
const AGAIN_MS = [3000, 8000, 20_000];

/** @param {{ core: Pick<import("../lib/core.js").Core, "block" | "siteOf"> }} world */
export function createBlocks({ core }) {
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();

  /** @param {string[]} sites */
  const plan = async (sites) => core.block({ browser: ext.browserName, version: await ext.browserVersion(), sites });

  async function act() {
    // What is blocked, the core says; that everything is watched, needs no core, and nobody would notice that it is not.
    await syncScripts(null);
    const now = await plan(await loadBlocked());
    await syncScripts(now);
    await syncHeader(now);
    return now;
  }

  /** A site that is blocked no longer needs no permission, unless something else does. @param {string} site */
  async function giveBack(site) {
    if (await watching()) return;
    const companion = frameOrigins(await loadCompanion()).map((pattern) => pattern.slice(pattern.indexOf("//") + 2, -2));
    if (companion.some((host) => host === site || host.endsWith(`.${site}`))) return;
    await ext.releaseHosts((await plan([site])).patterns);
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  function inTurn(work) {
    const done = queue.then(work);
    queue = done.catch((error) => console.error("block sites:", error));
    return done;
  }

  /** @param {number} [tries] @returns {Promise<unknown>} */
  const sync = (tries = 0) =>
    inTurn(act).catch((error) => {
      const wait = AGAIN_MS[tries];
      if (wait === undefined) throw error;
      setTimeout(() => void sync(tries + 1).catch(() => {}), wait);
    });

  /** What is said of a host, in the popup and in the settings. @param {string} host */
  async function here(host) {
    const site = await core.siteOf(host);
    const [blocked, { how, note, patterns }] = await Promise.all([loadBlocked(), plan([site])]);
    const allowed = patterns.length > 0 && (await ext.hostsGranted(patterns));
    return { site, blocked: blocked.includes(site), watching: await watching(), allowed, how, note, patterns };
  }

  return {
    /** The registered scripts and the rule are as they should be, or will be. */
    sync: () => sync(),
    here,
    /** All that the user wants blocked; those that are not `allowed` are not. */
    list: async () => Promise.all((await loadBlocked()).map(here)),
    /** @param {string} host @param {boolean} on @returns {Promise<boolean>} */
    set: (host, on) =>
      inTurn(async () => {
        const site = await core.siteOf(host);
        if (!site) return false;
        const others = (await loadBlocked()).filter((one) => one !== site);
        await ext.write("local", { [BLOCKED]: on ? [...others, site].sort() : others });
        await act();
        if (!on) await giveBack(site);
        return true;
      }),
  };
}
