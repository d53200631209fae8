/**
 * Functions that run in Firefox's own window, with the browser's privileges (started with
 * --remote-allow-system-access). They reach what BiDi does not: the toolbar button, its popup, and
 * the background page. Self-contained: they travel as text.
 */

/** The names of Gecko's privileged scope. */
const { ChromeUtils, WebExtensionPolicy, Services, gBrowser, DOMRect, document } = /** @type {any} */ (globalThis);

/**
 * Puts the helpers that the others use into the window.
 * @param {string} id
 */
export function install(id) {
  const policy = WebExtensionPolicy.getByID(id);
  const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
  /** @type {any} */ (globalThis)["watertight"] = {
    policy,
    action: () => ExtensionParent.apiManager.global.browserActionFor(policy.extension),
    /** @param {string} type @param {string} url */
    view(type, url) {
      for (const view of policy.extension.views) {
        const address = view.xulBrowser?.currentURI?.spec ?? "";
        if (view.viewType === type && (!url || address.startsWith(url))) return view.xulBrowser;
      }
      return null;
    },
  };
  return policy.mozExtensionHostname;
}

/** Does what the toolbar button does when it is pressed; returns the time of the press. */
export async function press() {
  const { watertight } = /** @type {any} */ (globalThis);
  if (watertight.view("popup", "")) throw new Error("the popup is open already");
  const action = watertight.action();
  const clicked = Date.now();
  await action.triggerAction(globalThis);
  return clicked;
}

/**
 * Whether the view is there, with its own document in it.
 * @param {string} type
 * @param {string} url
 */
export function has(type, url) {
  const browser = /** @type {any} */ (globalThis).watertight.view(type, url);
  // A popup is loaded out of sight and moved into its panel then; scripts sent before are lost.
  const shown = type !== "popup" || browser?.closest("panel")?.state === "open";
  return Boolean(browser?.browsingContext?.currentWindowGlobal) && (shown || !url);
}

/**
 * Runs a script in a view's page world. A sandbox, because the page's CSP forbids eval.
 * @param {string} type
 * @param {string} url
 * @param {string} code an expression
 */
export function runIn(type, url, code) {
  const browser = /** @type {any} */ (globalThis).watertight.view(type, url);
  if (!browser) throw new Error(`no ${type} view`);
  const name = `watertight:${Math.random()}`;
  const script = `(async () => {
    let reply;
    try {
      const box = Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
      const value = await Cu.evalInSandbox(${JSON.stringify(code)}, box);
      reply = { json: JSON.stringify(value) ?? "null" };
    } catch (error) {
      reply = { error: String(error) };
    }
    sendAsyncMessage(${JSON.stringify(name)}, reply);
  })()`;
  return new Promise((resolve, reject) => {
    const manager = browser.messageManager;
    const timer = setInterval(() => {
      if (/** @type {any} */ (globalThis).watertight.view(type, url) === browser) return;
      finish(() => reject(new Error(`the ${type} view went away`)));
    }, 100);
    /** @param {() => void} then */
    const finish = (then) => {
      clearInterval(timer);
      manager.removeMessageListener(name, listener);
      then();
    };
    /** @param {any} message */
    const listener = ({ data }) => finish(() => (data.error ? reject(new Error(data.error)) : resolve(data.json)));
    manager.addMessageListener(name, listener);
    manager.loadFrameScript(`data:application/javascript;charset=utf-8,${encodeURIComponent(script)}`, false);
  });
}

/**
 * Makes the view as high as its document, so that nothing sticks to the edge of a smaller window.
 * @param {string} type
 * @param {string} url
 * @param {string} scheme
 * @param {number} height
 */
export function pose(type, url, scheme, height) {
  const browser = /** @type {any} */ (globalThis).watertight.view(type, url);
  browser.browsingContext.top.prefersColorSchemeOverride = scheme;
  for (const name of ["height", "min-height", "max-height"]) {
    browser.style.setProperty(name, height ? `${height}px` : "", "important");
  }
}

/**
 * A picture of the whole document, twice as large, as a data: URL.
 * @param {string} type
 * @param {string} url
 * @param {number} width
 * @param {number} height
 */
export async function snapshot(type, url, width, height) {
  const browser = /** @type {any} */ (globalThis).watertight.view(type, url);
  const page = browser.browsingContext.currentWindowGlobal;
  const bitmap = await page.drawSnapshot(new DOMRect(0, 0, width, height), 2, "rgb(255,255,255)", true);
  const canvas = document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
  return canvas.toDataURL("image/png");
}

/** @param {string} url */
export function openTab(url) {
  gBrowser.selectedTab = gBrowser.addTrustedTab(url);
}

/** @param {string} url */
export function closeTab(url) {
  const tab = gBrowser.tabs.find((/** @type {any} */ t) => t.linkedBrowser.currentURI.spec === url);
  if (tab) gBrowser.removeTab(tab);
}

/** Closes the popup as a click elsewhere does. */
export function closePopup() {
  /** @type {any} */ (globalThis).watertight.view("popup", "")?.closest("panel")?.hidePopup();
}

/** Ends the event page as Firefox does when it has been idle. */
export function stopBackground() {
  return /** @type {any} */ (globalThis).watertight.policy.extension.terminateBackground({
    ignoreDevToolsAttached: true,
    disableResetIdleForTest: true,
  });
}

/** @param {string} origin @param {string} permission */
export function grant(origin, permission) {
  const principal = Services.scriptSecurityManager.createContentPrincipalFromOrigin(origin);
  Services.perms.addFromPrincipal(principal, permission, Services.perms.ALLOW_ACTION);
}
