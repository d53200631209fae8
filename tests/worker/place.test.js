import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hash, hintOf, letterOf, needsObject, place, placeOfToken, regionOf } from "../../server/worker/shell/place.js";
import { read } from "../../server/worker/shell/request.js";

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

/** @param {string} path @param {string} from @param {object} [cf] @param {Record<string, string>} [more] headers @param {boolean} [regions] */
const asked = (path, from, cf, more, regions = true) => read(/** @type {any} */ ({ method: "GET", url: `https://x.test${path}`, headers: new Headers({ "CF-Connecting-IP": from, ...more }), body: null, cf }), regions);

test("a token's requests meet in one object, whoever asks; the others go to one nearby", () => {
  const token = "abcdefghijklmnopqrstuv2345";
  const name = placeOfToken(token, 8);
  assert.equal(place(asked(`/v1/sightings/${token}`, "192.0.2.1", { continent: "EU" }), 8), name);
  assert.equal(place(asked(`/v1/sightings/${token}?x=1`, "2001:db8::1", { continent: "OC" }), 8), name);
  assert.match(place(asked("/v1/exit", "192.0.2.1", { continent: "OC" }), 8), /^oc-\d$/);
  assert.match(place(asked(`/v1/sightings/${token}x`, "192.0.2.1"), 8), /^any-\d$/);
  const spread = new Set(Array.from({ length: 100 }, (_, i) => place(asked("/v1/exit", `192.0.2.${i}`), 8)));
  assert.equal(spread.size, 8);
});

test("what is asked is read once, and only what the API reads", () => {
  assert.equal(asked("/v1/exit?a=/b", "192.0.2.1").path, "/v1/exit");
  assert.equal(asked("/", "192.0.2.1").path, "/");
  const cf = { asn: 64500, asOrganization: "Two\nlines", country: "NO", continent: "EU", longitude: "2" };
  const exit = asked("/v1/exit", "192.0.2.1", cf, { Accept: "a\tb", Cookie: "secret" });
  assert.equal(exit.text, "GET\nx.test\n/v1/exit\na\tb\n192.0.2.1\n0\nzzu\n\n64500\nTwo lines\nNO");
  const token = "/v1/sightings/abcdefghijklmnopqrstuv2345";
  assert.equal(asked(token, "192.0.2.1", cf).text, `GET\nx.test\n${token}\n\n192.0.2.1\n0\n\n\n\n\n`);
});

test("streams and bodies are told apart from what one text answers", () => {
  const token = "/v1/sightings/abcdefghijklmnopqrstuv2345";
  for (const [path, accept, isStream] of [
    [token, "text/event-stream", true], [token, "a/b, TEXT/Event-Stream;q=1", true], [token, "application/json", false],
    [token, "", false], ["/v1/exit", "text/event-stream", false],
  ]) assert.equal(asked(String(path), "192.0.2.1", {}, { Accept: String(accept) }).isStream, isStream, `${path} ${accept}`);
});

test("only an exit whose network Cloudflare does not know needs an object, of what has no token", () => {
  const needs = (/** @type {string} */ path, /** @type {object} */ cf) => needsObject(asked(path, "192.0.2.1", cf));
  assert.equal(needs("/v1/exit", { asn: 64500 }), false);
  assert.equal(needs("/v1/exit", {}), true);
  assert.equal(needs("/v1/about", {}), false);
  assert.equal(needs("/v1/frame?keep", {}), false);
  assert.equal(needs("/v1/networks?address=::1", { asn: 64500 }), true);
  assert.equal(needsObject({ path: "/v1/exit", cf: { asn: 64500 }, hasBody: true }), true);
});

test("an operator can have all objects in one place", () => {
  const one = asked("/v1/networks?address=::1", "192.0.2.1", { continent: "OC", asn: 64500 }, {}, false);
  assert.match(place(one, 8), /^any-\d$/);
  assert.equal(one.text.split("\n")[6], "", "no hint");
  assert.equal(one.text.split("\n")[8], "64500");
});
