#!/usr/bin/env node
/**
 * Breaks things under the extension in a real browser, and looks at what the popup says then.
 *
 *   node e2e/faults.js --browser chromium|firefox --extension DIR [--only TEXT] [--deaths]
 *
 * With --deaths, which takes minutes: the background and the browser die at every step of hardening.
 *
 * Needs Linux namespaces (root, or unprivileged user namespaces): see lib/world.js.
 */
import { readOptions } from "./lib/args.js";
import { explain } from "./lib/protocol.js";
import { onStage } from "./lib/stage.js";
import { check, outcome, row, runTests } from "./lib/suite.js";
import { enter, inside } from "./lib/world.js";
import { api } from "./faults/api.js";
import { background } from "./faults/background.js";
import { companionFaults } from "./faults/companion.js";
import { BAD_CORES, core } from "./faults/core.js";
import { deaths, grantAll } from "./faults/harden.js";
import { looks } from "./faults/look.js";
import { popup } from "./faults/popup.js";

/** @import { Test } from "./lib/suite.js" */

/** Without this one, "never clear" would also hold of an extension that never says clear. @type {Test[]} */
const healthy = [
  {
    name: "nothing is broken: clear",
    async run(world) {
      const { sight } = await check(world);
      outcome(sight, "clear");
      for (const id of ["exit", "dns", "webrtc"]) row(sight, id, "clear");
    },
  },
];

/** @param {string[]} argv @returns {{only: string, rest: string[]}} */
function takeOnly(argv) {
  const at = argv.indexOf("--only");
  return at < 0 ? { only: "", rest: argv } : { only: argv[at + 1] ?? "", rest: argv.toSpliced(at, 2) };
}

async function main() {
  const dying = process.argv.includes("--deaths");
  const { only, rest } = takeOnly(process.argv.slice(2).filter((word) => word !== "--deaths"));
  const options = readOptions(rest);
  if (!inside()) return enter();

  const score = { passed: 0, failed: 0 };
  /** @param {import("./lib/stage.js").Play} play */
  const kill = (play) =>
    play("granted", { "manifest.json": grantAll }, async (world) => {
      // TURN over TCP would see another address than the exit that is told, and no policy could seal that.
      await world.server.stop();
      await world.server.start({ turn: false });
      await runTests(deaths.filter((test) => test.name.includes(only)), world, score);
    });
  await onStage(options, async (play) => {
    /** @param {string} name @param {import("./lib/variant.js").Changes} changes @param {Test[]} tests */
    const round = async (name, changes, tests) => {
      const chosen = tests.filter((test) => test.name.includes(only));
      if (chosen.length > 0) await play(name, changes, (world) => runTests(chosen, world, score));
    };
    if (dying) return void (await kill(play));
    await round("whole", {}, [...healthy, ...background, ...popup, ...looks, ...companionFaults, ...api, ...healthy]);
    for (const [at, [what, content]] of Object.entries(BAD_CORES).entries()) {
      await round(`core${at}`, { "lib/core.wasm": content }, core(what));
    }
  });
  console.log(`${score.passed} passed, ${score.failed} failed`);
  return score.failed === 0 && score.passed > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`faults: ${explain(error)}`);
    process.exit(1);
  },
);
