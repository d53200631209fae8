/**
 * Server-sent events from a fetch body. Not EventSource: service workers of
 * older Chromium lack it, and it would reconnect by itself.
 */
import { Garbage } from "./shapes.js";

/** One sighting is under 1 KiB; a line that never ends is not one. */
const LINE_MAX = 16 * 1024;

/**
 * A parser to be fed with pieces of text (WHATWG HTML §9.2.6).
 * @param {(event: string, data: string) => void} emit
 */
export function eventParser(emit) {
  let rest = "";
  let event = "";
  /** @type {string[]} */
  let data = [];

  /** @param {string} line */
  function take(line) {
    if (line === "") {
      if (data.length > 0 || event) emit(event || "message", data.join("\n"));
      event = "";
      data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment: the heartbeat
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }

  /** @param {string} piece */
  return (piece) => {
    rest += piece;
    // A "\r" at the very end may be half of "\r\n": leave it for the next piece.
    for (let end; (end = rest.search(/\r\n|\n|\r(?!$)/)) >= 0; ) {
      const width = rest.startsWith("\r\n", end) ? 2 : 1;
      take(rest.slice(0, end));
      rest = rest.slice(end + width);
    }
    if (rest.length > LINE_MAX || data.length > 64) throw new Garbage("endless event");
  };
}
