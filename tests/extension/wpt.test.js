/** What ./build.sh wpt calls a difference: a page noticed the watcher, and the browser alone does not do that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, fileOf, statuses } from "../../e2e/wpt/compare.js";

const run = (...results) => statuses("/webrtc/a.html", { harness: 0, tests: results.map((status, at) => ({ name: `test ${at}`, status })) });
const FILE = { name: "/webrtc/a.html", without: ["NO RESULT"], with: ["OK"] };

test("what fails with the watcher in one run of three is named, and where it never fails without", () => {
  const { differ, flaky, stable } = compare([run(0, 1), run(0, 1), run(0, 1)], [run(0, 1), run(1, 1), run(0, 1)]);
  assert.deepEqual(differ, [{ name: "/webrtc/a.html › test 0", without: ["PASS"], with: ["PASS", "FAIL"] }]);
  assert.deepEqual([flaky, stable], [[], 2]);
});

test("what differs without the watcher too is a flake, and no result is a result", () => {
  const { differ, flaky, stable } = compare([run(0), run(2)], [run(1), run(1)]);
  assert.deepEqual([differ, flaky, stable], [[], ["/webrtc/a.html › test 0"], 1]);
  const silent = statuses("/webrtc/a.html", null);
  assert.deepEqual(compare([silent, silent], [run(0), run(0)]).differ, [FILE, { name: "/webrtc/a.html › test 0", without: ["MISSING"], with: ["PASS"] }]);
});

test("a test's file is what stands before its own name", () => {
  assert.equal(fileOf("/webrtc/a.html › test › more"), "/webrtc/a.html");
  assert.equal(fileOf("/webrtc/a.html"), "/webrtc/a.html");
});
