/**
 * Chromium's offscreen document: holds the frames for the service worker. A
 * fresh one finds its first frames in its own address and begins at once:
 * making this document is the longest step on the way to a verdict.
 */
import { openFrames } from "./frames.js";

const asked = new URLSearchParams(location.hash.slice(1));
const id = asked.get("id");
if (id) openFrames(document, id, asked.getAll("url"));

await import("./listen.js");
