import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, texts } from "./fake-chrome.js";

const { showBadge, showBadgeChecking } = await import("../../extension/background/badge.js");
const { clock, moment } = await import("../../extension/lib/clock.js");

const verdict = (outcome) => ({ outcome, headline: { id: "said", args: [] } });
const at = new Date(2025, 2, 3, 14, 2).getTime();

test("the toolbar warns by a mark, tells a time, and never keeps a tick", async () => {
  Object.assign(texts, { said: "The sentence.", ui_badge_tested: "Watertight, $1: $2", ui_badge_title: "Watertight: $1", ui_headline_checking: "Testing" });
  await showBadgeChecking();
  assert.deepEqual([badge.text, badge.title], ["…", "Watertight: Testing"]);
  for (const [outcome, text] of [["leak", "!"], ["unknown", "?"], ["clear", ""]]) {
    await showBadge(verdict(outcome), at);
    assert.deepEqual([badge.text, badge.title], [text, `Watertight, ${moment(at)}: The sentence.`]);
  }
});

test("a time of another day has its date", () => {
  assert.match(moment(at), /3/);
  assert.ok(moment(at).length > clock(at, at + 60_000).length);
  assert.equal(clock(at, new Date(2025, 2, 3, 23, 59).getTime()), clock(at, at));
  for (const now of [new Date(2025, 2, 4, 0, 1), new Date(2025, 3, 3, 14, 2), new Date(2026, 2, 3, 14, 2)]) {
    assert.equal(clock(at, now.getTime()), moment(at));
  }
});
