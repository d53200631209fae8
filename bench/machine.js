// What else the machine did meanwhile: CPU time of all processes that is not that of those who were measured.
import { readFileSync } from "node:fs";

const HZ = 100; // USER_HZ, which proc(5) counts in on every Linux

/** Seconds of CPU that processes have used on this machine since it started, and cores' time that another took away. */
function used() {
  const [, user, nice, system, , , , , steal] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0].split(/\s+/).map(Number);
  return (user + nice + system + steal) / HZ;
}

/** Starts to watch. The function it returns tells the share of one core that others had. */
export function watch() {
  const [began, before] = [performance.now(), used()];
  /** @param {number} own seconds of CPU of those who are measured */
  return (own) => Math.max(0, used() - before - own) / ((performance.now() - began) / 1000);
}
