/** The permission to change the browser's WebRTC setting: how it stands, and the button that asks for it. */
import * as ext from "./ext.js";
import { find, setText } from "./dom.js";
import { say } from "./i18n.js";

/** @param {"" | "good" | "bad"} tone @param {string} text */
function status(tone, text) {
  const node = find(document, "#grant-status");
  node.dataset.tone = tone;
  setText(node, text);
}

/** @param {string} [refused] message id, after a prompt */
async function show(refused = "") {
  const given = await ext.granted("privacy");
  find(document, "#grant").hidden = given;
  if (given) status("good", say("ui_grant_given"));
  else status(refused ? "bad" : "", say(refused || "ui_grant_missing"));
}

/** Needs `#grant` (a button) and `#grant-status` in the page. @param {() => void} [changed] */
export function prepareGrant(changed = () => {}) {
  find(document, "#grant").addEventListener("click", () => {
    // Asked before anything is awaited: browsers want the click itself.
    ext.request("privacy").then(
      (yes) => show(yes ? "" : "ui_grant_refused"),
      () => show("ui_grant_failed"),
    );
  });
  // Also when it is given or taken back elsewhere.
  ext.onPermissions(() => {
    void show();
    changed();
  });
  void show();
}
