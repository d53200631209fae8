/** A click on the notice about a site. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { browser, opened, stored } from "./fake-chrome.js";

const { openNotice, noticeOf } = await import("../../extension/background/notice.js");

const LIST = "chrome-extension://own-id/options/options.html#sites";
const NOTICE = noticeOf("shop.example");

beforeEach(() => {
  opened.length = 0;
  stored.session = { visits: [7, 8, 9], "site:7": { site: "shop.example" }, "site:8": { site: "shop.example" }, "site:9": { site: "other.example" } };
  Object.assign(browser, { tabs: new Map([[7, {}], [8, {}], [9, {}]]), noPopup: false });
});

test("the tab that showed the site last comes to the front, with the popup over it", async () => {
  await openNotice(NOTICE);
  assert.deepEqual(opened, ["clear site:shop.example", "tab 8", "window 1", "popup"]);
});

test("where no tab shows it, or the browser opens no popup, the list is opened", async () => {
  stored.session = { visits: [9], "site:9": { site: "other.example" } };
  await openNotice(NOTICE);
  assert.deepEqual(opened, ["clear site:shop.example", LIST]);

  opened.length = 0;
  stored.session = { visits: [3], "site:3": { site: "shop.example" } };
  await openNotice(NOTICE);
  assert.deepEqual(opened, ["clear site:shop.example", LIST], "the tab was closed");

  opened.length = 0;
  stored.session = { visits: [7], "site:7": { site: "shop.example" } };
  browser.noPopup = true;
  await openNotice(NOTICE);
  assert.deepEqual(opened.at(-1), LIST);
});

test("notices of others are none of ours", async () => {
  await openNotice("update");
  assert.deepEqual(opened, []);
});
