/** From the click to the verdict, beside the floor that the network sets, in both browsers. */
import { spawnSync } from "node:child_process";
import { report } from "./report.js";

for (const browser of ["chromium", "firefox"]) {
  const run = spawnSync("build/lab", ["shell", "bench/check.yaml", "node", "bench/check-inside.js", browser, `build/${browser}`], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  const last = run.stdout.trim().split("\n").at(-1);
  if (run.status !== 0 || !last) {
    console.error(`the check in ${browser} could not be measured`);
    process.exit(1);
  }
  const { first_paint, blank, first_row, verdict, floor } = JSON.parse(last);
  report(`check ${browser}: first paint`, "ms", first_paint, { blank });
  report(`check ${browser}: first row`, "ms", first_row, { floor });
  report(`check ${browser}: verdict`, "ms", verdict, { floor });
}
