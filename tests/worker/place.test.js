import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hash, hintOf, letterOf, place, placeOfToken, regionOf } from "../../server/worker/shell/place.js";

const names = JSON.parse(readFileSync(new URL("../../server/worker/place/testdata/names.json", import.meta.url), "utf8"));

test("the shell and Go put every token into the same object", () => {
  assert.ok(Object.keys(names).length > 16);
  for (const [token, name] of Object.entries(names)) assert.equal(placeOfToken(token, 8), name, token);
});

test("FNV-1a, by its authors' examples", () => {
  assert.equal(hash(""), 0x811c9dc5);
  assert.equal(hash("a"), 0xe40c292c);
  assert.equal(hash("foobar"), 0xbf9cf968);
});

test("a hint is where the request came in, and puts a token of it there", () => {
  const cases = [
    [{ continent: "EU", longitude: "2.3" }, "u", "weur"],
    [{ continent: "EU", longitude: "21.0" }, "v", "eeur"],
    [{ continent: "NA", longitude: "-74" }, "e", "enam"],
    [{ continent: "NA", longitude: "-122" }, "w", "wnam"],
    [{ continent: "SA" }, "s", "sam"],
    [{ continent: "AF" }, "f", "afr"],
    [{ continent: "OC" }, "o", "oc"],
    [{ continent: "AS", country: "JP" }, "a", "apac"],
    [{ continent: "AS", country: "AE" }, "m", "me"],
  ];
  for (const [cf, letter, region] of cases) {
    assert.equal(letterOf(cf), letter);
    const token = `${hintOf(cf)}cdefghijklmnopqrstuv2345`.slice(0, 26);
    assert.equal(regionOf(placeOfToken(token, 8)), region);
  }
  for (const cf of [undefined, {}, { continent: "AN" }]) assert.equal(hintOf(cf), "");
});

/** @param {string} path @param {string} from @param {object} [cf] */
const at = (path, from, cf) => /** @type {any} */ ({ url: `https://x.test${path}`, headers: new Headers({ "CF-Connecting-IP": from }), cf });

test("a token's requests meet in one object, whoever asks; the others go to one nearby", () => {
  const token = "abcdefghijklmnopqrstuv2345";
  const name = placeOfToken(token, 8);
  assert.equal(place(at(`/v1/sightings/${token}`, "192.0.2.1", { continent: "EU" }), 8), name);
  assert.equal(place(at(`/v1/sightings/${token}?x=1`, "2001:db8::1", { continent: "OC" }), 8), name);
  assert.match(place(at("/v1/exit", "192.0.2.1", { continent: "OC" }), 8), /^oc-\d$/);
  assert.match(place(at(`/v1/sightings/${token}x`, "192.0.2.1"), 8), /^any-\d$/);
  const spread = new Set(Array.from({ length: 100 }, (_, i) => place(at("/v1/exit", `192.0.2.${i}`), 8)));
  assert.equal(spread.size, 8);
});
