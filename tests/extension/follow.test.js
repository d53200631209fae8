import assert from "node:assert/strict";
import { mock, test } from "node:test";
import "./fake-chrome.js";

const { follow, STALLED_DEEP_MS, STALLED_MS } = await import("../../extension/lib/follow.js");
const { DEADLINE_MS, DEEP_MS } = await import("../../extension/background/check.js");

/** @param {() => Promise<unknown>} ask */
function popup(ask) {
  const log = [];
  const it = follow({
    ask,
    asked: () => log.push("asked"),
    show: (state) => log.push(`${state.phase} ${state.id}`),
    broken: () => log.push("broken"),
  });
  return { ...it, log };
}

const state = (id, phase) => ({ id, phase, startedAt: 0 });
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("the state of an earlier check is not shown as the new one", async () => {
  const { start, take, log } = popup(async () => ({ id: "new" }));
  const asked = start();
  take(state("old", "done"));
  await asked;
  assert.deepEqual(log, ["asked"]);
  take(state("new", "checking"));
  take(state("new", "done"));
  assert.deepEqual(log, ["asked", "checking new", "done new"]);
});

test("a check that is done before its id arrived is shown", async () => {
  const { start, take, log } = popup(async () => ({ id: "new" }));
  const asked = start();
  take(state("new", "done"));
  await asked;
  assert.deepEqual(log, ["asked", "done new"]);
});

test("a check that was started again under another id is followed", async () => {
  const { start, take, log } = popup(async () => ({ id: "one" }));
  await start();
  take(state("one", "checking"));
  take(state("two", "checking"));
  take(state("two", "done"));
  assert.equal(log.at(-1), "done two");
});

test("a stalled check is asked for again, and in the end called broken", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let asks = 0;
    const { start, log } = popup(async () => ({ id: `x${asks++}` }));
    await start();
    for (let n = 0; n < 3; n++) {
      mock.timers.tick(STALLED_MS);
      await settle();
    }
    assert.equal(asks, 3);
    assert.deepEqual(log, ["asked", "broken"]);
  } finally {
    mock.timers.reset();
  }
});

test("a check that goes on telling is alive, and a deep test may be silent for as long as it lasts", async () => {
  assert.ok(STALLED_MS > DEADLINE_MS && STALLED_DEEP_MS > DEEP_MS);
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let asks = 0;
    const { start, take, log } = popup(async () => ({ id: `x${asks++}` }));
    await start();
    const wait = async (ms) => (mock.timers.tick(ms), await settle());
    for (let n = 0; n < 5; n++) {
      await wait(STALLED_MS - 1);
      take(state("x0", "checking"));
    }
    take({ ...state("x0", "checking"), evidence: { deep: true } });
    await wait(STALLED_DEEP_MS - 1);
    assert.equal(asks, 1);
    await wait(1); // now it is lost
    assert.equal(asks, 2);
    take({ ...state("x1", "checking"), evidence: { deep: false } });
    for (let n = 0; n < 2; n++) await wait(STALLED_MS);
    assert.deepEqual([asks, log.at(-1)], [3, "broken"]);
  } finally {
    mock.timers.reset();
  }
});

test("a check that somebody else runs after the end is not watched", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let asks = 0;
    const { start, take, log } = popup(async () => (asks++, { id: "x" }));
    await start();
    take(state("x", "done"));
    take(state("y", "checking"));
    mock.timers.tick(STALLED_DEEP_MS);
    await settle();
    assert.deepEqual([asks, log.at(-1)], [1, "checking y"]);
  } finally {
    mock.timers.reset();
  }
});

test("a background that is not listening yet is asked again soon", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let asks = 0;
    const { start, take, log } = popup(async () => {
      if (asks++ === 0) throw new Error("Receiving end does not exist");
      return { id: "x" };
    });
    await start();
    mock.timers.tick(400);
    await settle();
    take(state("x", "done"));
    assert.deepEqual(log, ["asked", "done x"]);
  } finally {
    mock.timers.reset();
  }
});

test("a check that follows from ours, and loses its runner, is asked for again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let asked = 0;
  const { start, take, log } = popup(async () => ({ id: `mine ${++asked}` }));
  await start();
  take(state("mine 1", "done"));
  take(state("retest", "checking"), true);
  mock.timers.tick(STALLED_MS);
  assert.equal(asked, 2);
  take(state("mine 2", "checking"));
  take(state("mine 2", "done"));
  mock.timers.tick(10 * STALLED_MS);
  assert.equal(asked, 2);
  assert.deepEqual(log, ["asked", "done mine 1", "checking retest", "checking mine 2", "done mine 2"]);
  mock.timers.reset();
});
