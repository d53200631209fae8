/** Writes to storage.session in order, and of several that wait only the newest. */
import * as ext from "../lib/ext.js";

export function sessionWriter() {
  /** @type {Record<string, unknown> | null} */
  let next = null;
  let writing = Promise.resolve();

  async function writeNext() {
    const items = next ?? {};
    next = null;
    // Storage that refuses must not end a check: the verdict still reaches the badge.
    await ext.write("session", items).catch((error) => console.error("write state:", error));
  }

  return (/** @type {Record<string, unknown>} */ items) => {
    const queued = next !== null;
    next = { ...next, ...items };
    if (!queued) writing = writing.then(writeNext);
    return writing;
  };
}
