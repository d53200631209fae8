/** The popup behind its first frame: follows the check and shows its state as it changes. */
import * as ext from "../lib/ext.js";
import { loadCompanion } from "../lib/config.js";
import { find } from "../lib/dom.js";
import { localise, say } from "../lib/i18n.js";
import { follow } from "../lib/follow.js";
import { prepareDeep } from "./deep.js";
import { prepareSeal, showCalls, showSeal } from "./seal.js";
import { prepareSite, siteLease } from "./site.js";
import * as view from "./view.js";

/** @typedef {import("../lib/types.js").CheckState} CheckState */
/** @typedef {import("../lib/types.js").LastCheck} LastCheck */

/** @typedef {import("../lib/hardening.js").Hardening} Hardening */

/** @type {LastCheck | null} */
let last = null;

/** @type {Hardening | null} */
let hardening = null;

/** @type {CheckState | null} what is on the screen */
let shown = null;

/** The site's card waits for the verdict, whose own processes are at work until then; but no longer than this. */
const SITE_MS = 1000;

let sited = false;

function site() {
  if (sited) return;
  sited = true;
  void prepareSite().catch((error) => console.error("show the site:", error));
}

/** @param {CheckState} state */
async function trouble({ evidence }) {
  if (evidence.exits.some((exit) => exit.status === "ok")) return "";
  return navigator.onLine ? say("ui_notice_companion", (await loadCompanion()).api) : say("ui_notice_offline");
}

/** When the first row of this popup was more than "checking". */
function markFirstRow() {
  const name = "watertight:first-row";
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}

/** A check that was not asked for says why it runs, instead of what was wrong before. */
function again() {
  if (hardening?.state === "working") return say(hardening.phase === "testing" ? "ui_headline_sealing" : "ui_headline_again");
  return hardening?.state === "restoring" ? say("ui_headline_restoring") : "";
}

/** @param {unknown} value of the key `hardening` */
function harden(value) {
  hardening = /** @type {Hardening | undefined} */ (value) ?? null;
  showSeal(hardening);
  siteLease(hardening);
  if (shown?.phase === "checking") void show(shown);
}

/** @param {CheckState} state */
async function show(state) {
  shown = state;
  if (state.phase === "checking") {
    view.showChecking(state.verdict, last, state.evidence.deep, again());
    if (state.verdict?.rows.some((row) => row.outcome !== "pending")) markFirstRow();
    return;
  }
  const why = await trouble(state);
  view.showDone(state, why);
  markFirstRow();
  const { startedAt, finishedAt = startedAt, verdict, evidence } = state;
  if (verdict) last = { finishedAt, verdict, policy: evidence.policy };
  performance.mark("watertight:verdict");
  site();
}

/** @param {Promise<unknown>} asked the reply to the check that the entry asked for */
export async function begin(asked) {
  /** @type {Promise<unknown> | null} */
  let first = asked;
  let deep = false;
  const check = follow({
    ask: () => {
      const reply = first ?? ext.send({ type: "check", deep, clicked: Date.now() });
      first = null;
      deep = false; // whatever happens: failing names are asked for once
      return reply;
    },
    show: (state) => void show(state),
    asked: () => view.showChecking(null, last),
    broken: () => {
      view.showBroken();
      performance.mark("watertight:verdict");
    },
  });
  localise(document);
  view.prepare();
  // A test that sealing asks for follows this one, and can lose its background as well.
  ext.onStored("session", "check", (value) => check.take(value, again() !== ""));
  ext.onStored("session", "hardening", harden);
  ext.onStored("session", "calls", showCalls);
  prepareSeal(() => void check.start());
  prepareDeep(() => {
    deep = true;
    void check.start();
  });
  find(document, "#record").addEventListener("click", () => {
    void ext.openTab(ext.url("options/options.html#connections")).then(() => window.close());
  });
  find(document, "#again").addEventListener("click", () => void check.start());
  for (const button of ["#settings", "#notice-settings"]) {
    find(document, button).addEventListener("click", () => void ext.openOptions().then(() => window.close()));
  }
  const starting = check.start();
  const stored = await ext.read("session", ["last", "check", "hardening", "calls"]);
  last = /** @type {LastCheck | undefined} */ (stored.last) ?? null;
  if (!check.hasNews()) view.showChecking(null, last);
  harden(stored.hardening);
  showCalls(stored.calls);
  check.take(stored.check); // what came before anyone listened
  setTimeout(site, SITE_MS);
  await starting;
}
