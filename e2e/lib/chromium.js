/**
 * Debian's Chromium with the extension, over a CDP pipe.
 */
import fs from "node:fs";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { findExecutable, guard } from "./guard.js";
import { pause, settled } from "./popup.js";
import { settle } from "./settle.js";
import { runInWorker, watchWorker } from "./worker.js";
import { flags, writeProfile } from "./chromium-flags.js";

/** @import { Browser, Page, Extension, Target } from "puppeteer-core" */
/** @import { Keeper } from "./guard.js" */
/** @import { Options, Scheme, Session, View } from "./types.js" */

/** A popup appears after about 50 ms; a machine under load needs far longer. */
const APPEARS_WITHIN = 10_000;

/** By then a popup is painted, and its check is on its way. */
const ALONE_MS = 400;

/**
 * @param {Options} options
 * @returns {Promise<Session>}
 */
export async function startChromium(options) {
  const keeper = guard(findExecutable("WATERTIGHT_CHROMIUM", ["chromium", "chromium-browser", "google-chrome"]));
  writeProfile(keeper.profile, options);
  return launch(options, keeper);
}

/**
 * @param {Options} options
 * @param {Keeper} keeper
 * @returns {Promise<Session>}
 */
async function launch(options, keeper) {
  try {
    const browser = await puppeteer.launch({
      executablePath: keeper.executable,
      env: keeper.env,
      userDataDir: keeper.profile,
      headless: !options.headed,
      pipe: true,
      enableExtensions: true,
      defaultViewport: null,
      targetFilter: (target) => target.type() !== "service_worker",
      args: flags(options),
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    const id = await browser.installExtension(options.extension);
    const extension = (await browser.extensions()).get(id);
    if (!extension) throw new Error("Chromium did not accept the extension");
    const [page = await browser.newPage()] = await browser.pages();
    await settle(keeper.leader());
    return await session(browser, extension, page, keeper, () => launch(options, keeper));
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

/**
 * @param {Browser} browser
 * @param {Extension} extension
 * @param {Page} page the tab that the user is on
 * @param {Keeper} keeper
 * @param {() => Promise<Session>} again
 * @returns {Promise<Session>}
 */
async function session(browser, extension, page, keeper, again) {
  const base = `chrome-extension://${extension.id}/`;
  const manifest = JSON.parse(fs.readFileSync(path.join(extension.path, "manifest.json"), "utf8"));
  const popupURL = base + manifest.action.default_popup;
  const isPopup = (/** @type {Target} */ target) => target.url().startsWith(popupURL);
  const life = await watchWorker(page, base);
  let user = page;
  return {
    browser: "chromium",
    version: (await browser.version()).replace(/^[^/]*\//, ""),
    gone: new Promise((resolve) => browser.once("disconnected", () => resolve())),

    async click({ alone = false } = {}) {
      if (browser.targets().some(isPopup)) throw new Error("the popup is open already");
      await user.bringToFront();
      if (alone) await attach(browser, false);
      const clicked = Date.now();
      try {
        await extension.triggerAction(user);
        if (alone) await pause(ALONE_MS);
      } finally {
        if (alone) await attach(browser, true);
      }
      const target = await browser.waitForTarget(isPopup, { timeout: APPEARS_WITHIN });
      return { ...popupView(browser, await target.asPage()), clicked };
    },

    async closePopup() {
      for (const target of browser.targets().filter(isPopup)) await (await target.asPage()).close();
    },

    async open(file) {
      const tab = await browser.newPage();
      await tab.goto(base + file);
      return pageView(tab);
    },

    async visit(url) {
      const tab = await browser.newPage();
      let dead = false;
      // A page that dies while it loads would be waited for in vain.
      const death = /** @type {Promise<void>} */ (new Promise((resolve) => tab.once("error", () => resolve(void (dead = true)))));
      await Promise.race([death, tab.goto(url)]);
      user = tab;
      return {
        run: (fn, ...args) => /** @type {any} */ (Promise.race([death.then(() => Promise.reject(new Error("the tab crashed"))), tab.evaluate(fn, ...args)])),
        crashed: () => dead,
        async close() {
          user = page;
          await tab.close();
        },
      };
    },

    async openAlone(url) {
      const connection = await attach(browser, false);
      await connection.send("Target.createTarget", { url });
    },

    async install(folder) {
      const id = await browser.installExtension(folder);
      return () => browser.uninstallExtension(id);
    },

    askBackground: (fn, ...args) => runInWorker(browser, base, fn, ...args),

    async forgetPages() {
      const client = await page.createCDPSession();
      await client.send("Network.clearBrowserCache");
      await client.detach();
    },

    stopBackground: () => life.end(),

    async restart() {
      await keeper.kill();
      return again();
    },

    // The profile is thrown away, so there is nothing that an orderly end would save.
    close: () => keeper.end(),
  };
}

/**
 * Whether the driver takes hold of new tabs and popups. It stops each until it has spoken to it, and that costs a popup
 * about 30 ms until its first paint, which nobody waits for who has no driver.
 * @param {Browser} browser
 * @param {boolean} tabs
 */
async function attach(browser, tabs) {
  const session = await browser.target().createCDPSession();
  const connection = session.connection(); // the library's own, whose order this takes the place of
  if (!connection) throw new Error("Chromium has gone");
  await session.detach();
  const filter = [{ type: "page", exclude: true }, ...(tabs ? [] : [{ type: "tab", exclude: true }]), {}];
  await connection.send("Target.setAutoAttach", { autoAttach: true, flatten: true, waitForDebuggerOnStart: true, filter });
  return connection;
}

/**
 * @param {Page} page
 * @returns {View}
 */
function pageView(page) {
  return {
    run: (fn, ...args) => /** @type {any} */ (page.evaluate(fn, ...args)),
    shoot: (file, scheme) => shoot(page, file, scheme, 1000),
    async close() {
      if (!page.isClosed()) await page.close();
    },
  };
}

/**
 * A popup's target takes no metrics: one pixel for each CSS pixel, 600 high at most, and what lies
 * beyond is painted as tiles of the visible part. So the picture is taken of its document (same
 * HTML, same style sheets, the state it is in) in a tab that was loaded without
 * its scripts.
 * @param {Browser} browser
 * @param {Page} page
 * @returns {View}
 */
function popupView(browser, page) {
  const view = pageView(page);
  /** @type {Page | undefined} */
  let copy;
  return {
    ...view,
    async shoot(file, scheme) {
      copy ??= await duplicate(browser, page);
      await shoot(copy, file, scheme, 0);
    },
    async close() {
      await copy?.close();
      await view.close();
    },
  };
}

/**
 * @param {Browser} browser
 * @param {Page} page
 */
async function duplicate(browser, page) {
  const { width } = await page.evaluate(settled);
  const state = await page.evaluate(() => {
    const body = /** @type {HTMLElement} */ (document.body.cloneNode(true));
    // What is chosen is a state, which HTML as text does not carry.
    for (const input of body.querySelectorAll("input")) input.toggleAttribute("checked", input.checked);
    return {
      attributes: [...document.documentElement.attributes].map((a) => /** @type {[string, string]} */ ([a.name, a.value])),
      body: body.innerHTML,
    };
  });
  const copy = await browser.newPage();
  await copy.setJavaScriptEnabled(false);
  await copy.goto(page.url());
  // Its own scripts have been passed over; ours need frames and style.
  await copy.setJavaScriptEnabled(true);
  await copy.setViewport({ width, height: 100, deviceScaleFactor: 2 });
  await copy.evaluate(({ attributes, body }) => {
    for (const [name, value] of attributes) document.documentElement.setAttribute(name, value);
    document.body.innerHTML = body;
  }, state);
  return copy;
}

/**
 * @param {Page} page
 * @param {string} file
 * @param {Scheme} scheme
 * @param {number} width 0: as it is
 */
async function shoot(page, file, scheme, width) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  width ||= page.viewport()?.width ?? 400;
  await page.setViewport({ width, height: 100, deviceScaleFactor: 2 });
  const { height } = await page.evaluate(settled);
  await page.setViewport({ width, height, deviceScaleFactor: 2 });
  await page.evaluate(settled);
  await page.screenshot({ path: /** @type {`${string}.png`} */ (file) });
}
