/**
 * Where the companion's frames live: Chromium's service worker has no
 * document, so an offscreen one holds them; Firefox's background page does so
 * itself. Also hands the gatherers' ports to the check that waits for them.
 */
import * as ext from "../lib/ext.js";
import { gathererPort } from "../lib/messages.js";
import { closeFrames, IDLE_MS, openFrames } from "../gather/frames.js";

const HOST = "gather/host.html";
const WHY = "Measures what WebRTC shows to a web page, inside a frame of the test server's page.";

/** @type {Map<string, (port: ext.Port, url: string) => void>} */
const waiting = new Map();

/** @param {ext.Port} port */
export function acceptPort(port) {
  const from = gathererPort(port, ext.id);
  const accept = from && waiting.get(from.check);
  if (from && accept) accept(port, from.url);
  else port.disconnect();
}

/** Whether this background made the document, so that it is likely still there. */
let warm = false;

/** @param {string} id @param {string[]} urls */
async function openOffscreen(id, urls) {
  const ask = () => ext.send({ type: "frames-open", id, urls }).catch(() => null);
  if (warm && (await ask())) return;
  warm = true;
  const asked = new URLSearchParams([["id", id], ...urls.map((url) => ["url", url])]);
  const host = `${HOST}#${asked}`;
  if (await ext.ensureOffscreen(host, WHY)) return;
  if (await ask()) return;
  // It was just closing itself: a fresh one.
  if (!(await ext.ensureOffscreen(host, WHY))) throw new Error("open frames: no host");
}

/** @type {import("./check.js").Frames} */
export const frames = {
  expect: (id, accept) => {
    waiting.set(id, accept);
    return () => void waiting.delete(id);
  },
  open: async (id, urls) => {
    if (ext.hasOffscreen) await openOffscreen(id, urls);
    else openFrames(document, id, urls);
  },
  // Offscreen they go with their document, when it has idled. Nothing happens in them: a gatherer ends with its port.
  close: (id) => {
    if (!ext.hasOffscreen) setTimeout(() => closeFrames(document, id), IDLE_MS);
  },
};
