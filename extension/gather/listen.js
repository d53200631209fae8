/** The offscreen document's ears: later checks open and close their frames by message. */
import * as ext from "../lib/ext.js";
import { fromOwnPage } from "../lib/messages.js";
import { IDLE_MS, openFrames } from "./frames.js";

const self = { id: ext.id, origin: ext.url("") };

/** @type {ReturnType<typeof setTimeout> | undefined} */
let idle;

function rest() {
  clearTimeout(idle);
  idle = setTimeout(() => window.close(), IDLE_MS);
}

ext.onMessage((body, sender) => {
  const message = fromOwnPage(body, sender, self);
  if (message?.type === "frames-open") {
    openFrames(document, message.id, message.urls);
    rest();
    return Promise.resolve({ opened: true });
  }
  return undefined;
});

rest();
