/**
 * Debian's Firefox ESR with the extension, over WebDriver BiDi. BiDi cannot see an extension's popup
 * or background page, so everything goes through the browser's own window (firefox-chrome.js).
 */
import fs from "node:fs";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { findExecutable, guard } from "./guard.js";
import { preferences } from "./firefox-prefs.js";
import { pause, settled } from "./popup.js";
import { settle } from "./settle.js";
import * as chrome from "./firefox-chrome.js";

/** @import { Browser } from "puppeteer-core" */
/** @import { Keeper } from "./guard.js" */
/** @import { Options, Session, View } from "./types.js" */

/** @typedef {<A extends any[], R>(fn: (...args: A) => R, ...args: A) => Promise<Awaited<R>>} Privileged */

const APPEARS_WITHIN = 10_000;

/**
 * @param {Options} options
 * @returns {Promise<Session>}
 */
export async function startFirefox(options) {
  return launch(options, guard(findExecutable("WATERTIGHT_FIREFOX", ["firefox-esr", "firefox"])));
}

/**
 * @param {Options} options
 * @param {Keeper} keeper
 * @returns {Promise<Session>}
 */
async function launch(options, keeper) {
  try {
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: keeper.executable,
      // A release build obeys the preference services.settings.server with this only.
      env: { ...keeper.env, MOZ_REMOTE_SETTINGS_DEVTOOLS: "1" },
      headless: !options.headed,
      args: ["--profile", keeper.profile, "--remote-allow-system-access", ...options.args],
      extraPrefsFirefox: preferences(options),
      defaultViewport: null,
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    const privileged = await reachWindow(browser);
    for (const { origin, permission } of options.grants) await privileged(chrome.grant, origin, permission);
    const id = await browser.installExtension(options.extension);
    const base = `moz-extension://${await privileged(chrome.install, id)}/`;
    await settle(keeper.leader());
    return await session(browser, privileged, base, options.extension, keeper, () => launch(options, keeper));
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

/**
 * @param {Browser} browser
 * @returns {Promise<Privileged>}
 */
async function reachWindow(browser) {
  // The public class does not show it, and has no command for Firefox's own windows.
  const { connection } = /** @type {any} */ (browser);
  const tree = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const window = tree.result.contexts.find((/** @type {any} */ c) => c.url === "chrome://browser/content/browser.xhtml");
  if (!window) throw new Error("Firefox shows no window");
  return async (fn, ...args) => {
    const { result } = await connection.send("script.evaluate", {
      expression: `(async () => JSON.stringify(await (${fn})(...${JSON.stringify(args)})) ?? "null")()`,
      target: { context: window.context },
      awaitPromise: true,
    });
    if (result.type === "exception") throw new Error(result.exceptionDetails.text);
    return JSON.parse(result.result.value);
  };
}

/**
 * @param {Browser} browser
 * @param {Privileged} privileged
 * @param {string} base
 * @param {string} folder
 * @param {Keeper} keeper
 * @param {() => Promise<Session>} again
 * @returns {Promise<Session>}
 */
async function session(browser, privileged, base, folder, keeper, again) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
  const popup = base + manifest.action.default_popup;

  /** @param {string} type @param {string} url @param {boolean} wanted */
  const until = async (type, url, wanted) => {
    const end = Date.now() + APPEARS_WITHIN;
    while ((await privileged(chrome.has, type, url)) !== wanted) {
      if (Date.now() > end) throw new Error(`the ${type} view did not ${wanted ? "open" : "close"}`);
      await pause(10);
    }
  };

  const closePopup = async () => {
    await privileged(chrome.closePopup);
    await until("popup", "", false);
  };

  return {
    browser: "firefox",
    version: (await browser.version()).replace(/^[^/]*\//, ""),
    gone: new Promise((resolve) => browser.once("disconnected", () => resolve())),

    async click() {
      const clicked = await privileged(chrome.press);
      await until("popup", popup, true);
      return { ...view(privileged, "popup", popup, closePopup), clicked };
    },

    closePopup,

    async open(file) {
      const url = base + file;
      await privileged(chrome.openTab, url);
      await until("tab", url, true);
      const tab = view(privileged, "tab", url, () => privileged(chrome.closeTab, url));
      while ((await tab.run(() => document.readyState)) !== "complete") await pause(20);
      return tab;
    },

    async visit(url) {
      const tab = await browser.newPage();
      await tab.goto(url);
      await tab.bringToFront();
      return {
        run: (fn, ...args) => /** @type {any} */ (tab.evaluate(fn, ...args)),
        close: () => tab.close(),
      };
    },

    async openAlone(url) {
      await privileged(chrome.openTab, url);
    },

    async install(folder) {
      const id = await browser.installExtension(folder);
      return () => browser.uninstallExtension(id);
    },

    async askBackground(fn, ...args) {
      if (!(await privileged(chrome.has, "background", ""))) return null;
      return /** @type {any} */ (view(privileged, "background", "", async () => {}).run(fn, ...args));
    },

    async forgetPages() {},

    async stopBackground() {
      await privileged(chrome.stopBackground);
      await until("background", "", false);
    },

    async restart() {
      await keeper.kill();
      return again();
    },

    // The profile is thrown away, so there is nothing that an orderly end would save.
    close: () => keeper.end(),
  };
}

/**
 * @param {Privileged} privileged
 * @param {string} type
 * @param {string} url
 * @param {() => Promise<void>} close
 * @returns {View}
 */
function view(privileged, type, url, close) {
  /** @type {View["run"]} */
  const run = async (fn, ...args) => {
    const json = await privileged(chrome.runIn, type, url, `(${fn})(...${JSON.stringify(args)})`);
    return JSON.parse(/** @type {string} */ (json));
  };
  return {
    run,
    async shoot(file, scheme) {
      // A higher window needs no scroll bar, which leaves more width, which may change the height.
      let size = await run(settled);
      for (let round = 0, posed = 0; round < 8 && size.height !== posed; round++) {
        posed = size.height;
        await privileged(chrome.pose, type, url, scheme, posed);
        for (let tries = 0; tries < 50 && (await run(() => innerHeight)) !== posed; tries++) await pause(20);
        size = await run(settled);
      }
      const data = await privileged(chrome.snapshot, type, url, size.width, size.height);
      await privileged(chrome.pose, type, url, scheme, 0);
      fs.writeFileSync(file, Buffer.from(data.slice(data.indexOf(",") + 1), "base64"));
    },
    close,
  };
}
