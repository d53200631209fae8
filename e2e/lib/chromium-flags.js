/**
 * Chromium's command line and profile. Only what makes the browser quiet (no traffic of its own)
 * and drivable. Nothing here may change WebRTC, mDNS candidates, the resolver or secure DNS: that
 * is what the extension measures.
 */
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { readProxy } from "./args.js";

/** @import { Options } from "./types.js" */

// puppeteer adds --disable-background-networking, --disable-sync, --no-first-run and others.
const QUIET = [
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-field-trial-config",
  "--disable-quic",
  "--no-default-browser-check",
  "--no-pings",
  // Nothing listens on the discard port: without these, accounts, component and extension updates
  // are looked up at Google in the first minute.
  "--gaia-url=http://127.0.0.1:9",
  "--component-updater=url-source=http://127.0.0.1:9/",
  "--apps-gallery-update-url=http://127.0.0.1:9/",
  "--disable-features=NetworkTimeServiceQuerying",
];

/** @param {Options} options */
export function flags(options) {
  const list = [...QUIET, ...options.args];
  if (options.proxy) {
    const { scheme, host, port } = readProxy(options.proxy);
    // Chromium's implicit rule that loopback goes round the proxy stays: users have it too.
    list.push(`--proxy-server=${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`);
  }
  if (needsNoSandbox()) list.push("--no-sandbox");
  return list;
}

/** As root, or inside a user namespace, Chromium's own sandbox cannot be set up. */
function needsNoSandbox() {
  if (process.getuid?.() === 0) return true;
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(fs.readFileSync("/proc/self/uid_map", "utf8"));
  } catch {
    return false;
  }
}

/**
 * Writes the profile's first preferences.
 *
 * The icon is pinned: with an unpinned one Chromium first slides it into the toolbar, which holds
 * the popup back for a constant 265 ms and would be measured as ours.
 * @param {string} profile
 * @param {Options} options
 */
export function writeProfile(profile, options) {
  /** @type {Record<string, any>} */
  const preferences = {};
  set(preferences, "extensions.pinned_extensions", [extensionId(options.extension)]);
  for (const { origin, permission } of options.grants) {
    const kind = permission === "camera" ? "media_stream_camera" : "media_stream_mic";
    const exceptions = (((preferences.profile ??= {}).content_settings ??= {}).exceptions ??= {});
    (exceptions[kind] ??= {})[`${withPort(origin)},*`] = { setting: 1, last_modified: "0" };
  }
  for (const [name, value] of Object.entries(options.prefs)) set(preferences, name, value);
  fs.mkdirSync(path.join(profile, "Default"), { recursive: true });
  fs.writeFileSync(path.join(profile, "Default", "Preferences"), JSON.stringify(preferences));
}

/** Content settings name the port always. @param {string} origin */
function withPort(origin) {
  const url = new URL(origin);
  return `${url.protocol}//${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
}

/**
 * @param {Record<string, any>} tree
 * @param {string} name with dots
 * @param {unknown} value
 */
function set(tree, name, value) {
  const steps = name.split(".");
  const last = /** @type {string} */ (steps.pop());
  let node = tree;
  for (const step of steps) node = node[step] ??= {};
  node[last] = value;
}

/**
 * The id that Chromium will give an unpacked extension: from the manifest's key, or else from the
 * folder's path.
 * @param {string} folder
 */
export function extensionId(folder) {
  const { key } = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
  const hash = crypto.createHash("sha256").update(key ? Buffer.from(key, "base64") : folder);
  return [...hash.digest("hex").slice(0, 32)].map((digit) => String.fromCharCode(97 + parseInt(digit, 16))).join("");
}
