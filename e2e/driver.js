#!/usr/bin/env node
/**
 * Drives one real browser with the extension in it: JSON commands on stdin, JSON replies on stdout.
 *
 *   node e2e/driver.js --browser chromium|firefox --extension DIR --out DIR
 *        [--headed] [--arg A]… [--pref k=v]… [--proxy socks5://h:p] [--grant ORIGIN=microphone]…
 *
 *   {"do":"check","screenshots":"NAME"|"","deep":true|false}
 *        opens the popup as a click does, waits for the verdict; deep: then asks for the deep test there
 *   {"do":"storage","set":{…}}   what the user had set in the extension before: keys of storage.local
 *   {"do":"quit"}
 *
 * The end of stdin is a quit. However this process ends, its browser ends with it.
 */
import fs from "node:fs";
import path from "node:path";
import { readOptions } from "./lib/args.js";
import { explain, say, serve } from "./lib/protocol.js";
import { look, report, unfold, verdictIn } from "./lib/popup.js";
import { start } from "./lib/start.js";

/** @import { Popup, Scheme } from "./lib/types.js" */

/**
 * @param {Popup} popup
 * @param {string} out
 * @param {string} name
 */
async function photograph(popup, out, name) {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`"${name}" is no file name`);
  fs.mkdirSync(out, { recursive: true });
  await popup.run(unfold);
  const files = [];
  for (const scheme of /** @type {Scheme[]} */ (["light", "dark"])) {
    const file = path.join(out, `${name}-${scheme}.png`);
    await popup.shoot(file, scheme);
    files.push(file);
  }
  return files;
}

/** Runs in the popup: asks for the deep test as a person does. @returns {string} why that is impossible, or "" */
function askDeep() {
  for (const id of ["#deep-open", "#deep-run"]) {
    const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(id));
    if (!button || button.disabled) return `${id} cannot be pressed`;
    button.click();
  }
  return "";
}

/** Runs in a page of the extension. @param {Record<string, unknown>} values */
async function store(values) {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  await api.storage.local.set(values);
  return true;
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  const session = await start(options);
  /** @param {number} code */
  const leave = async (code) => {
    await session.close();
    process.exit(code);
  };
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"])) process.on(signal, () => void leave(143));
  process.stdout.on("error", () => void leave(1));
  let leaving = false;
  void session.gone.then(() => {
    if (leaving) return;
    say({ error: "the browser ended by itself" });
    void leave(1);
  });

  say({ ready: true, browser: session.browser, version: session.version });
  await serve(process.stdin, {
    async storage({ set }) {
      const page = await session.open("options/options.html");
      try {
        return { stored: await page.run(store, /** @type {Record<string, unknown>} */ (set)) };
      } finally {
        await page.close();
      }
    },
    async check({ screenshots = "", deep = false }) {
      const popup = await session.click();
      try {
        // A check that runs already is joined by the click; an older result is not what was asked for.
        const { check: running } = await popup.run(look);
        const since = running?.phase === "checking" ? Math.min(popup.clicked, running.startedAt) : popup.clicked;
        let sight = await verdictIn(popup, { since });
        if (deep) {
          popup.clicked = Date.now();
          const obstacle = await popup.run(askDeep);
          if (obstacle) throw new Error(obstacle);
          sight = { ...(await verdictIn(popup, { since: popup.clicked })), painted: null, rowed: null };
        }
        const pictures = screenshots ? await photograph(popup, options.out, String(screenshots)) : [];
        return { ...report(sight, popup.clicked), screenshots: pictures };
      } finally {
        await popup.close();
      }
    },
  });
  leaving = true;
  await leave(0);
}

main().catch((error) => {
  say({ error: explain(error) });
  process.exit(1);
});
