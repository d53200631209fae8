import assert from "node:assert/strict";
import { test } from "node:test";
import { CoreError, createCore } from "../../extension/lib/core.js";

const VERDICT = { version: 1, outcome: "clear", final: true, headline: { id: "x", args: [] }, rows: [], findings: null, unknowns: null, wants: null };
const good = () => JSON.stringify({ ok: true, value: VERDICT });
const evidence = /** @type {any} */ ({});

test("a verdict comes through, empty lists made whole", async () => {
  const verdict = await createCore(async () => good).judge(evidence);
  assert.deepEqual([verdict.outcome, verdict.findings, verdict.unknowns, verdict.wants], ["clear", [], [], []]);
});

test("the core is started once", async () => {
  let boots = 0;
  const core = createCore(async () => (boots++, good));
  core.warm();
  await Promise.all([core.judge(evidence), core.judge(evidence)]);
  assert.equal(boots, 1);
});

test("a core that died is started again, once", async () => {
  let boots = 0;
  const core = createCore(async () => (boots++ === 0 ? () => undefined : good));
  assert.equal((await core.judge(evidence)).outcome, "clear");
  assert.equal(boots, 2);
});

for (const [name, reply] of [
  ["nothing", () => undefined],
  ["no JSON", () => "garbage"],
  ["an exception", () => { throw new Error("Go program has already exited"); }],
  ["no reply", () => "{}"],
]) {
  test(`a core that only ever says ${name} is an error, not a verdict`, async () => {
    let boots = 0;
    const core = createCore(async () => (boots++, reply));
    await assert.rejects(core.judge(evidence), CoreError);
    assert.equal(boots, 2);
  });
}

for (const [name, value] of [
  ["null", null],
  ["an unknown outcome", { ...VERDICT, outcome: "fine" }],
  ["no headline", { ...VERDICT, headline: undefined }],
  ["rows that are none", { ...VERDICT, rows: [null] }],
  ["a finding without text", { ...VERDICT, findings: [{ id: "x" }] }],
]) {
  test(`a verdict with ${name} is refused`, async () => {
    const core = createCore(async () => () => JSON.stringify({ ok: true, value }));
    await assert.rejects(core.judge(evidence), { code: "bad-reply" });
  });
}

test("an error of the core keeps its code and does not restart it", async () => {
  let boots = 0;
  const core = createCore(async () => (boots++, () => JSON.stringify({ ok: false, error: { code: "panic", message: "" } })));
  await assert.rejects(core.judge(evidence), { code: "panic" });
  assert.equal(boots, 1);
});

test("a core that never starts is given up", async () => {
  const core = createCore(() => new Promise(() => {}), 20);
  await assert.rejects(core.judge(evidence), { code: "boot-timeout" });
});

test("a core that cannot start today may start tomorrow", async () => {
  let broken = true;
  const core = createCore(async () => {
    if (broken) throw new Error("no WASM");
    return good;
  });
  await assert.rejects(core.judge(evidence), CoreError);
  broken = false;
  assert.equal((await core.judge(evidence)).outcome, "clear");
});
