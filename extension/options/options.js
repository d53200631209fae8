/** Settings: what is done about WebRTC leaks, the user's own connections, and which companion the extension asks. */
import * as ext from "../lib/ext.js";
import * as config from "../lib/config.js";
import { find, setText } from "../lib/dom.js";
import { syncGatherScript } from "../lib/gatherer.js";
import { getJson, reasonOf } from "../lib/http.js";
import { localise, say } from "../lib/i18n.js";
import { prepareHomes } from "./homes.js";
import { prepareMode } from "./mode.js";
import { prepareRecord } from "./record.js";
import { prepareSites } from "./sites.js";
import { about } from "../lib/shapes.js";

/** Someone waits in front of the button; a companion that is there answers in well under a second. */
const ABOUT_MS = 5000;

const api = /** @type {HTMLInputElement} */ (find(document, "#api"));
const zone = /** @type {HTMLInputElement} */ (find(document, "#zone"));

/** @param {config.Companion} companion */
function fill(companion) {
  api.value = companion.api;
  zone.value = companion.zone;
}

/** @param {"" | "good" | "bad" | "busy"} tone @param {string} text */
function status(tone, text) {
  const node = find(document, "#status");
  node.dataset.tone = tone;
  setText(node, text);
}

/** @param {HTMLInputElement} input @param {string} error message id */
function mark(input, error) {
  input.setAttribute("aria-invalid", String(error !== ""));
  setText(find(document, `#${input.id}-error`), error && say(error));
}

/** What is typed, or null after its errors are shown. @returns {config.Companion | null} */
function typed() {
  const a = config.parseApi(api.value);
  const z = config.parseZone(zone.value);
  mark(api, a.ok ? "" : a.error);
  mark(zone, z.ok ? "" : z.error);
  if (a.ok && z.ok) return { api: a.value, zone: z.value };
  (a.ok ? zone : api).focus();
  status("", "");
  return null;
}

/** @param {config.Companion} companion */
async function test(companion) {
  status("busy", say("ui_testing_connection"));
  let found;
  try {
    const { about: url } = config.endpoints(companion);
    found = await getJson(fetch, url, about, AbortSignal.timeout(ABOUT_MS));
  } catch (error) {
    status("bad", say(`ui_connection_${reasonOf(error)}`, companion.api));
    return;
  }
  if (companion.zone && found.zone !== companion.zone) {
    mark(zone, "ui_error_zone_differs");
    status("bad", say("ui_connection_other_zone", found.zone));
    return;
  }
  status("good", say("ui_connection_good", found.version, found.data_date));
}

/** @param {config.Companion} companion */
async function save(companion) {
  const before = await config.loadCompanion();
  fill(companion);
  await config.saveCompanion(companion);
  await syncGatherScript();
  await release(before, companion);
  status("good", say("ui_saved"));
}

/** Gives back what only the former companion needed. @param {config.Companion} before @param {config.Companion} now */
async function release(before, now) {
  const kept = config.frameOrigins(now);
  const gone = config.frameOrigins(before).filter((origin) => !kept.includes(origin));
  if (!config.isDefault(before) && gone.length > 0) await ext.releaseHosts(gone);
}

find(document, "#form").addEventListener("submit", (event) => {
  event.preventDefault();
  const companion = typed();
  if (!companion) return;
  // Asked before anything is awaited: browsers want the click itself.
  const allowed = config.isDefault(companion) ? Promise.resolve(true) : ext.requestHosts(config.frameOrigins(companion));
  allowed
    .then((yes) => (yes ? save(companion) : status("bad", say("ui_permission_refused"))))
    .catch(() => status("bad", say("ui_not_saved")));
});

find(document, "#test").addEventListener("click", () => {
  const companion = typed();
  if (companion) void test(companion);
});

find(document, "#reset").addEventListener("click", async () => {
  const before = await config.loadCompanion();
  await config.resetCompanion();
  await syncGatherScript();
  const now = await config.loadCompanion();
  await release(before, now);
  fill(now);
  mark(api, "");
  mark(zone, "");
  status("good", say("ui_was_reset"));
});

localise(document);
document.title = say("ui_settings_title");
setText(find(document, "#version"), say("ui_version", ext.version()));
void prepareMode();
prepareHomes();
prepareRecord();
prepareSites();
/** All websites may have been given back, and with them the companion's. */
async function closed() {
  if (!(await config.mayEnter(await config.loadCompanion()))) status("bad", say("ui_companion_closed"));
}

ext.onPermissions(() => void closed());
fill(await config.loadCompanion());
await closed();
