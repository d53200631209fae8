/** The deep test: said first, run only when asked for. */
import * as ext from "../lib/ext.js";
import { find, setText } from "../lib/dom.js";
import { say } from "../lib/i18n.js";

const panel = () => find(document, "#deep");

/** @param {boolean} open */
function turn(open) {
  panel().hidden = !open;
  find(document, "#deep-open").setAttribute("aria-expanded", String(open));
}

/** @param {() => void} run */
export function prepareDeep(run) {
  setText(find(document, "#deep-risk"), say(`ui_deep_risk_${ext.browserName}`));
  find(document, "#deep-open").addEventListener("click", () => {
    turn(panel().hidden);
    if (!panel().hidden) find(document, "#deep-run").focus();
  });
  find(document, "#deep-cancel").addEventListener("click", () => {
    turn(false);
    find(document, "#deep-open").focus();
  });
  find(document, "#deep-run").addEventListener("click", () => {
    turn(false);
    run();
    find(document, "#headline").focus();
  });
}

/** @param {boolean} can not while a test runs, and not without a DNS zone */
export function allowDeep(can) {
  /** @type {HTMLButtonElement} */ (find(document, "#deep-open")).disabled = !can;
  if (!can) turn(false);
}
