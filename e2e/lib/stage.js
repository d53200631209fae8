/**
 * The world of world.js with the companion and its hostile front running in it, and browsers with
 * copies of the extension.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { companion, companionBinary } from "./companion.js";
import { hostile } from "./hostile.js";
import { start } from "./start.js";
import { variant } from "./variant.js";
import { build } from "./world.js";

/** @import { Options } from "./types.js" */
/** @import { World } from "./suite.js" */

/**
 * @typedef {(name: string, changes: import("./variant.js").Changes, act: (world: World) => Promise<void>) => Promise<void>} Play
 *   starts a browser with the extension so changed
 */

/**
 * @param {Options} options
 * @param {(play: Play) => Promise<void>} act
 */
export async function onStage(options, act) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watertight-stage-"));
  const api = hostile();
  const server = companion(companionBinary(folder), folder);
  try {
    build(folder);
    await server.start();
    await api.open();
    await act(async (name, changes, scene) => {
      const extension = variant(options.extension, path.join(folder, name), changes);
      const world = { session: await start({ ...options, extension }), api, server };
      try {
        await scene(world);
      } finally {
        await world.session.close(); // perhaps not the one that it began with
      }
    });
  } finally {
    await Promise.all([api.shut(), server.stop()]);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
