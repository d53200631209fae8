/** The user's own connections, recorded with the VPN off. They never leave the device. */
import * as ext from "./ext.js";
import { network, text } from "./shapes.js";
import { NAME_MAX } from "./messages.js";

/** @typedef {import("./types.js").Home} Home */
/** @typedef {import("./types.js").Network} Network */

export const KEY = "baseline";

/** Home, work, phone, a few more; each is compared with every address. */
export const HOMES_MAX = 8;

/** A connection has two families and a few resolvers. */
const NETWORKS_MAX = 16;

/** @param {unknown} value @returns {Network[]} */
function networks(value) {
  if (!Array.isArray(value)) return [];
  return value.slice(0, NETWORKS_MAX).flatMap((one) => network(one) ?? []);
}

/** What an older version or another program stored is checked like any input. @param {unknown} value @returns {Home | null} */
export function validHome(value) {
  try {
    const { name, exits, resolvers } = /** @type {Record<string, unknown>} */ (value);
    const home = { name: text(name, NAME_MAX), exits: networks(exits), resolvers: networks(resolvers) };
    return home.name.trim() && home.exits.length > 0 ? home : null;
  } catch {
    return null;
  }
}

/** @param {unknown} stored @returns {Home[]} */
export function validHomes(stored) {
  const list = /** @type {{ networks?: unknown } | null | undefined} */ (stored)?.networks;
  return Array.isArray(list) ? list.slice(0, HOMES_MAX).flatMap((one) => validHome(one) ?? []) : [];
}

export const loadHomes = async () => validHomes((await ext.read("local", [KEY]))[KEY]);

/** @param {Home[]} homes */
const save = (homes) => (homes.length > 0 ? ext.write("local", { [KEY]: { networks: homes } }) : ext.forget("local", KEY));

/** One of the same name is replaced. @param {Home} home */
export async function addHome(home) {
  const others = (await loadHomes()).filter((one) => one.name !== home.name);
  await save([...others, home].slice(-HOMES_MAX));
}

/** @param {string} name @param {string} next */
export async function renameHome(name, next) {
  const homes = await loadHomes();
  if (homes.some((home) => home.name === next)) return false;
  await save(homes.map((home) => (home.name === name ? { ...home, name: next } : home)));
  return true;
}

/** @param {string} name */
export const removeHome = async (name) => save((await loadHomes()).filter((home) => home.name !== name));
