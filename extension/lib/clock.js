/** Times of the past: a verdict is true of one moment only. */
import { locale } from "./i18n.js";

/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: "2-digit", minute: "2-digit" };

/** @type {Intl.DateTimeFormatOptions} */
const DATE = { month: "short", day: "numeric" };

/** With the date: for what stays on show, and so must not count on being read today. @param {number} at */
export const moment = (at) => new Intl.DateTimeFormat(locale(), { ...DATE, ...TIME }).format(at);

/** With the date when that is not today's. @param {number} at @param {number} [now] */
export const clock = (at, now = Date.now()) =>
  new Date(at).toDateString() === new Date(now).toDateString() ? new Intl.DateTimeFormat(locale(), TIME).format(at) : moment(at);
