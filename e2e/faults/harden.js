/** The background or the browser dies at every step of hardening and of a lease. */
import { elsewhere } from "../lib/traps.js";
import { arm, death, spare } from "../lib/death.js";
import { busy, stand } from "../lib/harden.js";
import { verdictIn, pause } from "../lib/popup.js";
import { expect, same } from "../lib/suite.js";

/** @import { Test, World } from "../lib/suite.js" */
/** @import { Standing } from "../lib/harden.js" */
/** @import { WebPage } from "../lib/types.js" */

/** From loose to strict. */
const LADDER = {
  chromium: ["default", "default_public_interface_only", "disable_non_proxied_udp"],
  firefox: ["default", "default_public_interface_only", "disable_non_proxied_udp", "proxy_only"],
};

const SITE = "http://watertight.test/v1/about";

/** A page of the extension, to look from and to send from. @template T @param {World} world @param {(view: import("../lib/types.js").View) => Promise<T>} act */
async function inside({ session }, act) {
  const view = await session.open("options/options.html");
  try {
    return await act(view);
  } finally {
    await view.close();
  }
}

/** Nothing moves any more; a check need not have been made. @param {World} world @returns {Promise<Standing>} */
const still = (world) =>
  inside(world, async (view) => {
    const end = Date.now() + 40_000;
    for (let since = Date.now(), before = ""; ; ) {
      const now = await view.run(stand);
      const text = JSON.stringify(now);
      // A check that was decided on while the background died is never told to be decided.
      const why = now.check?.phase === "checking" ? "a check runs" : ["working", "restoring"].includes(now.hardening?.state) ? "works" : "";
      if (why || text !== before) since = Date.now();
      if (Date.now() - since > 700) return now;
      if (Date.now() > end) throw new Error(`hardening does not come to rest: ${why}: ${text}`);
      before = text;
      await pause(100);
    }
  });

/** Runs in a page of the extension. @param {object} message */
async function tell(message) {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  // A background that dies never answers.
  await Promise.race([api.runtime.sendMessage(message).catch(() => {}), new Promise((resolve) => setTimeout(resolve, 300))]);
  return true;
}

/** Runs in a page of the extension. @param {Record<string, unknown>} values */
async function store(values) {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  await api.storage.local.set(values);
  return true;
}

/** Runs in a page of the extension. @param {number} minutes */
async function askLease(minutes) {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  const tab = (await api.tabs.query({})).find((/** @type {any} */ one) => one.url?.startsWith("http://watertight.test/"));
  const sent = api.runtime.sendMessage({ type: "lease", site: "watertight.test", tab: tab.id, minutes }).catch(() => {});
  await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, 300))]);
  return true;
}

/** A click on the toolbar button, and its verdict. @param {World} world */
async function click({ session }) {
  const popup = await session.click();
  try {
    await verdictIn(popup, { since: popup.clicked, patience: 20_000 });
  } finally {
    await popup.close();
  }
}

/** As the extension comes: nothing set, nothing remembered. @param {World} world @param {string} mode */
async function afresh(world, mode) {
  await inside(world, (view) => view.run(tell, { type: "mode", mode: "off" }));
  await still(world);
  await inside(world, (view) => view.run(store, { mode, seal: null, lease: null }));
}

/** @param {World} world */
async function sealed(world) {
  const now = await still(world);
  if (now.hardening?.state === "sealed" && !now.lease) return;
  await afresh(world, "auto");
  await click(world);
  same((await still(world)).hardening?.state, "sealed", "before the story begins");
}

/** @param {World} world @param {number} minutes */
async function leased(world, minutes) {
  await sealed(world);
  await inside(world, (view) => view.run(askLease, minutes));
  same((await still(world)).hardening?.state, "lease", "before the story begins");
}

/**
 * @typedef {object} Story
 * @property {(world: World) => Promise<void>} before
 * @property {(world: World) => Promise<unknown>} act
 * @property {Record<string, number>} ends  state of the popup → rungs below the sealing policy, -1: the default
 * @property {number} [loosest]  rungs below the sealing policy that are never passed
 * @property {Record<string, number>} [afterBrowser]  where the death of the browser ends otherwise
 */

