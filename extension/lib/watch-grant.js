/** The permission to watch websites: how it stands, the button that asks for it, and the one that gives it back. */
import * as ext from "./ext.js";
import { find, setText } from "./dom.js";
import { say } from "./i18n.js";
import { EVERYWHERE } from "./sites.js";
import { watching } from "./watcher.js";

/** @param {"" | "good" | "bad"} tone @param {string} id message id */
function status(tone, id) {
  const node = find(document, "#watch-status");
  node.dataset.tone = tone;
  setText(node, say(id));
}

/** @param {string} [refused] message id, after a prompt */
async function show(refused = "") {
  const given = await watching();
  find(document, "#watch-grant").hidden = given;
  const off = document.querySelector("#watch-off");
  if (off) /** @type {HTMLElement} */ (off).hidden = !given;
  if (given) status("good", "ui_watch_on");
  else status(refused ? "bad" : "", refused || "ui_watch_is_off");
}

/** Needs `#watch-grant` and `#watch-status` in the page; `#watch-off` may be there. */
export function prepareWatch() {
  find(document, "#watch-grant").addEventListener("click", () => {
    // Asked before anything is awaited: browsers want the click itself.
    ext.requestWatch(EVERYWHERE).then(
      (yes) => show(yes ? "" : "ui_watch_refused"),
      () => show("ui_grant_failed"),
    );
  });
  document.querySelector("#watch-off")?.addEventListener("click", () => void ext.releaseWatch(EVERYWHERE).then(() => show()));
  // Also when it is given or taken back elsewhere.
  ext.onPermissions(() => void show());
  void show();
}
