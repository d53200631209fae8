/**
 * Copies of the built extension: for the world's companion, and spoilt ones.
 */
import fs from "node:fs";
import path from "node:path";
import { ZONE } from "./world.js";

/** @typedef {Record<string, Uint8Array | string | null | ((text: string) => string)>} Changes files to replace or to change; null removes */

/**
 * The build for the zone of our world, whatever companion it was built for.
 * @param {string} from a folder of the build
 * @param {string} to
 * @param {Changes} [changes]
 */
export function variant(from, to, changes = {}) {
  fs.cpSync(from, to, { recursive: true });
  fs.writeFileSync(path.join(to, "lib/defaults.js"), `export const COMPANION = { api: "http://${ZONE}", zone: "${ZONE}" };\n`);
  const file = path.join(to, "manifest.json");
  const manifest = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const script of manifest.content_scripts ?? []) {
    script.matches = [4, 6].map((family) => `http://ip${family}.${ZONE}/v1/frame*`);
  }
  fs.writeFileSync(file, JSON.stringify(manifest));
  for (const [name, content] of Object.entries(changes)) {
    const target = path.join(to, name);
    if (!fs.existsSync(target)) throw new Error(`the build has no ${name}`);
    if (content === null) fs.rmSync(target);
    else fs.writeFileSync(target, typeof content === "function" ? content(fs.readFileSync(target, "utf8")) : content);
  }
  return to;
}

/**
 * For the manifest: the user has allowed all websites. No script can press the browser's prompt.
 * @param {string} text
 */
export function watchful(text) {
  const manifest = JSON.parse(text);
  manifest.host_permissions = manifest.optional_host_permissions;
  delete manifest.optional_host_permissions;
  manifest.permissions.push("notifications");
  manifest.optional_permissions = manifest.optional_permissions.filter((/** @type {string} */ one) => one !== "notifications");
  return JSON.stringify(manifest);
}
