/**
 * The first paint of a popup with one paragraph, in an extension that does nothing: what the browser itself takes
 * from the click, which no popup can go below.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "../e2e/lib/args.js";
import { start } from "../e2e/lib/start.js";

const LOOK_EVERY_MS = 60;
const PATIENCE_MS = 10_000;

/** Runs in the popup. @returns {number | null} milliseconds since the epoch */
function painted() {
  const [entry] = performance.getEntriesByName("first-contentful-paint");
  return entry ? performance.timeOrigin + entry.startTime : null;
}

/** @param {string} browser */
export async function startBlank(browser) {
  const session = await start(readOptions(["--browser", browser, "--extension", "bench/blank"]));
  return {
    /** Milliseconds from the click to the first paint. */
    async paint() {
      const popup = await session.click({ alone: true });
      try {
        for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
          const at = await popup.run(painted);
          if (at !== null) return at - popup.clicked;
        }
        throw new Error("the blank popup was not painted");
      } finally {
        await session.closePopup();
      }
    },
    close: () => session.close(),
  };
}
