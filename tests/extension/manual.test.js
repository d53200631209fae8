/** The manual for developers against the folders that it describes. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";

const root = new URL("../../extension/", import.meta.url);
const manual = fs.readFileSync(new URL("README.md", root), "utf8");
const table = manual.slice(0, manual.indexOf("## One check"));

test("each module is named in the table of folders, and each that it names is there", () => {
  const modules = fs.readdirSync(root, { recursive: true }).map(String).filter((path) => path.endsWith(".js"));
  assert.ok(modules.length > 70, `${modules.length} modules`);
  const names = modules.map((path) => path.replace(/.*\//, ""));
  assert.deepEqual(names.filter((name) => !table.includes(`\`${name}\``)), []);
  assert.deepEqual([...table.matchAll(/`([\w-]+\.js)`/g)].map(([, name = ""]) => name).filter((name) => !names.includes(name)), []);
});
