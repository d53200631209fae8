import assert from "node:assert/strict";
import { test } from "node:test";
import * as shapes from "../../extension/lib/shapes.js";
import { eventParser } from "../../extension/lib/sse.js";
import { base32, isToken, newToken } from "../../extension/lib/token.js";
import { NET, sighting } from "./world.js";

function parse(pieces) {
  const events = [];
  const take = eventParser((event, data) => events.push([event, data]));
  for (const piece of pieces) take(piece);
  return events;
}

const STREAM = "event: open\n\n: beat\n\nevent: sighting\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\ndata:x\n\nignored\nid: 3\n\n";
const EVENTS = [["open", ""], ["sighting", "{\"a\":\n1}"], ["message", "x"]];

test("events, comments, both line ends, several data lines", () => {
  assert.deepEqual(parse([STREAM]), EVENTS);
});

test("the same events however the stream is cut", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    assert.deepEqual(parse([STREAM.slice(0, at), STREAM.slice(at)]), EVENTS, `cut at ${at}`);
  }
  assert.deepEqual(parse([...STREAM]), EVENTS);
});

test("an endless line or event is not read to its end", () => {
  assert.throws(() => parse(["data: " + "x".repeat(20_000)]), shapes.Garbage);
  assert.throws(() => parse(Array(100).fill("data: x\n")), shapes.Garbage);
});

test("random bytes never make the parser throw anything but Garbage", () => {
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647);
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: next() % 400 }, () => "ad:\n\r et\u0000{"[next() % 11]).join("");
    try {
      parse([text]);
    } catch (error) {
      assert.ok(error instanceof shapes.Garbage);
    }
  }
});

test("a sighting is copied field by field", () => {
  const wire = { ...sighting("f0", { edns: { size: 1232, do: true, cookie: false, more: 1 }, ecs: "198.51.100.0/24" }), more: "x" };
  const copy = shapes.sighting(wire);
  assert.deepEqual(copy, { ...sighting("f0"), edns: { size: 1232, do: true, cookie: false }, ecs: "198.51.100.0/24" });
  assert.equal(shapes.sighting(sighting("")).label, "");
});

test("sightings that are none", () => {
  for (const more of [
    { label: "q0" }, { label: "f100" }, { label: "f0.evil" }, { resolver: "<b>" }, { resolver: "" }, { family: 5 }, { transport: 1 },
    { qtypes: "A" }, { qtypes: Array(33).fill("A") }, { network: "x" }, { network: { ...NET, asn: -1 } }, { network: { ...NET, org: "x".repeat(300) } },
    { ecs: 1 }, { edns: { size: "x" } },
  ]) assert.throws(() => shapes.sighting(sighting("f0", more)), shapes.Garbage, JSON.stringify(more));
});

test("networks", () => {
  assert.deepEqual(shapes.networks({ networks: { "192.0.2.1": NET, "2001:db8::1": null } }), { "192.0.2.1": NET, "2001:db8::1": null });
  assert.throws(() => shapes.networks({ networks: { "<b>": null } }), shapes.Garbage);
  assert.throws(() => shapes.networks([]), shapes.Garbage);
});

test("tokens are 26 characters of base32 and never the same", () => {
  assert.equal(base32(new Uint8Array([0x66, 0x6f, 0x6f, 0x62, 0x61, 0x72])), "mzxw6ytboi"); // RFC 4648 §10
  const tokens = new Set(Array.from({ length: 100 }, newToken));
  assert.equal(tokens.size, 100);
  for (const token of tokens) assert.ok(isToken(token));
  assert.equal(isToken("A".repeat(26)), false);
  const hinted = newToken("zzu");
  assert.ok(isToken(hinted) && hinted.startsWith("zzu"), hinted);
});
