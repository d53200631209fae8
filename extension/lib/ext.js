/**
 * The one door to the browser's extension API: no other module names
 * `browser` or `chrome`. Both browsers speak promises in manifest version 3,
 * so what is left is naming, and the few calls that only one of them has.
 */

/** @type {typeof chrome} */
const api = /** @type {any} */ (globalThis).browser ?? /** @type {any} */ (globalThis).chrome;

/** @typedef {chrome.runtime.Port} Port */
/** @typedef {chrome.runtime.MessageSender} Sender */

export const id = api.runtime.id;

/** @type {"chromium" | "firefox"} */
export const browserName = api.runtime.getURL("").startsWith("moz-extension:") ? "firefox" : "chromium";

/** @param {string} path */
export const url = (path) => api.runtime.getURL(path);

export const version = () => api.runtime.getManifest().version;

/**
 * @param {string} key
 * @param {string[]} [args]
 */
export const message = (key, args) => api.i18n.getMessage(key, args);

// Messages and ports

/** @param {object} body */
export const send = (body) => api.runtime.sendMessage(body);

/**
 * A handler that returns undefined has nothing to say: some other page may answer.
 * @param {(body: unknown, sender: Sender) => Promise<unknown> | undefined} handler
 */
export function onMessage(handler) {
  api.runtime.onMessage.addListener((body, sender, reply) => {
    const answer = handler(body, sender);
    if (!answer) return false;
    answer.then(reply, () => reply({ error: "failed" }));
    return true;
  });
}

/** @param {(port: Port) => void} handler */
export const onConnect = (handler) => api.runtime.onConnect.addListener(handler);

/** @param {(reason: string) => void} handler */
export const onInstalled = (handler) =>
  api.runtime.onInstalled.addListener((details) => handler(details.reason));

/** @param {() => void} handler */
export const onStartup = (handler) => api.runtime.onStartup.addListener(handler);

// Storage

/** @param {"session" | "local"} area @param {string[]} keys */
export const read = (area, keys) =>
  /** @type {Promise<Record<string, unknown>>} */ (api.storage[area].get(keys));

/** @param {"session" | "local"} area @param {Record<string, unknown>} items */
export const write = (area, items) => api.storage[area].set(items);

/** @param {"session" | "local"} area @param {string} key */
export const forget = (area, key) => api.storage[area].remove(key);

/**
 * @param {"session" | "local"} area
 * @param {string} key
 * @param {(value: unknown) => void} handler
 */
export function onStored(area, key, handler) {
  api.storage.onChanged.addListener((changes, where) => {
    const change = changes[key];
    if (where === area && change) handler(change.newValue);
  });
}

// Names (Firefox only)

/** @type {((name: string, flags: string[]) => Promise<{ isTRR?: boolean }>) | null} */
export const resolveName = /** @type {any} */ (api).dns?.resolve
  ? (name, flags) => /** @type {any} */ (api).dns.resolve(name, flags)
  : null;

// Toolbar and tabs

/** @param {{ text: string, color: string, title: string }} badge */
export async function setBadge(badge) {
  await Promise.all([
    api.action.setBadgeText({ text: badge.text }),
    api.action.setBadgeBackgroundColor({ color: badge.color }),
    api.action.setBadgeTextColor({ color: "#ffffff" }),
    api.action.setTitle({ title: badge.title }),
  ]);
}

/** @param {string} address */
export const openTab = (address) => api.tabs.create({ url: address });

export const openOptions = () => api.runtime.openOptionsPage();

// Hosts of a companion that is not the built-in one

/** Must be called straight from a click. @param {string[]} origins */
export const requestHosts = (origins) => api.permissions.request({ origins });

/** @param {string[]} origins */
export const releaseHosts = (origins) => api.permissions.remove({ origins }).catch(() => false);

/**
 * Replaces the dynamically registered content script.
 * @param {string} name
 * @param {string} file
 * @param {string[]} matches none: only remove it
 */
export async function setContentScript(name, file, matches) {
  const there = await api.scripting.getRegisteredContentScripts({ ids: [name] });
  if (there.length > 0) await api.scripting.unregisterContentScripts({ ids: [name] });
  if (matches.length === 0) return;
  await api.scripting.registerContentScripts([
    { id: name, js: [file], matches, allFrames: true, runAt: "document_start" },
  ]);
}

// Chromium's offscreen document; Firefox's background page has a document of its own

export const hasOffscreen = Boolean(api.offscreen);

/**
 * @param {string} path
 * @param {string} why
 * @returns {Promise<boolean>} whether it was made now; false: there was one already
 */
export async function ensureOffscreen(path, why) {
  const contextTypes = [api.runtime.ContextType.OFFSCREEN_DOCUMENT];
  if ((await api.runtime.getContexts({ contextTypes })).length > 0) return false;
  await api.offscreen.createDocument({
    url: path,
    reasons: [api.offscreen.Reason.WEB_RTC, api.offscreen.Reason.IFRAME_SCRIPTING],
    justification: why,
  });
  return true;
}
