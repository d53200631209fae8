/** One door to both browsers. */
import { startChromium } from "./chromium.js";
import { startFirefox } from "./firefox.js";

/** @import { Options, Session } from "./types.js" */

/**
 * @param {Options} options
 * @returns {Promise<Session>}
 */
export function start(options) {
  return options.browser === "firefox" ? startFirefox(options) : startChromium(options);
}
