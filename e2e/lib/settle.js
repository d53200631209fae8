/**
 * A browser that has only just started is still reading its own files. People click in one that
 * has been running for a while, so "ready" waits for the start to be over.
 */
import fs from "node:fs";
import { pause } from "./popup.js";

const LOOK_EVERY = 250;
/** Below a tenth of one core the start is over. */
const QUIET = 0.1;
/** Measured: 1.5 s on an idle machine; beyond this something else keeps the browser busy. */
const AT_MOST = 6000;

/** @param {number} leader process id of the browser, which leads its process group */
export async function settle(leader) {
  const end = Date.now() + AT_MOST;
  let before = ticks(leader);
  let quiet = 0;
  while (Date.now() < end && quiet < 2) {
    await pause(LOOK_EVERY);
    const now = ticks(leader);
    // proc(5): clock ticks are hundredths of a second on every Linux that browsers run on.
    quiet = (now - before) * 10 < QUIET * LOOK_EVERY ? quiet + 1 : 0;
    before = now;
  }
}

/** CPU time that the processes of a group have used, in clock ticks. @param {number} group */
function ticks(group) {
  let sum = 0;
  for (const entry of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // The name may hold spaces and brackets: fields count from behind its last bracket.
      const stat = fs.readFileSync(`/proc/${entry}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(fields[2]) === group) sum += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}
