/**
 * The command line that driver, faults and pages have in common.
 */
import { parseArgs } from "node:util";
import path from "node:path";
import fs from "node:fs";

/** @import { Options, Grant } from "./types.js" */

/**
 * @param {string[]} argv
 * @param {{out?: string}} [defaults]
 * @returns {Options}
 */
export function readOptions(argv, defaults = {}) {
  const { values } = parseArgs({
    args: argv,
    options: {
      browser: { type: "string" },
      extension: { type: "string" },
      out: { type: "string", default: defaults.out ?? "out" },
      headed: { type: "boolean", default: false },
      arg: { type: "string", multiple: true, default: [] },
      pref: { type: "string", multiple: true, default: [] },
      proxy: { type: "string", default: "" },
      grant: { type: "string", multiple: true, default: [] },
    },
  });
  const browser = values.browser ?? "chromium";
  if (browser !== "chromium" && browser !== "firefox") {
    throw new Error(`--browser must be chromium or firefox, not "${browser}"`);
  }
  const extension = path.resolve(values.extension ?? `build/${browser}`);
  if (!fs.existsSync(path.join(extension, "manifest.json"))) {
    throw new Error(`no manifest.json in ${extension}: build the extension, or name its folder with --extension`);
  }
  return {
    browser,
    extension: fs.realpathSync(extension),
    out: path.resolve(values.out),
    headed: values.headed,
    args: values.arg,
    prefs: Object.fromEntries(values.pref.map(readPref)),
    proxy: values.proxy,
    grants: values.grant.map(readGrant),
  };
}

/**
 * `name=value`; the value is JSON if it parses as such (true, 1, "x"), otherwise text.
 * @param {string} text
 * @returns {[string, unknown]}
 */
export function readPref(text) {
  const at = text.indexOf("=");
  if (at < 1) throw new Error(`--pref needs name=value, not "${text}"`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

/**
 * @param {string} text `ORIGIN=microphone`
 * @returns {Grant}
 */
export function readGrant(text) {
  const at = text.lastIndexOf("=");
  const permission = text.slice(at + 1);
  if (at < 1 || !["microphone", "camera"].includes(permission)) {
    throw new Error(`--grant needs ORIGIN=microphone or ORIGIN=camera, not "${text}"`);
  }
  return { origin: new URL(text.slice(0, at)).origin, permission };
}

/**
 * @param {string} text
 * @returns {{scheme: string, host: string, port: number}}
 */
export function readProxy(text) {
  const found = /^(socks5|http):\/\/(\[[0-9a-f:]+\]|[^:/]+):(\d+)\/?$/i.exec(text);
  if (!found) throw new Error(`--proxy needs socks5://host:port or http://host:port, not "${text}"`);
  const [, scheme = "", host = "", port = ""] = found;
  return { scheme: scheme.toLowerCase(), host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}