/** @type {Record<string, Story>} */
const STORIES = {
  "sealing by itself": { before: (world) => afresh(world, "auto"), act: click, ends: { sealed: 0 } },
  // An order that was lost before it was heard is not made up for.
  undo: { before: sealed, act: (world) => inside(world, (view) => view.run(tell, { type: "undo" })), ends: { offer: -1, sealed: 0 } },
  "a lease's beginning": { before: sealed, act: (world) => inside(world, (view) => view.run(askLease, 60)), ends: { lease: 1, sealed: 0 }, loosest: 1 },
  "a lease's end": {
    before: (world) => leased(world, 60),
    act: (world) => inside(world, (view) => view.run(tell, { type: "lease-end" })),
    ends: { sealed: 0, lease: 1 },
    loosest: 1,
  },
  // Tabs do not outlive the browser.
  "a tab's lease": {
    before: sealed,
    act: (world) => inside(world, (view) => view.run(askLease, 0)),
    ends: { lease: 1, sealed: 0 },
    loosest: 1,
    afterBrowser: { sealed: 0 },
  },
};

/** @param {World} world @param {string} who @param {Story} story @param {number} step @returns {Promise<string>} after which step it died */
async function once(world, who, story, step) {
  const ladder = LADDER[world.session.browser];
  await story.before(world);
  if (!(await world.session.askBackground(arm, step))) {
    // It slept; a message wakes it.
    await inside(world, (view) => view.run(tell, { type: "granted" }));
    expect(await world.session.askBackground(arm, step), "no background to be killed");
  }
  const acting = story.act(world).catch((error) => error);
  let calm = 0;
  const died = await death(world.session, async () => {
    // Not from a page: a tab that opens closes the popup.
    const now = await world.session.askBackground(stand);
    calm = now?.check && !busy(now) ? calm + 1 : 0;
    return calm > 20;
  });
  if (!died) {
    await acting;
    await world.session.askBackground(spare);
  } else if (who === "the browser") {
    world.session = await world.session.restart();
    await world.session.visit(SITE);
  } else {
    await world.session.stopBackground();
    await world.session.closePopup().catch(() => {});
  }
  // What is under way goes on by itself, as soon as the background is started.
  if (died && who !== "the browser") await inside(world, (view) => view.run(tell, { type: "granted" }));
  // Not only the next check mends it: by itself it is never looser than the user chose.
  const woken = await still(world);
  if (died) expect(woken.seal, `after "${died}": the records are gone`);
  const loosest = story.loosest === undefined ? 0 : ladder.length - 1 - story.loosest;
  const now = woken.policy?.value ?? "";
  expect(ladder.indexOf(now) >= loosest, `after "${died}", before any check, ${now} is in force: ${JSON.stringify(woken)}`);
  await click(world);
  const { hardening, policy, lease, seal } = await still(world);
  const ends = (died && who === "the browser" && story.afterBrowser) || story.ends;
  const told = `after "${died}": ${hardening?.state} under ${policy?.value}, ${JSON.stringify({ lease, seal })}`;
  const below = ends[hardening?.state];
  expect(below !== undefined, told);
  same(policy?.value, below === -1 ? "default" : ladder[ladder.length - 1 - Number(below)], `policy ${told}`);
  return died;
}

/** @type {Test[]} */
export const deaths = ["the background", "the browser"].flatMap((who) =>
  Object.entries(STORIES).map(([name, story]) => ({
    name: `${who} dies at every step of ${name}`,
    async run(world) {
      const steps = [];
      for (let step = 0; ; step++) {
        world.api.trap("/v1/exit", elsewhere);
        if (step === 0) await world.session.visit(SITE);
        const died = await once(world, who, story, step);
        if (!died) break;
        steps.push(died);
        console.log(`        died after: ${died}`);
      }
      expect(steps.length > 1, "there were no steps to die at");
    },
  })),
);

/** The manifest with what the user would have granted, and with an identity that outlives the browser. @param {string} text */
export function grantAll(text) {
  const manifest = JSON.parse(text);
  manifest.permissions.push("privacy", "tabs");
  manifest.optional_permissions = [];
  return JSON.stringify(manifest);
}
