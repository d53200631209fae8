/** What is done about a WebRTC leak: the mode, the permission for it, and private windows. */
import * as ext from "../lib/ext.js";
import { find, setText } from "../lib/dom.js";
import { prepareGrant } from "../lib/grant.js";
import { modeOf } from "../lib/hardening.js";
import { say } from "../lib/i18n.js";
import { privateState } from "../lib/private.js";

const radios = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=mode]")]);

/** @param {unknown} stored */
function showMode(stored) {
  const mode = modeOf(stored);
  for (const radio of radios()) radio.checked = radio.value === mode;
}

/** @param {"good" | "bad"} tone @param {string} text */
function status(tone, text) {
  const node = find(document, "#mode-status");
  node.dataset.tone = tone;
  setText(node, text);
}

/** @param {string} mode */
async function choose(mode) {
  const reply = /** @type {{ done?: boolean } | undefined} */ (await ext.send({ type: "mode", mode }));
  if (!reply?.done) throw new Error("not saved");
  status("good", say("ui_mode_saved"));
}

/** @param {boolean | null} it */
const word = (it) => (it === null ? "unknown" : it ? "yes" : "no");

async function showPrivate() {
  const { allowed, reached } = await privateState(await ext.readPolicy());
  setText(find(document, "#private-allowed"), say(`ui_private_allowed_${word(allowed)}`));
  setText(find(document, "#private-reached"), say(`ui_private_reached_${word(reached)}`));
  setText(find(document, "#private-how"), allowed ? "" : say(`ui_private_how_${ext.browserName}`));
}

export async function prepareMode() {
  for (const radio of radios()) {
    radio.addEventListener("change", () => {
      choose(radio.value).catch(async () => {
        status("bad", say("ui_not_saved"));
        showMode((await ext.read("local", ["mode"])).mode);
      });
    });
  }
  ext.onStored("local", "mode", showMode);
  prepareGrant(() => void showPrivate());
  addEventListener("focus", () => void showPrivate()); // back from the browser's page of extensions
  void showPrivate();
  showMode((await ext.read("local", ["mode"])).mode);
}
