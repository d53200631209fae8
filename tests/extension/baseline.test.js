import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { stored } from "./fake-chrome.js";
import { NET } from "./world.js";

const { addHome, HOMES_MAX, loadHomes, removeHome, renameHome, validHomes } = await import("../../extension/lib/baseline.js");
const { CoreError } = await import("../../extension/lib/core.js");
const { record } = await import("../../extension/background/record.js");

const home = (name) => ({ name, exits: [NET], resolvers: [NET] });
const names = async () => (await loadHomes()).map(({ name }) => name);

beforeEach(() => {
  stored.local = {};
  stored.session = { check: { id: "shown", phase: "done", evidence: { version: 1 } } };
});

test("connections are added, renamed and deleted", async () => {
  await addHome(home("Home"));
  await addHome(home("Work"));
  await addHome(home("Home")); // recorded anew
  assert.deepEqual(await names(), ["Work", "Home"]);
  assert.equal(await renameHome("Home", "Work"), false);
  assert.equal(await renameHome("Home", "Flat"), true);
  assert.deepEqual(await names(), ["Work", "Flat"]);
  await removeHome("Work");
  await removeHome("Flat");
  assert.deepEqual(stored.local, {});
});

test("no more than the core should have to compare", async () => {
  for (let n = 0; n < HOMES_MAX + 2; n++) await addHome(home(`n${n}`));
  assert.equal((await names()).length, HOMES_MAX);
  assert.equal((await names()).at(-1), `n${HOMES_MAX + 1}`);
});

test("what is stored is checked like any input", () => {
  for (const bad of [undefined, null, 7, {}, { networks: 7 }, { networks: [null, 7, {}, { name: "x" }, { name: "", exits: [NET] }] }]) {
    assert.deepEqual(validHomes(bad), []);
  }
  const more = { networks: [{ ...home("Home"), extra: 1, resolvers: "x", exits: [{ ...NET, extra: 1 }, null] }] };
  assert.deepEqual(validHomes(more), [{ name: "Home", exits: [NET], resolvers: [] }]);
});

test("what the core makes of a check is recorded", async () => {
  const asked = [];
  const core = { record: async (evidence, name) => (asked.push([evidence, name]), { home: home(name), warning: null }) };
  assert.deepEqual(await record(core, { name: "Home", sure: false, check: "shown" }), { done: true });
  assert.deepEqual(asked, [[{ version: 1 }, "Home"]]);
  assert.deepEqual(await names(), ["Home"]);
});

test("a warning is asked about first", async () => {
  const warning = { id: "baseline_vpn", args: ["Example VPN"] };
  const core = { record: async (_evidence, name) => ({ home: home(name), warning }) };
  assert.deepEqual(await record(core, { name: "Home", sure: false, check: "shown" }), { warning });
  assert.deepEqual(await names(), []);
  assert.deepEqual(await record(core, { name: "Home", sure: true, check: "shown" }), { done: true });
});

test("a check that is no good, none at all, and a core that fails", async () => {
  const text = { id: "baseline_dns", args: [] };
  const refusing = { record: () => Promise.reject(new CoreError("not-enough", text)) };
  assert.deepEqual(await record(refusing, { name: "Home", sure: true, check: "shown" }), { refused: text });
  const dead = { record: () => Promise.reject(new Error("dead")) };
  assert.equal((await record(dead, { name: "Home", sure: true, check: "shown" })).refused.id, "ui_core_confused");
  const odd = { record: async () => ({ home: { name: "Home" }, warning: null }) };
  assert.equal((await record(odd, { name: "Home", sure: true, check: "shown" })).refused.id, "ui_core_confused");
  stored.session.check.id = "another";
  assert.equal((await record(odd, { name: "Home", sure: true, check: "shown" })).refused.id, "ui_record_other");
  stored.session.check.phase = "checking";
  assert.equal((await record(odd, { name: "Home", sure: true, check: "shown" })).refused.id, "ui_record_no_check");
  assert.deepEqual(stored.local, {});
});
