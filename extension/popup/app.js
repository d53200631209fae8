/** The popup behind its first frame: follows the check and shows its state as it changes. */
import * as ext from "../lib/ext.js";
import { loadCompanion } from "../lib/config.js";
import { find } from "../lib/dom.js";
import { localise, say } from "../lib/i18n.js";
import { follow } from "../lib/follow.js";
import { prepareDeep } from "./deep.js";
import * as view from "./view.js";

/** @typedef {import("../lib/types.js").CheckState} CheckState */
/** @typedef {import("../lib/types.js").LastCheck} LastCheck */

/** @type {LastCheck | null} */
let last = null;

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

/** @param {CheckState} state */
async function show(state) {
  if (state.phase === "checking") {
    view.showChecking(state.verdict, last, state.evidence.deep);
    if (state.verdict?.rows.some((row) => row.outcome !== "pending")) markFirstRow();
    return;
  }
  const why = await trouble(state);
  view.showDone(state, why);
  markFirstRow();
  if (state.verdict) last = { finishedAt: state.finishedAt ?? state.startedAt, verdict: state.verdict };
  performance.mark("watertight:verdict");
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
  ext.onStored("session", "check", check.take);
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
  const stored = await ext.read("session", ["last", "check"]);
  last = /** @type {LastCheck | undefined} */ (stored.last) ?? null;
  if (!check.hasNews()) view.showChecking(null, last);
  check.take(stored.check); // what came before anyone listened
  await starting;
}
