/** The list of the user's own connections: shown, renamed, deleted. */
import * as ext from "../lib/ext.js";
import { KEY, loadHomes, removeHome, renameHome } from "../lib/baseline.js";
import { find, make, setText } from "../lib/dom.js";
import { plain, say } from "../lib/i18n.js";
import { NAME_MAX } from "../lib/messages.js";

/** @typedef {import("../lib/types.js").Home} Home */
/** @typedef {import("../lib/types.js").Network} Network */

/** @param {Network[]} networks */
export function names(networks) {
  const all = networks.map(({ org, asn, prefix }) => plain(org || (asn ? `AS${asn}` : prefix)));
  const unique = [...new Set(all.filter(Boolean))];
  return unique.length > 0 ? new Intl.ListFormat(document.documentElement.lang).format(unique) : say("ui_nobody_known");
}

/** @param {string} text @param {string} label @param {() => void} act */
function button(text, label, act) {
  const node = make(document, "button", "button small quiet", say(text));
  node.setAttribute("type", "button");
  node.setAttribute("aria-label", label);
  node.addEventListener("click", act);
  return node;
}

/** @param {HTMLElement} item @param {Home} home */
function rename(item, home) {
  const input = /** @type {HTMLInputElement} */ (make(document, "input", "plain"));
  input.maxLength = NAME_MAX;
  input.value = home.name;
  input.setAttribute("aria-label", say("ui_home_name"));
  const save = make(document, "button", "button small", say("ui_save"));
  const error = make(document, "p", "error");
  error.setAttribute("role", "alert");
  const form = make(document, "form", "", input, save, button("ui_cancel", say("ui_cancel"), () => void show()), error);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const next = input.value.trim();
    if (!next) setText(error, say("ui_home_name_missing"));
    else if (next === home.name) void show();
    else if (!(await renameHome(home.name, next))) setText(error, say("ui_home_name_taken"));
  });
  item.replaceChildren(form);
  input.focus();
  input.select();
}

/** @param {Home} home */
function drawHome(home) {
  const name = plain(home.name);
  const item = make(document, "li", "");
  item.append(
    make(document, "span", "title", name),
    button("ui_home_rename", say("ui_home_rename_label", name), () => rename(item, home)),
    button("ui_home_delete", say("ui_home_delete_label", name), async () => {
      await removeHome(home.name);
      setText(find(document, "#record-status"), say("ui_home_deleted", name));
      find(document, "#connections").focus();
    }),
    make(document, "span", "line", say("ui_home_exits", names(home.exits))),
    make(document, "span", "line", say("ui_home_resolvers", names(home.resolvers))),
  );
  return item;
}

async function show() {
  const homes = await loadHomes();
  find(document, "#homes").replaceChildren(...homes.map(drawHome));
  find(document, "#homes-none").hidden = homes.length > 0;
}

export function prepareHomes() {
  ext.onStored("local", KEY, () => void show());
  void show();
}
