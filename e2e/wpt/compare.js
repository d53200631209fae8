/**
 * What differs between runs with the extension and without it, apart from what differs without it as well.
 */

/** @typedef {Record<string, string>} Run  a status for each test; its name is the file's and the subtest's */

/** The words of testharness.js, in the order of its numbers. */
const STATUS = ["PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED"];
/** Of a file that did not end, or told nobody. */
export const NO_RESULT = "NO RESULT";
const HARNESS = ["OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED"];

/**
 * @param {string} file
 * @param {{ harness: number, tests: { name: string, status: number }[] } | null} results null: the file did not end
 * @returns {Run}
 */
export function statuses(file, results) {
  /** @type {Run} */
  const run = { [file]: results ? (HARNESS[results.harness] ?? "?") : NO_RESULT };
  for (const { name, status } of results?.tests ?? []) run[`${file} › ${name}`] = STATUS[status] ?? "?";
  return run;
}

/** @param {Run[]} runs @param {string} name */
const seen = (runs, name) => new Set(runs.map((run) => run[name] ?? "MISSING"));

/**
 * @param {Run[]} without
 * @param {Run[]} together
 * @returns {{ differ: { name: string, without: string[], with: string[] }[], flaky: string[], stable: number }}
 */
export function compare(without, together) {
  const names = new Set([...without, ...together].flatMap((run) => Object.keys(run)));
  const differ = [];
  const flaky = [];
  let stable = 0;
  for (const name of [...names].sort()) {
    const [a, b] = [seen(without, name), seen(together, name)];
    if (a.size > 1) flaky.push(name);
    else if (b.size === 1 && a.has(/** @type {string} */ ([...b][0]))) stable++;
    else differ.push({ name, without: [...a], with: [...b] });
  }
  return { differ, flaky, stable };
}

/** The file of a test's name. @param {string} name */
export const fileOf = (name) => name.split(" › ")[0] ?? name;
