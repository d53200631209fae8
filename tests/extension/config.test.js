import assert from "node:assert/strict";
import { test } from "node:test";
import { scripts, stored } from "./fake-chrome.js";

const config = await import("../../extension/lib/config.js");
const { syncGatherScript } = await import("../../extension/lib/gatherer.js");

test("addresses", () => {
  for (const [text, value] of [
    ["https://watertight.example", "https://watertight.example"],
    [" https://watertight.example/ ", "https://watertight.example"],
    ["http://127.0.0.1:8053", "http://127.0.0.1:8053"],
    ["HTTPS://Watertight.Example:443", "https://watertight.example"],
    ["http://[::1]:8053", "http://[::1]:8053"],
  ]) assert.deepEqual(config.parseApi(text), { ok: true, value });
  for (const [text, error] of [
    ["", "ui_error_api_url"],
    ["watertight.example", "ui_error_api_url"],
    ["ftp://watertight.example", "ui_error_api_scheme"],
    ["javascript:alert(1)", "ui_error_api_scheme"],
    ["https://me:secret@watertight.example", "ui_error_api_user"],
    ["https://watertight.example/path", "ui_error_api_path"],
    ["https://watertight.example/?q", "ui_error_api_path"],
  ]) assert.deepEqual(config.parseApi(text), { ok: false, error });
});

test("zones", () => {
  for (const [text, value] of [["", ""], ["Watertight.Example.", "watertight.example"], ["a-b.c1.test", "a-b.c1.test"]]) {
    assert.deepEqual(config.parseZone(text), { ok: true, value });
  }
  for (const text of ["test", "-a.test", "a_b.test", "a..test", "192.0.2.1", "a.test/x", `${"a".repeat(64)}.test`, `${"abc.".repeat(60)}test`]) {
    assert.equal(config.parseZone(text).ok, false, text);
  }
  const longest = `${"a.".repeat((config.ZONE_MAX - 1) / 2)}a`;
  assert.deepEqual(config.parseZone(longest), { ok: true, value: longest });
  assert.equal(config.parseZone(`a${longest}`).ok, false);
  const places = config.endpoints({ api: "http://a.test", zone: longest });
  for (const label of ["f50", "v0"]) assert.ok(places.probeName(label, "a".repeat(26)).length <= 253, label);
});

test("the places of a companion with a zone", () => {
  const places = config.endpoints({ api: "https://watertight.example:8443", zone: "wt.example" });
  assert.deepEqual(places.exits.map((place) => place.url), ["https://ip4.wt.example:8443/v1/exit", "https://ip6.wt.example:8443/v1/exit"]);
  assert.deepEqual(places.frames.map((place) => place.family), [4, 6]);
  assert.equal(places.stun, "stun:stun.wt.example:3478");
  assert.equal(places.probeUrl("f0", "t"), "https://f0.t.wt.example/");
  assert.equal(places.stream("t"), "https://watertight.example:8443/v1/sightings/t");
  assert.equal(places.networks(["2001:db8::1", "1&2"]), "https://watertight.example:8443/v1/networks?address=2001%3Adb8%3A%3A1&address=1%262");
});

test("the places of a companion on loopback", () => {
  const v4 = config.endpoints({ api: "http://127.0.0.1:8053", zone: "" });
  assert.deepEqual(v4.exits, [{ family: 4, url: "http://127.0.0.1:8053/v1/exit" }]);
  assert.equal(v4.stun, "stun:127.0.0.1:3478");
  const v6 = config.endpoints({ api: "http://[::1]:8053", zone: "" });
  assert.deepEqual([v6.frames[0].family, v6.stun], [6, "stun:[::1]:3478"]);
  assert.equal(config.endpoints({ api: "http://localhost:8053", zone: "" }).exits[0].family, 0);
});

test("patterns and permissions name no port", () => {
  const companion = { api: "https://watertight.example:8443", zone: "wt.example" };
  assert.deepEqual(config.framePatterns(companion), ["https://ip4.wt.example/v1/frame*", "https://ip6.wt.example/v1/frame*"]);
  assert.deepEqual(config.frameOrigins(companion), ["https://ip4.wt.example/*", "https://ip6.wt.example/*"]);
});

test("what is stored is believed only when it is valid", async () => {
  for (const bad of [undefined, null, 5, {}, { api: "x", zone: "" }, { api: "https://a.example", zone: "!" }]) {
    stored.local = { companion: bad };
    assert.equal(config.isDefault(await config.loadCompanion()), true);
  }
  stored.local = { companion: { api: "https://a.example", zone: "a.example" } };
  assert.deepEqual(await config.loadCompanion(), { api: "https://a.example", zone: "a.example" });
});

test("the gatherer is registered for a companion of one's own, and only then", async () => {
  stored.local = { companion: { api: "https://a.example", zone: "a.example" } };
  await syncGatherScript();
  assert.deepEqual(scripts.get("gather").matches, ["https://ip4.a.example/v1/frame*", "https://ip6.a.example/v1/frame*"]);
  stored.local = {};
  await syncGatherScript();
  assert.equal(scripts.size, 0);
});
