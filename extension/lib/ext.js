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

/** The systems as the core names them (runtime.PlatformOs); the others are "": not known. */
const SYSTEMS = new Map([["win", "windows"], ["mac", "mac"], ["linux", "linux"], ["cros", "chromeos"], ["android", "android"]]);

/** The operating system. It chooses texts and nothing else, so a browser that does not tell holds nothing up. */
export async function platform() {
  try {
    return SYSTEMS.get((await api.runtime.getPlatformInfo()).os) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} path */
export const url = (path) => api.runtime.getURL(path);

export const version = () => api.runtime.getManifest().version;

/**
 * @param {string} key
 * @param {string[]} [args]
 */
export const message = (key, args) => api.i18n.getMessage(key, args);

// Messages and ports

/** What a handler that failed replies; why is in its own log. */
const FAILED = "failed";

/** The reply. An error, if nobody listens or the handler failed. @param {object} body @returns {Promise<any>} */
export async function send(body) {
  const reply = await api.runtime.sendMessage(body);
  if (reply?.error === FAILED) throw new Error("send message: its handler failed");
  return reply;
}

/**
 * A handler that returns undefined has nothing to say: some other page may answer.
 * @param {(body: unknown, sender: Sender) => Promise<unknown> | undefined} handler
 */
export function onMessage(handler) {
  api.runtime.onMessage.addListener((body, sender, reply) => {
    const answer = handler(body, sender);
    if (!answer) return false;
    answer.then(reply, () => reply({ error: FAILED }));
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
 * Content scripts are in the processes of websites, and ours need nothing of what is stored. Chromium would let them
 * read and write it (storage.session is closed to them anyway); Firefox knows no such limit.
 */
export const closeStorage = async () => void (await api.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" }));

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

/** Brings a tab before the user. @param {number} tab */
export async function showTab(tab) {
  const { windowId } = await api.tabs.update(tab, { active: true }) ?? {};
  if (windowId !== undefined) await api.windows.update(windowId, { focused: true });
}

/** The popup, as by a click; browsers refuse it at times (Chromium before 127, Firefox without a click before 149). */
export const openPopup = async () => api.action.openPopup();

/** Its `url` is there for us only if the user clicked our icon in it since, or gave us `tabs`. @param {number} tab */
export const readTab = (tab) => api.tabs.get(tab);

export const readTabs = () => api.tabs.query({});

/** On one tab, until it goes elsewhere. @param {number} tab @param {{ text: string, color: string, title: string }} badge */
export async function setTabBadge(tab, badge) {
  await Promise.all([
    api.action.setBadgeText({ tabId: tab, text: badge.text }),
    api.action.setBadgeBackgroundColor({ tabId: tab, color: badge.color }),
    api.action.setTitle({ tabId: tab, title: badge.title }),
  ]);
}

/** What all tabs have is shown again. @param {number} tab */
export async function clearTabBadge(tab) {
  const none = /** @type {any} */ (null); // takes a tab's own value away, in both browsers
  await Promise.all([
    api.action.setBadgeText({ tabId: tab, text: none }),
    api.action.setBadgeBackgroundColor({ tabId: tab, color: none }),
    api.action.setTitle({ tabId: tab, title: none }),
  ]);
}

/**
 * Runs a function in the page of a tab, apart from its scripts, and gives what it returns. Needs a click on our
 * icon there, or the permission for the site.
 * @template {any[]} A
 * @template R
 * @param {number} tab
 * @param {(...args: A) => R} func self-contained: it travels as text
 * @param {A} args
 * @returns {Promise<Awaited<R>>}
 */
export async function runIn(tab, func, ...args) {
  // Without waiting for a page that is still being loaded.
  const [done] = await api.scripting.executeScript({ target: { tabId: tab }, func, args, injectImmediately: true });
  return /** @type {any} */ (done)?.result;
}

/** In the page's own world, whose scripts may have changed anything. @template R @param {number} tab @param {() => R} func @returns {Promise<Awaited<R>>} */
export async function runAmong(tab, func) {
  const [done] = await api.scripting.executeScript({ target: { tabId: tab }, func, world: "MAIN", injectImmediately: true });
  return /** @type {any} */ (done)?.result;
}

/** The tab that the user sees, or null. */
export const activeTab = async () => (await api.tabs.query({ active: true, currentWindow: true }))[0] ?? null;

/**
 * Tabs that were closed or have changed. Must be called as soon as the background starts; the browser wakes it
 * for each of these events then, so whoever has nothing to wait for should say so.
 * @param {(tab: number) => void} handler
 */
export function tabEvents(handler) {
  const closed = (/** @type {number} */ tab) => handler(tab);
  const changed = (/** @type {number} */ tab, /** @type {{ status?: string, url?: string }} */ change) => {
    if (change.status || change.url) handler(tab);
  };
  return (/** @type {boolean} */ wanted) => {
    for (const [event, listener] of /** @type {[any, any][]} */ ([[api.tabs.onRemoved, closed], [api.tabs.onUpdated, changed]])) {
      if (wanted === event.hasListener(listener)) continue;
      if (wanted) event.addListener(listener);
      else event.removeListener(listener);
    }
  };
}

// Alarms

/** @param {string} name @param {number} when 0: none */
export async function setAlarm(name, when) {
  if (when > 0) await api.alarms.create(name, { when });
  else await api.alarms.clear(name);
}

/** @param {(name: string) => void} handler */
export const onAlarm = (handler) => api.alarms.onAlarm.addListener((alarm) => handler(alarm.name));

// Hosts of a companion that is not the built-in one

/** Must be called straight from a click. @param {string[]} origins */
export const requestHosts = (origins) => api.permissions.request({ origins });

/** @param {string[]} origins */
export const releaseHosts = (origins) => api.permissions.remove({ origins }).catch(() => false);

/** @param {string[]} origins */
export const hostsGranted = (origins) => api.permissions.contains({ origins });

/** The watcher: every website, and notices. Must be called straight from a click. @param {string[]} origins */
export const requestWatch = (origins) => api.permissions.request({ permissions: ["notifications"], origins });

/** @param {string[]} origins */
export const releaseWatch = (origins) => api.permissions.remove({ permissions: ["notifications"], origins }).catch(() => false);

// Notices: there with the optional permission only

/** @param {string} name @param {{ title: string, message: string, icon: string }} notice */
export async function notify(name, { title, message, icon }) {
  await api.notifications?.create(name, { type: "basic", title, message, iconUrl: icon });
}

/** May be called again once the permission is there. @param {(name: string) => void} handler */
export function onNotice(handler) {
  const clicks = api.notifications?.onClicked;
  if (clicks && !clicks.hasListener(handler)) clicks.addListener(handler);
}

/** @param {string} name */
export const clearNotice = async (name) => void (await api.notifications?.clear(name));

// Optional permissions

/** @typedef {"privacy" | "tabs" | "notifications"} Optional */

/** Must be called straight from a click. @param {Optional} name */
export const request = (name) => api.permissions.request({ permissions: [name] });

/** @param {Optional} name */
export const granted = (name) => api.permissions.contains({ permissions: [name] });

/** @param {(names: string[]) => void} handler */
export function onPermissions(handler) {
  api.permissions.onAdded.addListener(({ permissions }) => handler(permissions ?? []));
  api.permissions.onRemoved.addListener(({ permissions }) => handler(permissions ?? []));
}

/** Whether the user lets the extension run in private windows. */
export const privateWindows = () => api.extension.isAllowedIncognitoAccess();

// The browser's WebRTC setting: there only with the permission `privacy`, and from the moment it is given

/** @typedef {{ value: string, levelOfControl: string }} Setting */

/** @returns {any} */
const setting = () => api.privacy?.network?.webRTCIPHandlingPolicy;

/** @param {{ incognito: boolean }} [where] @returns {Promise<Setting | null>} null if it cannot be read */
export async function readPolicy(where = { incognito: false }) {
  try {
    const { value, levelOfControl } = await setting().get(where.incognito ? where : {});
    return { value, levelOfControl };
  } catch {
    return null;
  }
}

/** @param {string} value */
export const setPolicy = (value) => setting().set({ value });

/** What the user or another extension had set holds again. */
export const clearPolicy = () => setting().clear({});

/** May be called again once the permission is there. @param {() => void} handler */
export function onPolicy(handler) {
  const changes = setting()?.onChange;
  if (changes && !changes.hasListener(handler)) changes.addListener(handler);
}

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

/**
 * `frames`: in every frame, in the page's own world. `top`: in the top document, apart from the page's world. Both before
 * its first script: a later one holds the load event up in Chromium until the page has been laid out, by a tenth of its time.
 * @typedef {{ id: string, js: string[], matches: string[], where: "frames" | "top" }} FrameScript
 */

/** @param {FrameScript} script @returns {chrome.scripting.RegisteredContentScript} */
function registration({ id, js, matches, where }) {
  const all = where === "frames";
  return { id, js, matches, allFrames: all, matchOriginAsFallback: all, runAt: "document_start", world: all ? "MAIN" : "ISOLATED" };
}

/** @param {chrome.scripting.RegisteredContentScript} script */
const described = ({ js, matches, allFrames, runAt }) => JSON.stringify([js, [...(matches ?? [])].sort(), allFrames, runAt]);

/**
 * Those that are there already stay, so that no page goes without them meanwhile.
 * @param {FrameScript[]} scripts
 * @param {string[]} names of all that this is about
 */
export async function setFrameScripts(scripts, names) {
  const wanted = scripts.map(registration);
  const there = await api.scripting.getRegisteredContentScripts({ ids: names });
  const same = (/** @type {chrome.scripting.RegisteredContentScript} */ one) => there.some((it) => it.id === one.id && described(it) === described(one));
  const gone = there.filter((it) => !wanted.some((one) => one.id === it.id && same(one))).map((it) => it.id);
  if (gone.length > 0) await api.scripting.unregisterContentScripts({ ids: gone });
  const missing = wanted.filter((one) => !same(one));
  if (missing.length > 0) await api.scripting.registerContentScripts(missing);
}

/** Runs a script of ours in all frames of a tab. @param {number} tab @param {string} file */
export const runFileIn = (tab, file) => api.scripting.executeScript({ target: { tabId: tab, allFrames: true }, files: [file], injectImmediately: true });

// Rules that add headers (Chromium; Firefox knows none that block WebRTC)

/** @typedef {{ domains: string[], name: string, value: string }} Header */

/** On all documents of these domains, and in all frames of their pages. In force once this has settled. @param {Header | null} header */
export async function setHeader(header) {
  if (!api.declarativeNetRequest) return;
  const conditions = header
    ? [
        { requestDomains: header.domains, resourceTypes: ["main_frame", "sub_frame"] },
        { topDomains: header.domains, resourceTypes: ["sub_frame"] },
      ]
    : [];
  const addRules = conditions.map((condition, at) => ({
    id: at + 1,
    action: { type: "modifyHeaders", responseHeaders: [{ header: header?.name, operation: "set", value: header?.value }] },
    condition,
  }));
  await api.declarativeNetRequest.updateDynamicRules({ removeRuleIds: [1, 2], addRules: /** @type {any} */ (addRules) });
}

/** "156.0.8078.79", or "" if the browser does not tell. */
export async function browserVersion() {
  try {
    if (browserName === "firefox") return (await /** @type {any} */ (api).runtime.getBrowserInfo()).version;
    const brands = /** @type {any} */ (navigator).userAgentData?.brands ?? [];
    return String(brands.find((/** @type {any} */ it) => it.brand === "Chromium")?.version ?? "");
  } catch {
    return "";
  }
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
