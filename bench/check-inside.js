/**
 * Runs on the client of the lab's network: checks and floors in turn, so that a noisy moment hits both.
 * Prints one JSON line: the columns of milliseconds. Arguments: browser, folder of the extension.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { lookup } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startBlank } from "./blank.js";
import { floor } from "./floor.js";

const ZONE = "watertight.test";
const ROUNDS = 9;

/** A click in the moment in which the last popup closes measures its closing. */
const REST_MS = 1500;

const [browser, extension] = process.argv.slice(2);
const driver = spawn("node", ["e2e/driver.js", "--browser", browser, "--extension", extension, "--out", "out"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();

/** The driver's next reply. */
async function reply() {
  const { value, done } = await lines.next();
  if (done) throw new Error("the driver ended");
  const said = JSON.parse(value);
  if (said.error) throw new Error(said.error);
  return said;
}

const { address } = await lookup(`ip4.${ZONE}`, 4);
await reply(); // ready
const blank = await startBlank(browser);
/** @type {Record<string, number[]>} */
const columns = { first_paint: [], blank: [], first_row: [], verdict: [], floor: [] };
for (let round = 0; round < ROUNDS; round++) {
  columns.floor.push(await floor(ZONE, address));
  columns.blank.push(await blank.paint());
  await sleep(REST_MS);
  driver.stdin.write(`${JSON.stringify({ do: "check", screenshots: "" })}\n`);
  const { outcome, ms } = await reply();
  if (outcome !== "clear") throw new Error(`the check said ${outcome}, so its time means nothing`);
  for (const name of ["first_paint", "first_row", "verdict"]) columns[name].push(ms[name]);
}
await blank.close();
driver.stdin.end(`${JSON.stringify({ do: "quit" })}\n`);
console.log(JSON.stringify(columns));
