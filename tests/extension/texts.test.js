import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { texts } from "./fake-chrome.js";

const { plain, render, say } = await import("../../extension/lib/i18n.js");
const root = new URL("../../extension/", import.meta.url);
const catalogue = JSON.parse(fs.readFileSync(new URL("_locales/en/messages.json", root), "utf8"));

test("a text with its arguments", () => {
  texts.finding = "$1 sees $2";
  assert.equal(render({ id: "finding", args: ["Example ISP", "198.51.100.10"] }), "Example ISP sees 198.51.100.10");
  assert.equal(render(null), "");
});

test("a text that is missing still says what it is about", () => {
  assert.equal(render({ id: "finding_new_thing", args: ["198.51.100.10"] }), "finding new thing 198.51.100.10");
  assert.equal(render(/** @type {any} */ ({ id: "finding_new_thing", args: null })), "finding new thing");
  assert.equal(say("<img src=x>"), "<img src=x>");
});

test("names cannot turn the text around, break lines or fill the popup", () => {
  assert.equal(plain("a\u202egnp.exe"), "a gnp.exe");
  assert.equal(plain("a\u0000b\nc"), "a b c");
  assert.equal(plain("x".repeat(500)).length, 201);
  assert.equal(plain(undefined), "");
});

/** @param {URL} folder @returns {string[]} */
const sources = (folder) =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const url = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, folder);
    if (entry.isDirectory()) return sources(url);
    return /\.(js|html)$|^manifest\.json$/.test(entry.name) ? [fs.readFileSync(url, "utf8")] : [];
  });

test("every text that the pages name is in the catalogue, and every one there is named", () => {
  const all = sources(root).join("\n").replace(/__MSG_(\w+?)__/g, " $1 ");
  const named = new Set([...all.matchAll(/(?<!@@)\bui_[a-z0-9_]+[a-z0-9]\b/g)].map(([id]) => id));
  for (const id of named) assert.ok(catalogue[id], `${id} is missing`);
  const prefixes = [...all.matchAll(/`(ui_[a-z0-9_]*_)\$\{/g)].map((match) => match[1] ?? "");
  for (const id of Object.keys(catalogue).filter((key) => key.startsWith("ui_"))) {
    assert.ok(named.has(id) || prefixes.some((prefix) => id.startsWith(prefix)), `${id} is not used`);
  }
});

test("composed ids exist for everything they can be composed of", () => {
  const ids = [
    ...["exit", "dns", "webrtc"].flatMap((row) => [`ui_row_${row}`, `ui_pending_${row}`]),
    ...["leak", "clear", "unknown", "pending"].map((outcome) => `ui_outcome_${outcome}`),
    ...["leak", "clear", "unknown"].map((outcome) => `ui_detail_${outcome}`),
    ...["proven", "likely"].flatMap((word) => [`ui_certainty_${word}`, `ui_certainty_${word}_why`]),
    ...["timeout", "network", "http", "garbage"].map((reason) => `ui_connection_${reason}`),
  ];
  for (const id of ids) assert.ok(catalogue[id]?.message, id);
});

test("placeholders of the catalogue are all defined", () => {
  for (const [id, { message, placeholders = {} }] of Object.entries(catalogue)) {
    assert.match(id, /^[a-z0-9_]+$/);
    for (const [, name] of message.matchAll(/\$([a-z_]+)\$/gi)) assert.ok(placeholders[name.toLowerCase()], `${id}: ${name}`);
  }
});
