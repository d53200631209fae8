/** The first page after the installation: what Watertight does, whom it asks, and what it may do. */
import * as ext from "../lib/ext.js";
import { loadCompanion } from "../lib/config.js";
import { find, setText } from "../lib/dom.js";
import { prepareGrant } from "../lib/grant.js";
import { localise, say } from "../lib/i18n.js";
import { prepareWatch } from "../lib/watch-grant.js";

localise(document);
document.title = say("ui_welcome_title");

for (const node of document.querySelectorAll("[data-browser]")) {
  /** @type {HTMLElement} */ (node).hidden = node.getAttribute("data-browser") !== ext.browserName;
}
prepareGrant();
prepareWatch();

find(document, "#settings").addEventListener("click", () => void ext.openOptions());
find(document, "#first").addEventListener("click", () => {
  // The popup's page starts a check when it opens, and here it has room.
  location.assign(ext.url("popup/popup.html"));
});

setText(find(document, "#api"), (await loadCompanion()).api);
