/** The background's entry: listeners, registered before anything is awaited, and nothing else. */
import * as ext from "../lib/ext.js";
import { fromOwnPage } from "../lib/messages.js";
import { syncGatherScript } from "../lib/gatherer.js";
import { bootCore } from "../lib/boot.js";
import { createCore } from "../lib/core.js";
import { createChecks } from "./checks.js";
import { ALARM, createHarden } from "./harden.js";
import { obey } from "./orders.js";
import { record } from "./record.js";
import { acceptPort, frames } from "./frames.js";

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

ext.onMessage((body, sender) => {
  const message = fromOwnPage(body, sender, self);
  if (message?.type === "check") return Promise.resolve({ id: checks.start(message) });
  if (message?.type === "record") return record(core, message);
  return message ? obey(harden, message) : undefined;
});

ext.onConnect(acceptPort);

ext.onInstalled((reason) => {
  // An update of the extension drops scripts that were registered at run time.
  void syncGatherScript();
  if (reason === "install") void ext.openTab(ext.url("welcome/welcome.html"));
});

// Hardening; see harden.js. A lease may be waiting for its tab, so the events are heard until it is known that none is.
watchTabs(true);
ext.onAlarm((name) => void (name === ALARM && harden.next("alarm")));
const policyChanged = () => void harden.next("other");
ext.onPolicy(policyChanged);
ext.onPermissions(() => {
  ext.onPolicy(policyChanged);
  policyChanged();
});

// The browser just started: this wakes the background, so that a lost check is found.
ext.onStartup(() => {});

// Whoever wakes the background wants a verdict next: half a second of a busy machine saved.
core.warm();
void checks.resume();
void harden.start();
