#!/usr/bin/env node
/**
 * Drives one real browser with the extension in it: JSON commands on stdin, JSON replies on stdout.
 *
 *   node e2e/driver.js --browser chromium|firefox --extension DIR --out DIR
 *        [--headed] [--arg A]… [--pref k=v]… [--proxy socks5://h:p] [--grant ORIGIN=microphone]…
 *
 *   {"do":"check","screenshots":"NAME"|"","deep":true|false,"press":"seal"|"undo"|"lease"|"lease-end"|"","minutes":N}
 *        opens the popup as a click does, waits for the verdict; deep: then asks for the deep test there.
 *        With an extension that may change the WebRTC setting: waits until hardening is at rest, presses
 *        there what is to be pressed, and waits again; the verdict is then that of the last check
 *   {"do":"storage","set":{…}}   what the user had set in the extension before: keys of storage.local
 *   {"do":"visit","url":U}       opens a website in a tab; later clicks are made there
 *   {"do":"miss","url":U}        tries to open a website that does not load
 *   {"do":"leave"}               closes that tab
 *   {"do":"site","url":U,"press":"dismiss"|"never"|"warn"|"block"|"watch"|"","screenshots":"NAME"|"","record":true|false}
 *        visits a website of lab/pages, and looks at the popup when both have come to rest (lib/site.js); record: and gives
 *        the events that the background was told
 *   {"do":"rest"}                waits until hardening is at rest, without a click
 *   {"do":"dial"|"accept"|"heard"|"hang-up",…}   a call from that tab (lib/call.js)
 *   {"do":"install","extension":DIR,"holds":POLICY}, {"do":"uninstall"}   one more extension; holds: waits until it
 *        has the WebRTC setting, with that value
 *   {"do":"quit"}
 *
 * The end of stdin is a quit. However this process ends, its browser ends with it.
 */
import fs from "node:fs";
import path from "node:path";
import { readOptions } from "./lib/args.js";
import { callCommands } from "./lib/call.js";
import { atRest, changes, count, press, untilHeld } from "./lib/harden.js";
import { explain, say, serve } from "./lib/protocol.js";
import { look, report, unfold, verdictIn } from "./lib/popup.js";
import { visitSite } from "./lib/site.js";
import { start } from "./lib/start.js";

/** @import { Popup, Scheme, View, WebPage } from "./lib/types.js" */

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

  const manifest = JSON.parse(fs.readFileSync(path.join(options.extension, "manifest.json"), "utf8"));
  const hardens = manifest.permissions.includes("privacy");
  if (hardens) await count(session);
  /** @type {WebPage | null} */
  let page = null;
  /** @type {(() => Promise<void>) | null} */
  let uninstall = null;

  /** Waits for hardening, presses, and tells of it. @param {Popup} popup @param {unknown} order @param {unknown} minutes */
  async function harden(popup, order, minutes) {
    /** @type {Set<string>} */
    const checks = new Set();
    const seen = (/** @type {import("./lib/harden.js").Standing} */ now) => void (now.check && checks.add(now.check.id));
    let now = await atRest(popup, { seen });
    if (order) {
      checks.clear();
      await press(popup, String(order), minutes === undefined ? undefined : Number(minutes));
      now = await atRest(popup, { seen });
    }
    const { hardening, policy, calls, check, seal, lease } = now;
    return { hardening, policy, calls, seal, lease, began: check.startedAt, tested: check.policy, checks: [...checks], changes: await changes(session) };
  }

  /** Does something in a page of the extension. @template T @param {(view: View) => Promise<T>} act @returns {Promise<T>} */
  async function inPage(act) {
    const view = await session.open("options/options.html");
    try {
      return await act(view);
    } finally {
      await view.close();
    }
  }

  say({ ready: true, browser: session.browser, version: session.version });
  await serve(process.stdin, {
    storage: ({ set }) => inPage(async (view) => ({ stored: await view.run(store, /** @type {Record<string, unknown>} */ (set)) })),
    async visit({ url }) {
      page = await session.visit(String(url));
      return { visited: url };
    },
    async miss({ url }) {
      const loaded = await session.visit(String(url)).then(() => true, () => false);
      if (loaded) throw new Error(`${url} loads`);
      return { missed: url };
    },
    async leave() {
      await page?.close();
      page = null;
      return { left: true };
    },
    site: ({ url, press: order = "", record = false, screenshots = "" }) =>
      visitSite(session, {
        url: String(url),
        press: String(order),
        recording: Boolean(record),
        shoot: async (popup) => (screenshots ? photograph(popup, options.out, String(screenshots)) : []),
      }),
    rest: () => inPage(async (view) => ({ ...(await atRest(view)) })),
    ...callCommands(() => {
      if (!page) throw new Error("no website is open (visit one)");
      return page;
    }),
    async install({ extension, holds }) {
      uninstall = await session.install(String(extension));
      if (holds) await inPage((view) => untilHeld(view, String(holds)));
      return { installed: true };
    },
    async uninstall() {
      await uninstall?.();
      return { uninstalled: true };
    },
    async check({ screenshots = "", deep = false, press: order = "", minutes }) {
      const popup = await session.click({ alone: true });
      try {
        // A check that runs already is joined by the click, and may be over by now; an older result is not what was asked for.
        const { check } = await popup.run(look);
        const joined = check && (check.phase === "checking" || (check.finishedAt ?? 0) > popup.clicked);
        const since = joined ? Math.min(popup.clicked, check.startedAt) : popup.clicked;
        let sight = await verdictIn(popup, { since });
        if (deep) {
          popup.clicked = Date.now();
          const obstacle = await popup.run(askDeep);
          if (obstacle) throw new Error(obstacle);
          sight = { ...(await verdictIn(popup, { since: popup.clicked })), painted: null, rowed: null };
        }
        const { ms } = report(sight, popup.clicked);
        const sealed = hardens ? await harden(popup, order, minutes) : {};
        if (hardens) sight = await popup.run(look);
        const pictures = screenshots ? await photograph(popup, options.out, String(screenshots)) : [];
        return { ...report(sight, popup.clicked), ...sealed, ms, screenshots: pictures };
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
