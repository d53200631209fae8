/** Texts: message ids and arguments become strings in the user's language. */
import * as ext from "./ext.js";

/** @typedef {import("./types.js").Text} Text */

/** getMessage takes $1 … $9. */
const ARGS_MAX = 9;

/** Longer than any name of an organisation; keeps a hostile one from filling the popup. */
const ARG_LENGTH_MAX = 200;

/**
 * Control characters and bidirectional overrides have no place in a name or an
 * address, but could make one look like another (Unicode TR 36 §2.5).
 * @param {unknown} value
 */
export function plain(value) {
  const text = String(value ?? "").replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ");
  return text.length > ARG_LENGTH_MAX ? `${text.slice(0, ARG_LENGTH_MAX)}…` : text;
}

/**
 * @param {string} id
 * @param {...string} args
 */
export function say(id, ...args) {
  const clean = args.slice(0, ARGS_MAX).map(plain);
  const text = /^[A-Za-z0-9_@]+$/.test(id) ? ext.message(id, clean) : "";
  // A text that is missing must not hide what it was about.
  return text || [plain(id).replaceAll("_", " "), ...clean].join(" ").trim();
}

/** @param {Text | null | undefined} text */
export const render = (text) => (text ? say(text.id, ...(text.args ?? [])) : "");

/** Of the texts, which need not be the browser's. */
const language = () => ext.message("ui_language") || "en";

/** How numbers and times go with the texts: in their language, with the hours of the user's country ("en-DE" has 24). */
export function locale() {
  const { region } = new Intl.Locale(ext.message("@@ui_locale").replace("_", "-") || "en").maximize();
  return region ? `${language()}-${region}` : language();
}

/** Fills `data-i18n` (text) and `data-i18n-label` (accessible name) of a page. @param {Document} document */
export function localise(document) {
  const root = document.documentElement;
  root.lang = language();
  root.dir = ext.message("@@bidi_dir") || "ltr";
  for (const node of document.querySelectorAll("[data-i18n]")) {
    node.textContent = say(/** @type {HTMLElement} */ (node).dataset.i18n ?? "");
  }
  for (const node of document.querySelectorAll("[data-i18n-label]")) {
    const label = say(/** @type {HTMLElement} */ (node).dataset.i18nLabel ?? "");
    node.setAttribute("aria-label", label);
    node.setAttribute("title", label);
  }
}
