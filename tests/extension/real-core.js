/** The real core (build/core.wasm, made by ./build.sh), for tests of what it decides together with the extension. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { createCore } = await import("../../extension/lib/core.js");

const WASM = new URL("../../build/core.wasm", import.meta.url);

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** What the core's memory has grown to, in bytes; it never shrinks (WebAssembly). */
export const coreBytes = () => memory?.buffer.byteLength ?? 0;

async function boot() {
  const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  await import(pathToFileURL(path.join(root, "lib/wasm/wasm_exec.js")).href);
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(WASM), go.importObject);
  memory = /** @type {WebAssembly.Memory} */ (instance.exports.mem);
  void go.run(instance);
  return globalThis.watertight;
}

export const core = createCore(boot, 20_000);

/** Nothing that is tested waits for it to start. */
export async function ready() {
  assert.ok(fs.existsSync(WASM), "build/core.wasm is missing: ./build.sh test makes it");
  await core.siteOf("x.example").catch((error) => assert.fail(`build/core.wasm is too old: ${error}`));
}
