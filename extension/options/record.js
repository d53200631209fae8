/** "This is my real connection": switch the VPN off, test, name it, save. */
import * as ext from "../lib/ext.js";
import { HOMES_MAX, loadHomes } from "../lib/baseline.js";
import { find, make, setText } from "../lib/dom.js";
import { follow } from "../lib/follow.js";
import { render, say } from "../lib/i18n.js";
import { names } from "./homes.js";

/** @typedef {import("../lib/types.js").CheckState} CheckState */
/** @typedef {import("../lib/types.js").Network} Network */
/** @typedef {import("../background/record.js").Recorded} Recorded */

const test = /** @type {HTMLButtonElement} */ (find(document, "#record-test"));
const form = find(document, "#record-form");
const name = /** @type {HTMLInputElement} */ (find(document, "#record-name"));

/** The check whose result is on the screen. */
let tested = "";

/** The user was warned about what is seen, and says that it is theirs. */
let sure = false;

/** @param {"" | "good" | "bad" | "busy"} tone @param {string} text */
function status(tone, text) {
  const node = find(document, "#record-status");
  node.dataset.tone = tone;
  setText(node, text);
}

/** @param {string} text */
function wrong(text) {
  name.setAttribute("aria-invalid", String(text !== ""));
  setText(find(document, "#record-error"), text);
}

/** @param {boolean} warned */
function doubt(warned) {
  sure = warned;
  setText(find(document, "#record-save"), say(warned ? "ui_record_anyway" : "ui_record_save"));
}

/** @param {CheckState} state */
function show({ id, phase, evidence }) {
  if (phase !== "done") return;
  tested = id;
  test.disabled = false;
  status("", "");
  /** @param {(Network | null)[]} list */
  const known = (list) => list.flatMap((network) => network ?? []);
  const exits = names(known(evidence.exits.map((exit) => exit.network)));
  const resolvers = names(known(evidence.dns.sightings.map((sighting) => sighting.network)));
  setText(find(document, "#record-seen"), say("ui_record_seen", exits, resolvers));
  doubt(false);
  form.hidden = false;
  name.focus();
}

const check = follow({
  ask: () => ext.send({ type: "check", deep: false, clicked: Date.now() }),
  show: (state) => {
    // One that somebody else starts is not what the user agreed to.
    if (test.disabled) show(state);
  },
  asked: () => {
    form.hidden = true;
    test.disabled = true;
    status("busy", say("ui_record_testing"));
  },
  broken: () => {
    test.disabled = false;
    status("bad", say("ui_record_failed"));
  },
});

async function save() {
  const wanted = name.value.trim();
  const homes = await loadHomes();
  if (!wanted) return wrong(say("ui_home_name_missing"));
  if (homes.some((home) => home.name === wanted)) return wrong(say("ui_home_name_taken"));
  if (homes.length >= HOMES_MAX) return wrong(say("ui_homes_full"));
  wrong("");
  const reply = /** @type {Recorded} */ (await ext.send({ type: "record", name: wanted, sure, check: tested }));
  if ("warning" in reply) {
    doubt(true);
    return wrong(render(reply.warning));
  }
  if ("refused" in reply) {
    form.hidden = true; // it takes a test to make it better
    test.focus();
    return status("bad", render(reply.refused));
  }
  if (!("done" in reply)) return status("bad", say("ui_not_saved"));
  form.hidden = true;
  name.value = "";
  status("good", say("ui_record_saved", wanted));
}

export function prepareRecord() {
  ext.onStored("session", "check", check.take);
  test.addEventListener("click", () => void check.start());
  name.addEventListener("input", () => wrong(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save().catch(() => status("bad", say("ui_not_saved")));
  });
  for (const id of ["home", "work", "phone"]) {
    const option = make(document, "option", "");
    option.setAttribute("value", say(`ui_home_name_${id}`));
    find(document, "#record-names").append(option);
  }
  if (location.hash === "#connections") find(document, "#connections").focus();
}
