/** A browser's extension API as far as ext.js uses it: import this before any module of the extension. */

const event = () => {
  const handlers = [];
  return { addListener: (handler) => handlers.push(handler), fire: (...args) => handlers.map((handler) => handler(...args)), handlers };
};

export const stored = { local: {}, session: {} };
export const badge = {};
export const scripts = new Map();
export const written = [];

const onChanged = event();

const area = (name) => ({
  get: async (keys) => Object.fromEntries(keys.filter((key) => key in stored[name]).map((key) => [key, structuredClone(stored[name][key])])),
  set: async (items) => {
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
    onMessage: event(),
    onConnect: event(),
    onInstalled: event(),
    onStartup: event(),
    sendMessage: async () => undefined,
  },
  i18n: {
    getMessage: (key, args = []) => (texts[key] ?? "").replace(/\$(\d)/g, (_, n) => args[n - 1] ?? ""),
  },
  storage: { local: area("local"), session: area("session"), onChanged },
  action: {
    setBadgeText: async ({ text }) => void (badge.text = text),
    setBadgeBackgroundColor: async ({ color }) => void (badge.color = color),
    setBadgeTextColor: async () => {},
    setTitle: async ({ title }) => void (badge.title = title),
  },
  scripting: {
    getRegisteredContentScripts: async ({ ids }) => ids.filter((id) => scripts.has(id)).map((id) => ({ id })),
    unregisterContentScripts: async ({ ids }) => ids.forEach((id) => scripts.delete(id)),
    registerContentScripts: async (list) => list.forEach((script) => scripts.set(script.id, script)),
  },
};
