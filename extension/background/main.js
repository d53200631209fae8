/** The background's entry: listeners, registered before anything is awaited, and nothing else. */
import * as ext from "../lib/ext.js";
import { fromOwnPage } from "../lib/messages.js";
import { syncGatherScript } from "../lib/gatherer.js";
import { callOf, fromRelay } from "../lib/sites.js";
import { relayFrames } from "../lib/watcher.js";
import { bootCore } from "../lib/boot.js";
import { createCore } from "../lib/core.js";
import { createBlocks } from "./blocks.js";
import { createChecks } from "./checks.js";
import { ALARM, createHarden } from "./harden.js";
import { obey } from "./orders.js";
import { openNotice } from "./notice.js";
import { record } from "./record.js";
import { acceptPort, frames } from "./frames.js";
import { obeySites } from "./site-orders.js";
import { createSites, SITES_ALARM } from "./sites.js";

void ext.closeStorage().catch((error) => console.error("close storage:", error));

const self = { id: ext.id, origin: ext.url("") };
const core = createCore(bootCore);
const checks = createChecks({
  core,
  frames,
  fetch: globalThis.fetch.bind(globalThis),
  finished: (check) => void harden.checked(check),
});
const watchTabs = ext.tabEvents((tab) => void harden.tabChanged(tab));
const harden = createHarden({ core, test: () => void checks.start(), watchTabs });
const sites = createSites({ core });
const blocks = createBlocks({ core });

ext.onMessage((body, sender) => {
  const news = fromRelay(body, sender, ext.id);
  if (news) return void sites.hear(news);
  const tab = callOf(body, sender, ext.id);
  if (tab !== null) return void relayFrames(tab);
  const message = fromOwnPage(body, sender, self);
  if (message?.type === "check") return Promise.resolve({ id: checks.start(message) });
  if (message?.type === "record") return record(core, message);
  if (!message) return undefined;
  return obeySites({ core, sites, blocks }, message) ?? obey(harden, message);
});

ext.onConnect(acceptPort);

ext.onInstalled((reason) => {
  // An update of the extension drops scripts that were registered at run time.
  void syncGatherScript();
  void blocks.sync();
  if (reason === "install") void ext.openTab(ext.url("welcome/welcome.html"));
});

// Hardening; see harden.js. A lease may be waiting for its tab, so the events are heard until it is known that none is.
watchTabs(true);
ext.onAlarm((name) => void (name === ALARM && harden.next("alarm")));
const policyChanged = () => void harden.next("other");
ext.onPolicy(policyChanged);
const noticeClicked = (/** @type {string} */ name) => void openNotice(name);
ext.onNotice(noticeClicked);
ext.onPermissions(() => {
  ext.onPolicy(policyChanged);
  ext.onNotice(noticeClicked);
  policyChanged();
  void blocks.sync();
});
ext.onAlarm((name) => void (name === SITES_ALARM && sites.due()));

// The browser just started: this wakes the background, so that a lost check is found. Registered scripts and rules
// outlive the background, so only then, and after an update, is it looked whether they are as they should be.
ext.onStartup(() => void blocks.sync());

// Whoever wakes the background wants a verdict next: half a second of a busy machine saved.
core.warm();
void checks.resume();
void harden.start();
void sites.due();
