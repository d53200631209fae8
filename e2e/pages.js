#!/usr/bin/env node
/**
 * Pictures of every page and state of the extension, light and dark, to judge the looks by.
 *
 *   node e2e/pages.js --browser chromium|firefox --extension DIR --out DIR
 *
 * Writes BROWSER-PAGE-SCHEME.png. Runs in a network of its own, like faults.js.
 */
import fs from "node:fs";
import path from "node:path";
import { readOptions } from "./lib/args.js";
import { explain } from "./lib/protocol.js";
import { unfold, verdictIn } from "./lib/popup.js";
import { onStage } from "./lib/stage.js";
import { checkHeldBack, until } from "./lib/suite.js";
import { elsewhere, silence } from "./lib/traps.js";
import { enter, inside } from "./lib/world.js";

/** @import { Options, Scheme, View } from "./lib/types.js" */
/** @import { World } from "./lib/suite.js" */

/** @param {Options} options */
const photographer = (options) => async (/** @type {View} */ view, /** @type {string} */ page) => {
  for (const scheme of /** @type {Scheme[]} */ (["light", "dark"])) {
    const file = path.join(options.out, `${options.browser}-${page}-${scheme}.png`);
    await view.shoot(file, scheme);
    console.log(file);
  }
};

/** The states of the popup, by what the server does. @type {Record<string, (api: World["api"]) => void>} */
const STATES = {
  clear: () => {},
  unknown: (api) => api.trap("/", silence),
  leak: (api) => api.trap("/v1/exit", elsewhere),
};

const HOUR_MS = 3_600_000;

/** Fills the lists of the settings; nobody has allowed anything, so what is blocked is not. Runs in the page. @param {number} now */
const fill = (now) => {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  const seen = { address: "198.51.100.10", site: "", class: "public", via: "srflx", hardware: false, probe: true, first: now, last: now, count: 3 };
  const entry = { first: now, last: now, visits: 3, choice: {}, counts: { probes: 3, reads: 3 }, open: [], seen: [seen], by: [] };
  return api.storage.local.set({
    blocked: ["meet.example", "a-site-whose-name-is-as-long-as-names-of-sites-are-at-times.example"],
    sites: { version: 1, sites: [{ site: "shop.example", ...entry }, { site: "a-site-whose-name-is-as-long-as-names-of-sites-are-at-times.example", ...entry }] },
  });
};

/** Asks what "proven" and "likely" mean. Runs in the popup. */
const askCertainty = () => {
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button.certainty"))) node.click();
};

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (!inside()) return enter();
  fs.mkdirSync(options.out, { recursive: true });
  const manifest = JSON.parse(fs.readFileSync(path.join(options.extension, "manifest.json"), "utf8"));
  const shoot = photographer(options);

  await onStage(options, (play) =>
    play("pages", {}, async (world) => {
      for (const page of ["welcome/welcome.html", manifest.options_ui?.page]) {
        if (!page || !fs.existsSync(path.join(options.extension, page))) continue;
        const view = await world.session.open(page);
        await shoot(view, path.basename(page, ".html"));
        if (page === manifest.options_ui?.page) {
          await view.run(fill, Date.now() - HOUR_MS);
          await until("the lists", async () => (await view.run(() => document.querySelectorAll("#blocked li, #ledger li").length)) === 4);
          await shoot(view, "options-lists");
        }
        await view.close();
      }
      const held = await checkHeldBack(world);
      await shoot(held.popup, "popup-checking");
      await held.popup.close();
      held.release();
      for (const [state, prepare] of Object.entries(STATES)) {
        world.api.clear();
        prepare(world.api);
        const popup = await world.session.click();
        await verdictIn(popup, { since: popup.clicked });
        await shoot(popup, `popup-${state}`);
        await popup.close();
      }
      const popup = await world.session.click();
      await verdictIn(popup, { since: popup.clicked });
      await popup.run(unfold);
      await popup.run(askCertainty);
      await shoot(popup, "popup-leak-unfolded");
      await popup.close();
    }),
  );
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`pages: ${explain(error)}`);
    process.exit(1);
  },
);
