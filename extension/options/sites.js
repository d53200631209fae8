/** What sites saw, as the core tells it: listed, exported, erased. And the sites that are blocked. */
import * as ext from "../lib/ext.js";
import { moment } from "../lib/clock.js";
import { find, make, redraw, setText } from "../lib/dom.js";
import { plain, render, say } from "../lib/i18n.js";
import { BLOCKED } from "../lib/watcher.js";
import { prepareWatch } from "../lib/watch-grant.js";

/** @typedef {import("../lib/sites.js").Listed} Listed */

/** @param {string} id message id; "" takes back what was said */
function status(id) {
  setText(find(document, "#ledger-status"), id && say(id));
}

/** @param {string} text @param {string} label @param {string} className @param {() => Promise<unknown>} act */
function button(text, label, className, act) {
  const node = make(document, "button", `button small quiet ${className}`, text);
  node.setAttribute("type", "button");
  node.setAttribute("aria-label", label);
  node.addEventListener("click", () => {
    act().then(
      () => find(document, "#sites").focus(),
      () => status("ui_not_saved"),
    );
  });
  return node;
}

/**
 * Any tab in the background may change a list: whoever is in it stays at the same button.
 * @template T @param {HTMLElement} node @param {T[]} items @param {(item: T) => HTMLElement} draw
 */
function drawList(node, items, draw) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  const site = /** @type {HTMLElement | null | undefined} */ (focused?.closest("[data-site]"))?.dataset.site ?? "";
  redraw(node, items, draw);
  if (!focused || node.contains(focused)) return;
  const same = node.querySelector(`[data-site="${CSS.escape(site)}"] .${focused.classList[focused.classList.length - 1]}`);
  (/** @type {HTMLElement | null} */ (same) ?? find(document, "#sites")).focus({ preventScroll: true });
}

/** @param {Listed} entry */
function drawEntry({ site, title, detail, last, visits, lines }) {
  const item = make(document, "li", "");
  item.dataset.site = plain(site);
  item.append(
    make(document, "span", "title", plain(site)),
    button(say("ui_ledger_forget"), say("ui_ledger_forget_label", site), "erase", () => ext.send({ type: "sites-erase", site })),
    make(document, "span", "line what", render(title)),
    make(document, "span", "line", visits > 1 ? say("ui_ledger_visits", String(visits), moment(last)) : say("ui_ledger_visit", moment(last))),
  );
  if (lines.length > 0) item.append(make(document, "ul", "", ...lines.map((line) => make(document, "li", "", render(line.text)))));
  else item.append(make(document, "span", "line", render(detail)));
  return item;
}

/** @typedef {{ site: string, allowed: boolean, patterns: string[] }} Blocked */

/** @param {Blocked} entry */
function drawBlocked({ site, allowed, patterns }) {
  const free = button(say("ui_blocked_free"), say("ui_blocked_free_label", site), "unblock", () => ext.send({ type: "site-block", site, on: false }));
  const item = make(document, "li", "", make(document, "span", "title", plain(site)), free);
  item.dataset.site = plain(site);
  if (allowed) return item;
  // Straight from the click; what is given is heard of by all.
  const again = button(say("ui_blocked_again"), say("ui_blocked_again_label", site), "allow", () => ext.requestHosts(patterns));
  item.append(make(document, "span", "line what", say("ui_blocked_lost")), again);
  return item;
}

async function showLedger() {
  const list = /** @type {Listed[] | null} */ (await ext.send({ type: "sites" }).catch(() => null));
  if (!Array.isArray(list)) return status("ui_core_failed");
  const newest = [...list].sort((a, b) => b.last - a.last);
  drawList(find(document, "#ledger"), newest, drawEntry);
  find(document, "#ledger-none").hidden = list.length > 0;
  for (const id of ["#ledger-export", "#ledger-erase"]) find(document, id).hidden = list.length === 0;
}

async function showBlocked() {
  const sites = /** @type {Blocked[] | null} */ (await ext.send({ type: "sites-blocked" }).catch(() => null));
  if (!Array.isArray(sites)) return status("ui_core_failed");
  find(document, "#blocked-part").hidden = sites.length === 0;
  drawList(find(document, "#blocked"), sites, drawBlocked);
}

/** The browser asks where to put it; nothing is sent anywhere. */
async function save() {
  const data = await ext.send({ type: "sites-export" });
  const link = /** @type {HTMLAnchorElement} */ (make(document, "a", ""));
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(data, null, 2)}\n`], { type: "application/json" }));
  link.download = "watertight-sites.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

export function prepareSites() {
  prepareWatch();
  ext.onStored("local", "sites", () => void showLedger());
  ext.onStored("local", BLOCKED, () => void showBlocked());
  ext.onPermissions(() => void showBlocked());
  find(document, "#ledger-export").addEventListener("click", () => {
    save().then(
      () => status("ui_ledger_exported"),
      () => status("ui_not_saved"),
    );
  });
  find(document, "#ledger-erase").addEventListener("click", () => {
    ext.send({ type: "sites-erase", site: "" }).then(
      () => {
        status("ui_ledger_erased");
        find(document, "#sites").focus();
      },
      () => status("ui_not_saved"),
    );
  });
  void showLedger();
  void showBlocked();
}
