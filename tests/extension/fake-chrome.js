/** A browser's extension API as far as ext.js uses it: import this before any module of the extension. */

const event = () => {
  const handlers = [];
  return {
    addListener: (handler) => void handlers.push(handler),
    removeListener: (handler) => void handlers.splice(handlers.indexOf(handler), 1),
    hasListener: (handler) => handlers.includes(handler),
    fire: (...args) => handlers.map((handler) => handler(...args)),
    handlers,
  };
};

export const stored = { local: {}, session: {} };
export const badge = {};
export const scripts = new Map();
export const written = [];
/** By tab; null was taken away. */
export const tabBadges = new Map();
export const notices = [];
/** What was brought before the user, in order. */
export const opened = [];
export const rules = new Map();

const onChanged = event();

/** The WebRTC setting and what goes with it. `before` is told of each call, and of each write above. */
export const browser = {
  found: "default", ours: null, other: null, given: new Set(["privacy"]), tabs: new Map(), alarms: new Map(), private: false, os: "linux",
  origins: new Set(), inPage: async (_tab, _func, _args) => 0,
  before: async (_call) => {},
};

const setting = {
  get: async ({ incognito = false } = {}) => {
    if (incognito && !browser.private) throw new Error("no access to private windows");
    const value = browser.other ?? browser.ours ?? browser.found;
    const whose = browser.other ? "controlled_by_other_extensions" : browser.ours ? "controlled_by_this_extension" : "controllable_by_this_extension";
    return { value, levelOfControl: whose };
  },
  set: async ({ value }) => {
    await browser.before(`set ${value}`);
    browser.ours = value;
  },
  clear: async () => {
    await browser.before("clear");
    browser.ours = null;
  },
  onChange: event(),
};

const hardening = {
  get privacy() {
    return browser.given.has("privacy") ? { network: { webRTCIPHandlingPolicy: setting } } : undefined;
  },
  permissions: {
    contains: async ({ permissions = [], origins = [] }) =>
      permissions.every((name) => browser.given.has(name)) && origins.every((one) => browser.origins.has(one) || browser.origins.has(`${one.split(":")[0]}://*/*`)),
    remove: async ({ origins = [] }) => origins.map((one) => browser.origins.delete(one)).every(Boolean),
    onAdded: event(),
    onRemoved: event(),
  },
  extension: { isAllowedIncognitoAccess: async () => browser.private },
  alarms: {
    create: async (name, { when }) => void browser.alarms.set(name, when),
    clear: async (name) => browser.alarms.delete(name),
    onAlarm: event(),
  },
  tabs: {
    get: async (id) => browser.tabs.get(id) ?? Promise.reject(new Error("no such tab")),
    query: async () => [...browser.tabs.values()],
    update: async (id) => {
      if (!browser.tabs.has(id)) throw new Error("no such tab");
      opened.push(`tab ${id}`);
      return { windowId: 1 };
    },
    create: async ({ url }) => void opened.push(url),
    onRemoved: event(),
    onUpdated: event(),
  },
};

const area = (name) => ({
  get: async (keys) => Object.fromEntries(keys.filter((key) => key in stored[name]).map((key) => [key, structuredClone(stored[name][key])])),
  set: async (items) => {
    await browser.before(`write ${Object.keys(items)}`);
    written.push(structuredClone(items));
    Object.assign(stored[name], structuredClone(items));
    const changes = Object.fromEntries(Object.entries(items).map(([key, newValue]) => [key, { newValue }]));
    onChanged.fire(changes, name);
  },
  remove: async (key) => void delete stored[name][key],
});

export const texts = {};

globalThis.chrome = {
  runtime: {
    id: "own-id",
    getURL: (path) => `chrome-extension://own-id/${path}`,
    getManifest: () => ({ version: "0" }),
    getPlatformInfo: async () => ({ os: browser.os }),
    onMessage: event(),
    onConnect: event(),
    onInstalled: event(),
    onStartup: event(),
    sendMessage: async () => undefined,
  },
  i18n: {
    getMessage: (key, args = []) => (texts[key] ?? "").replace(/\$(\d)/g, (_, n) => args[n - 1] ?? ""),
  },
  permissions: hardening.permissions,
  extension: hardening.extension,
  alarms: hardening.alarms,
  tabs: hardening.tabs,
  get privacy() {
    return hardening.privacy;
  },
  storage: { local: area("local"), session: area("session"), onChanged },
  action: {
    setBadgeText: async ({ text, tabId }) => void (tabId === undefined ? (badge.text = text) : tabBadges.set(tabId, text)),
    setBadgeBackgroundColor: async ({ color, tabId }) => void (tabId === undefined && (badge.color = color)),
    setBadgeTextColor: async () => {},
    setTitle: async ({ title, tabId }) => void (tabId === undefined && (badge.title = title)),
    openPopup: async () => {
      if (browser.noPopup) throw new Error("not without a click");
      opened.push("popup");
    },
  },
  notifications: { create: async (name, notice) => void notices.push({ name, ...notice }), clear: async (name) => void opened.push(`clear ${name}`), onClicked: event() },
  windows: { update: async (id) => void opened.push(`window ${id}`) },
  declarativeNetRequest: {
    updateDynamicRules: async ({ removeRuleIds, addRules }) => {
      for (const id of removeRuleIds) rules.delete(id);
      for (const rule of addRules) rules.set(rule.id, rule);
    },
  },
  scripting: {
    executeScript: async ({ target, func, args }) => [{ result: await browser.inPage(target.tabId, func, args) }],
    getRegisteredContentScripts: async ({ ids }) => ids.filter((id) => scripts.has(id)).map((id) => scripts.get(id)),
    unregisterContentScripts: async ({ ids }) => ids.forEach((id) => scripts.delete(id)),
    registerContentScripts: async (list) => list.forEach((script) => scripts.set(script.id, script)),
  },
};
