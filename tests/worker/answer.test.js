import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, respond, respondStream } from "../../server/worker/shell/answer.js";

test("an answer is the head of HTTP and a body", async () => {
  const response = respond('200\nAllow: GET, HEAD\nEmpty: \nVary: Accept\nVary: Origin\nContent-Type: a/b\nX: \n\n{"a":": "}\n\nmore\n');
  assert.equal(response.status, 200);
  assert.deepEqual([...response.headers], [["allow", "GET, HEAD"], ["content-type", "a/b"], ["empty", ""], ["vary", "Accept, Origin"], ["x", ""]]);
  assert.equal(await response.text(), '{"a":": "}\n\nmore\n');
});

test("an answer without headers, without a body, and with none allowed", async () => {
  assert.equal(await respond("404\n\n").text(), "");
  const none = respond("204\nAccess-Control-Allow-Origin: *\n\n");
  assert.equal(none.status, 204);
  assert.equal(none.body, null);
});

test("what is kept of a head is not the answer's own", () => {
  const text = "200\nA: 1\n\n";
  respond(text).headers.set("A", "2");
  assert.equal(respond(text).headers.get("A"), "1");
  for (let i = 0; i < 200; i++) assert.equal(respond(`200\nA: ${i}\n\n`).headers.get("A"), String(i));
  assert.equal(respondStream(text, new ReadableStream()).headers.get("A"), "1");
});

test("the shell's own words have the shape of the API's", async () => {
  const response = respond(refusal(503, "unavailable", "not now", "Retry-After: 1\n"));
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("Retry-After"), "1");
  assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
  assert.deepEqual(await response.json(), { error: { code: "unavailable", message: "not now" } });
});
