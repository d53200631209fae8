/** Marks on the performance timeline of the background, so that a benchmark sees where a check's time goes. */

const PREFIX = "watertight:";

/** Firefox's background page lives for days: each check begins with an empty timeline. */
export const clearMarks = () => performance.clearMarks();

/** @param {string} name */
export const mark = (name) => void performance.mark(PREFIX + name);
