/** "What can this site see?" by the click alone: no website is allowed to the extension, so activeTab is all it has. */
import http from "node:http";
import { expect, same, until } from "../lib/suite.js";
import { verdictIn } from "../lib/popup.js";

/** @import { Test } from "../lib/suite.js" */

/** A website that has nothing to do with the companion. */
const PORT = 8099;
const SITE = `http://127.0.0.1:${PORT}/`;

/** Runs in a page of the extension: what it is told of each tab that shows a website, and whether it may look into one. */
async function reach() {
  const api = /** @type {any} */ (globalThis)["browser"] ?? /** @type {any} */ (globalThis)["chrome"];
  const own = api.runtime.getURL("");
  const tabs = (await api.tabs.query({})).filter((/** @type {any} */ tab) => !tab.url?.startsWith(own));
  const looks = tabs.map(async (/** @type {any} */ { id }) => (await api.runtime.sendMessage({ type: "site-look", tab: id })).why ?? "looked");
  const runs = tabs.map((/** @type {any} */ { id }) => api.scripting.executeScript({ target: { tabId: id }, func: () => location.href }).then((/** @type {any[]} */ [one]) => one.result, () => "refused"));
  const all = await api.permissions.contains({ origins: ["http://127.0.0.1/*"] });
  return { looks: await Promise.all(looks), runs: await Promise.all(runs), all };
}

/** Runs in the popup. */
const ask = () => /** @type {HTMLElement} */ (document.querySelector("#look-open")).click();

/** Runs in the popup. */
function answer() {
  const look = /** @type {HTMLElement} */ (document.querySelector("#look"));
  const [findings, reasons, why] = ["#look-findings", "#look-reasons", "#look-why"].map((id) => document.querySelector(id)?.textContent?.trim());
  return { phase: look.dataset.phase, outcome: look.dataset.outcome, hidden: look.hidden, findings, reasons, why };
}

/** @type {Test[]} */
export const looks = [
  {
    name: "what can this site see: nothing may look into it before the click, and the click is enough",
    async run({ session }) {
      const server = http.createServer((_, response) => response.end("<!doctype html><title>A website</title>"));
      await new Promise((resolve) => server.listen(PORT, "127.0.0.1", () => resolve(true)));
      const page = await session.visit(SITE);
      try {
        const before = await session.open("options/options.html");
        const none = await before.run(reach).finally(() => before.close());
        expect(none.runs.length > 0 && none.runs.every((one) => one === "refused"), `scripts run before the click: ${none.runs}`);
        expect(none.looks.every((one) => one === "nowhere"), `it is looked before the click: ${none.looks}`);
        const popup = await session.click();
        try {
          await verdictIn(popup, { since: popup.clicked });
          await popup.run(ask);
          await until("what the site can see", async () => ["done", "failed"].includes((await popup.run(answer)).phase ?? ""));
          const { phase, outcome, hidden, findings, reasons, why } = await popup.run(answer);
          same([phase, outcome, hidden, findings, reasons, why].join("|"), "done|clear|false|||", "what the popup says of the site");
          const { runs, all } = await popup.run(reach);
          expect(runs.includes(SITE), `the click lets no script into the site: ${runs}`);
          same(all, false, "permission for the site");
        } finally {
          await popup.close();
        }
      } finally {
        await page.close();
        server.close();
      }
    },
  },
];
