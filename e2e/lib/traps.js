/**
 * What a broken or hostile server says. Each is a trap for hostile.js.
 */
import { passOn } from "./hostile.js";
import { pause } from "./popup.js";
import { OPERATOR } from "./world.js";

/** @import { Trap } from "./hostile.js" */

const JSON_TYPE = { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store" };

/** What the companion would say of a client on IPv4. */
const RIGHT = JSON.stringify({
  address: "192.0.2.10",
  family: 4,
  network: { prefix: "192.0.2.0/24", asn: 64510, org: OPERATOR, country: "SE", kind: "" },
  companion: { families: [4] },
});

/** @param {string} body @param {number} [status] @returns {Trap} */
const say = (body, status = 200) => (_, response) => {
  response.writeHead(status, JSON_TYPE);
  response.end(body);
};

/** Passes on, but late. @param {number} ms @returns {Trap} */
export const late = (ms) => async (request, response) => {
  await pause(ms);
  passOn(request, response);
};

/** Connects, and says nothing ever. @type {Trap} */
export const silence = () => {};

/** @type {Trap} */
export const hangUp = (request) => void request.socket.destroy();

/** Looks right, and never ends. @type {Trap} */
const endless = (_, response) => {
  response.writeHead(200, JSON_TYPE);
  response.write('{"address":"');
  const timer = setInterval(() => response.write("1"), 50);
  response.on("close", () => clearInterval(timer));
};

/** More than anyone should read, and right but for that: 64 MiB of blanks behind it. @type {Trap} */
const huge = (_, response) => {
  response.writeHead(200, JSON_TYPE);
  response.write(RIGHT);
  const block = " ".repeat(1 << 20);
  let left = 64;
  const more = () => {
    while (left-- > 0) if (!response.write(block)) return void response.once("drain", more);
    response.end();
  };
  more();
};

/**
 * Replies of `/v1/exit` that must not be believed. @type {Record<string, Trap>}
 */
export const BAD_EXITS = {
  HTML: (_, response) => {
    response.writeHead(200, { ...JSON_TYPE, "Content-Type": "text/html" });
    response.end("<!doctype html><title>Sign in to the hotel's network</title><h1>Welcome</h1>");
  },
  "truncated JSON": say('{"address":"192.0.2.10","family":4,"netw'),
  "an empty body": say(""),
  null: say("null"),
  "wrong types": say('{"address":["192.0.2.10"],"family":"4","network":7}'),
  "an address that is none": say('{"address":"192.0.2.10<b>","family":4,"network":null}'),
  "a family that is none": say('{"address":"192.0.2.10","family":5,"network":null}'),
  "a network that is none": say('{"address":"192.0.2.10","family":4,"network":{"org":{"a":1}}}'),
  "error 500": say('{"error":{"code":"boom","message":"<b>boom</b>"}}', 500),
  "a right answer with status 500": say(RIGHT, 500),
  "a huge body": huge,
  "an endless body": endless,
  silence,
  "a broken connection": hangUp,
};

/** @param {string} events @returns {Trap} */
const stream = (events) => (_, response) => {
  response.writeHead(200, { ...JSON_TYPE, "Content-Type": "text/event-stream" });
  response.write("event: open\ndata: {}\n\n");
  response.write(events);
};

/** @type {Trap} A line without an end: only a bound on its length stops it. */
const endlessLine = (_, response) => {
  response.writeHead(200, { ...JSON_TYPE, "Content-Type": "text/event-stream" });
  response.write("event: open\ndata: {}\n\nevent: sighting\ndata: ");
  const block = "x".repeat(1 << 18);
  const timer = setInterval(() => response.write(block), 5);
  response.on("close", () => clearInterval(timer));
};

/**
 * Streams of `/v1/sightings/…` that must not be believed. @type {Record<string, Trap>}
 */
export const BAD_STREAMS = {
  HTML: BAD_EXITS.HTML ?? silence,
  "truncated JSON": stream('event: sighting\ndata: {"label":"f0","resol\n\n'),
  "wrong types": stream('event: sighting\ndata: {"label":7,"resolver":{},"family":"x"}\n\n'),
  "an address that is none": stream('event: sighting\ndata: {"label":"f0","vector":"f","resolver":"<img src=x>","family":4,"transport":"udp","qtypes":[]}\n\n'),
  "error 500": say('{"error":{"code":"boom","message":"boom"}}', 500),
  "an endless line": endlessLine,
  silence,
  "a broken connection": hangUp,
};

/** The exit is in one network; resolver and WebRTC, told by the real companion, in another. @type {Trap} */
export const elsewhere = (request, response) => {
  const six = request.socket.localFamily === "IPv6";
  const network = { prefix: "198.51.100.0/24", asn: 64530, org: "Example Tunnel", country: "NO", kind: "vpn" };
  response.writeHead(200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" });
  response.end(JSON.stringify({
    address: six ? "2001:db8:300::10" : "198.51.100.10",
    family: six ? 6 : 4,
    network,
    companion: { families: [4, 6] },
  }));
};
