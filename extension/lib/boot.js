/** Starts the Go core; `wasm_exec.js` is Go's own and comes with the build. */
import "./wasm_exec.js";
import * as ext from "./ext.js";

/** @param {string} url @param {WebAssembly.Imports} imports */
async function instantiate(url, imports) {
  try {
    return (await WebAssembly.instantiateStreaming(fetch(url), imports)).instance;
  } catch {
    // Some profiles serve the file without the MIME type that streaming insists on.
    const bytes = await (await fetch(url)).arrayBuffer();
    return (await WebAssembly.instantiate(bytes, imports)).instance;
  }
}

/** @returns {Promise<import("./core.js").Engine>} */
export async function bootCore() {
  const world = /** @type {any} */ (globalThis);
  const go = new world.Go();
  delete world.watertight;
  const instance = await instantiate(ext.url("lib/core.wasm"), go.importObject);
  go.run(instance); // runs until main waits; by then the export is in place
  if (typeof world.watertight !== "function") throw new Error("start core: no export");
  return world.watertight;
}
