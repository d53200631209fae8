/** The API answers, but with garbage. */
import { check, expect, inTime, outcome, row, told } from "../lib/suite.js";
import { BAD_EXITS, BAD_STREAMS } from "../lib/traps.js";

/** @import { Test } from "../lib/suite.js" */

const EVIL = '<img src=x onerror="document.title=1"><b data-finding="evil">Evil</b>&amp;';

/** @type {Test[]} */
const exits = Object.entries(BAD_EXITS).map(([what, trap]) => ({
  name: `the exit is told as ${what}: unknown`,
  async run(world) {
    world.api.trap("/v1/exit", trap);
    const { sight, clicked } = await check(world);
    outcome(sight, "unknown");
    row(sight, "exit", "unknown");
    inTime(sight, clicked);
  },
}));

/** @type {Test[]} */
const streams = Object.entries(BAD_STREAMS).map(([what, trap]) => ({
  name: `the sightings are told as ${what}: unknown`,
  async run(world) {
    world.api.trap("/v1/sightings/", trap);
    const { sight, clicked } = await check(world);
    outcome(sight, "unknown");
    row(sight, "dns", "unknown");
    row(sight, "exit", "clear");
    inTime(sight, clicked);
  },
}));

/** @type {Test[]} */
const markup = [
  {
    name: "markup in an organisation's name is shown as text",
    async run(world) {
      world.api.trap("/v1/exit", (request, response) => {
        const family = request.socket.localFamily === "IPv6" ? 6 : 4;
        response.writeHead(200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" });
        const network = { prefix: "192.0.2.0/24", asn: 64510, org: EVIL, country: "SE", kind: "" };
        response.end(JSON.stringify({ address: family === 6 ? "2001:db8:200::10" : "192.0.2.10", family, network, companion: { families: [4, 6] } }));
      });
      const popup = await world.session.click();
      const { verdictIn } = await import("../lib/popup.js");
      const sight = await verdictIn(popup, { since: popup.clicked });
      const foreign = await popup.run(() => document.querySelectorAll('img, [data-finding="evil"], [onerror]').length);
      const title = await popup.run(() => document.title);
      await popup.close();
      expect(foreign === 0, "markup from the server became elements of the popup");
      expect(title !== "1", "script from the server ran in the popup");
      expect(sight.text.includes("<b data-finding="), `the name is not shown as it is: ${sight.text}`);
      expect(sight.text.includes("&amp;"), "an entity was decoded");
      expect(sight.findings.every((finding) => finding.id !== "evil"), told(sight));
    },
  },
];

export const api = [...exits, ...streams, ...markup];
