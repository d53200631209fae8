/**
 * Chromium's service worker, left alone: a worker with a debugger attached never idles, and when it
 * is stopped it stays half alive and does not start again. So puppeteer does not get to see it
 * (chromium.js), its life is read from the browser's own reports, and a session is attached only
 * for the moment in which something is asked of it.
 */
import { pause } from "./popup.js";

/** @import { Browser, CDPSession, Page } from "puppeteer-core" */

/** A worker ends within 0.2 s; a machine under load needs far longer. */
const ENDS_WITHIN = 8000;

/**
 * @typedef {object} WorkerLife
 * @property {() => Promise<void>} end  ends the worker; resolves once it has stopped
 */

/**
 * @param {Page} page any page of the same profile
 * @param {string} base URL of the extension
 * @returns {Promise<WorkerLife>}
 */
export async function watchWorker(page, base) {
  /** @type {CDPSession} */
  const session = await page.createCDPSession();
  /** @type {Map<string, string>} version id → running status */
  const versions = new Map();
  session.on("ServiceWorker.workerVersionUpdated", ({ versions: news }) => {
    for (const { versionId, scriptURL, runningStatus } of news) {
      if (!scriptURL.startsWith(base)) continue;
      versions.set(versionId, runningStatus);
      if (runningStatus === "stopped") for (const stopped of waiting.splice(0)) stopped();
    }
  });
  /** @type {(() => void)[]} */
  const waiting = [];
  await session.send("ServiceWorker.enable");
  return {
    async end() {
      const running = [...versions].find(([, status]) => status === "running" || status === "starting");
      if (!running) throw new Error("no service worker runs");
      const stopped = new Promise((resolve) => waiting.push(() => resolve(true)));
      await session.send("ServiceWorker.stopWorker", { versionId: running[0] });
      if (!(await Promise.race([stopped, pause(ENDS_WITHIN)]))) throw new Error("the service worker does not end");
    },
  };
}

/**
 * Runs a function in the worker; null if there is none.
 * @template {any[]} A
 * @template R
 * @param {Browser} browser
 * @param {string} base URL of the extension
 * @param {(...args: A) => R} fn
 * @param {A} args
 * @returns {Promise<Awaited<R> | null>}
 */
export async function runInWorker(browser, base, fn, ...args) {
  const root = await browser.target().createCDPSession();
  try {
    const { targetInfos } = await root.send("Target.getTargets");
    const target = targetInfos.find((info) => info.type === "service_worker" && info.url.startsWith(base));
    if (!target) return null;
    const { sessionId } = await root.send("Target.attachToTarget", { targetId: target.targetId, flatten: true });
    const session = root.connection()?.session(sessionId);
    if (!session) return null;
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression: `(${fn})(...${JSON.stringify(args)})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  } finally {
    // Ends the session that hangs on it as well.
    await root.detach();
  }
}
