/**
 * Firefox's preferences. Only what makes the browser quiet and drivable; the resolver (TRR), WebRTC
 * and mDNS stay as users have them.
 */
import { readProxy } from "./args.js";

/** @import { Options } from "./types.js" */

const QUIET = {
  // Captive portal and connectivity probes, telemetry, experiments, updates.
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.unified": false,
  "toolkit.telemetry.server": "",
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.usage.uploadEnabled": false,
  "telemetry.fog.test.localhost_port": -1,
  "app.normandy.enabled": false,
  "app.normandy.api_url": "",
  "app.update.enabled": false,
  "browser.region.network.url": "",
  "browser.region.update.enabled": false,
  "browser.search.update": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.blocklist.enabled": false,
  // A data: URL, not a dummy host as puppeteer sets: looking that up would be DNS traffic of ours.
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "dom.push.connection.enabled": false,
  "media.gmp-manager.url": "",
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.safebrowsing.update.enabled": false,
  "browser.safebrowsing.provider.google4.updateURL": "",
  "browser.safebrowsing.provider.mozilla.updateURL": "",
  "browser.newtabpage.activity-stream.feeds.topsites": false,
  "browser.topsites.contile.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "termsofuse.bypassNotification": true,
  // puppeteer turns these off; users have them on, and they are DNS and connection behaviour.
  "network.http.speculative-parallel-limit": 20,
};

/**
 * An extension that is loaded for a test is gone with the browser, and its storage with it. These keep
 * the storage for the same extension when it is loaded again, as that of one from the store is kept.
 */
const KEPT = {
  "extensions.webextensions.keepStorageOnUninstall": true,
  "extensions.webextensions.keepUuidOnUninstall": true,
};

/** @param {Options} options @returns {Record<string, unknown>} */
export function preferences(options) {
  return { ...QUIET, ...KEPT, ...proxyPreferences(options.proxy), ...options.prefs };
}

/** @param {string} proxy @returns {Record<string, unknown>} */
function proxyPreferences(proxy) {
  if (!proxy) return {};
  const { scheme, host, port } = readProxy(proxy);
  if (scheme === "socks5") {
    return {
      "network.proxy.type": 1,
      "network.proxy.socks": host,
      "network.proxy.socks_port": port,
      "network.proxy.socks_version": 5,
      "network.proxy.socks_remote_dns": true,
      "network.proxy.socks5_remote_dns": true,
    };
  }
  return {
    "network.proxy.type": 1,
    "network.proxy.http": host,
    "network.proxy.http_port": port,
    "network.proxy.ssl": host,
    "network.proxy.ssl_port": port,
  };
}
