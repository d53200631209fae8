/** What the user orders about sites, in the popup or in the settings. */
import { loadLedger } from "./ledger.js";
import { lookHere } from "./look.js";

/** @typedef {import("../lib/messages.js").Message} Message */

/**
 * @param {object} world
 * @param {import("../lib/core.js").Core} world.core
 * @param {ReturnType<typeof import("./sites.js").createSites>} world.sites
 * @param {ReturnType<typeof import("./blocks.js").createBlocks>} world.blocks
 * @param {Message} message
 * @returns {Promise<unknown> | undefined} undefined: it is about something else
 */
export function obeySites({ core, sites, blocks }, message) {
  switch (message.type) {
    case "site-choice":
      return sites.choose(message.site, message.choice, message.private).then(() => ({ done: true }));
    case "site-block":
      return blocks.set(message.site, message.on).then((done) => ({ done }));
    case "site-here":
      return blocks.here(message.site);
    case "site-look":
      return lookHere(core, message.tab);
    case "sites":
      return loadLedger().then((ledger) => core.list(ledger, Date.now()));
    case "sites-export":
      return loadLedger().then((ledger) => core.exported(ledger, Date.now()));
    case "sites-erase":
      return sites.erase(message.site).then(() => ({ done: true }));
    case "sites-blocked":
      return blocks.list();
  }
  return undefined;
}
