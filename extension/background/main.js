/** The background's entry: listeners, registered before anything is awaited, and nothing else. */
import * as ext from "../lib/ext.js";
import { fromOwnPage } from "../lib/messages.js";
import { syncGatherScript } from "../lib/gatherer.js";
import { resumeCheck, startCheck } from "./checks.js";
import { acceptPort } from "./frames.js";

const self = { id: ext.id, origin: ext.url("") };

ext.onMessage((body, sender) => {
  const message = fromOwnPage(body, sender, self);
  return message?.type === "check" ? Promise.resolve({ id: startCheck() }) : undefined;
});

ext.onConnect(acceptPort);

ext.onInstalled((reason) => {
  // An update of the extension drops scripts that were registered at run time.
  void syncGatherScript();
  if (reason === "install") void ext.openTab(ext.url("welcome/welcome.html"));
});

// The browser just started: this wakes the background, so that a lost check is found.
ext.onStartup(() => {});

void resumeCheck();
