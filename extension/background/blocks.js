/** Sites whose WebRTC the user blocks. How that is done in this browser, the core says. */
import * as ext from "../lib/ext.js";
import { BLOCKED, loadBlocked, syncHeader, syncScripts } from "../lib/watcher.js";

/** @param {{ core: Pick<import("../lib/core.js").Core, "block" | "siteOf"> }} world */
export function createBlocks({ core }) {
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();

  const plan = async () => core.block({ browser: ext.browserName, version: await ext.browserVersion(), sites: await loadBlocked() });

  async function act() {
    const now = await plan();
    await syncScripts(now);
    await syncHeader(now);
    return now;
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  function inTurn(work) {
    const done = queue.then(work);
    queue = done.catch((error) => console.error("block sites:", error));
    return done;
  }

  return {
    /** The registered scripts and the rule are as they should be. */
    sync: () => inTurn(act),
    plan,
    /** @param {string} host @param {boolean} on @returns {Promise<boolean>} */
    set: (host, on) =>
      inTurn(async () => {
        const site = await core.siteOf(host);
        if (!site) return false;
        const others = (await loadBlocked()).filter((one) => one !== site);
        await ext.write("local", { [BLOCKED]: on ? [...others, site].sort() : others });
        await act();
        return true;
      }),
  };
}
