import assert from "node:assert/strict";
import { test } from "node:test";
import { interval, isNoisy, median } from "../../bench/report.js";

const calm = [5, 5.1, 5, 4.9, 5, 5.2, 5, 5, 5.1];

test("a quiet machine is believed", () => {
  assert.equal(isNoisy(calm, { anchor: calm.map((value) => value * 2) }, 0.02), false);
});

test("a machine that others use is not, however still the columns hold", () => {
  assert.equal(isNoisy(calm, { anchor: calm }, 0.3), true);
});

test("nor is one whose columns do not hold still", () => {
  assert.equal(isNoisy([1, 9, 1, 9, 1, 9, 1, 9, 1], {}, 0), true);
});

test("nor one where ours and an anchor move against each other from round to round", () => {
  const up = [5, 5.4, 5.8, 6.2, 6.6, 7, 7.2, 7.3, 7.4];
  assert.equal(isNoisy(up, { anchor: calm }, 0), false, "each holds still enough by itself");
  assert.equal(isNoisy(up, { anchor: [...up].reverse() }, 0), true, "and not beside each other");
});

test("the median's interval: of 100 values the 40th and the 61st, of a few none", () => {
  assert.deepEqual(interval(Array.from({ length: 100 }, (_, i) => 100 - i)), [40, 61]);
  assert.equal(interval([1, 2, 3]), undefined);
});

test("the median of an even number lies between", () => assert.equal(median([4, 1, 3, 2]), 2.5));
