/** A browser, its checks and a background that may die at any step, for tests of hardening. */
import { badge, browser, stored } from "./fake-chrome.js";

const { createHarden } = await import("../../extension/background/harden.js");

const text = (id) => ({ id, args: [] });

/** @param {string} state @param {Record<string, unknown>} [more] */
export const viewOf = (state, more = {}) => ({
  state, title: text(`${state}_title`), detail: text(""), cost: text(""), policy: "", before: [], after: [], actions: [], ...more,
});

/** What the core says when there is nothing to do. @param {Record<string, unknown>} [more] */
export const nothing = (more = {}) => ({ do: "none", value: "", test: false, seal: null, lease: null, alarm: 0, view: viewOf("none"), ...more });

export const LEAK = "198.51.100.10";

/** @param {boolean} leaking */
export const verdictOf = (leaking) => ({
  version: 1, outcome: leaking ? "leak" : "clear", final: true, headline: text("said"),
  rows: [{ id: "webrtc", outcome: leaking ? "leak" : "clear", headline: text("row"), facts: [] }],
  findings: leaking
    ? [{ id: "webrtc-public-ip", level: "leak", certainty: "proven", row: "webrtc", explain: text("a"), fix: text("b"), evidence: [{ address: LEAK }] }]
    : [],
  unknowns: [], wants: [], memory: null, path: null,
});

/** Everything as in a new profile with the permission given. */
export function reset() {
  stored.local = {};
  stored.session = {};
  Object.assign(browser, { found: "default", ours: null, other: null, private: false, before: async () => {} });
  browser.given = new Set(["privacy"]);
  browser.tabs = new Map([[7, { id: 7, url: "https://meet.example/room" }], [8, { id: 8, url: "https://news.example/" }], [9, { id: 9, url: "about:blank" }]]);
  browser.alarms = new Map();
  Object.assign(badge, { text: "", title: "" });
}

export const settle = async (turns = 60) => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const LADDER = ["default", "default_public_interface_only", "disable_non_proxied_udp"];

/** Whether a page leaks now, where `enough` is the least strict policy that stops it. @param {string} enough */
const leaksUnder = (enough) => LADDER.indexOf(browser.ours ?? browser.found) < LADDER.indexOf(enough);

/**
 * A background: harden.js with checks that take no time. Once `dead`, nothing that it still waits for goes on.
 * @param {any} core
 * @param {string} [enough]
 */
export function background(core, enough = "default_public_interface_only") {
  const it = { checks: 0, watched: null, dead: false };
  let number = 0;
  async function check() {
    it.checks++;
    const id = `check ${++number} ${Math.random()}`;
    stored.session.check = { id, phase: "checking" };
    const { value, levelOfControl } = await chrome.privacy?.network.webRTCIPHandlingPolicy.get({}) ?? {};
    const policy = value ? { value, levelOfControl } : null;
    await browser.before("check");
    const verdict = verdictOf(leaksUnder(enough));
    stored.session.check = { id, phase: "done", evidence: {}, verdict };
    stored.session.last = { finishedAt: 1, verdict, policy };
    running = null;
    await harden.checked(stored.session.check);
  }
  let running = null;
  const start = () => void (running ??= check());
  const harden = createHarden({ core, test: start, watchTabs: (wanted) => void (it.watched = wanted) });
  return Object.assign(it, {
    harden,
    check: start,
    /** As main.js does when it is loaded. */
    boot: () => {
      if (stored.session.check?.phase === "checking") start();
      void harden.start();
    },
  });
}

/** A background dies: what it was about to do is never done. @param {number} step how many calls it has left */
export function mortal(step) {
  const calls = [];
  let left = step;
  browser.before = async (call) => {
    calls.push(call);
    if (left-- <= 0) await new Promise(() => {});
  };
  return { calls, died: () => left < 0 };
}

/** A ladder in a few lines: what leak/harden does, without its care. */
export const ladderCore = {
  calls: async () => ({ state: "direct", title: text("t"), detail: text("d") }),
  harden: async (state) => {
    const seal = state.seal && structuredClone(state.seal);
    const now = state.setting?.value;
    const leak = state.verdict?.outcome === "leak" && state.tested?.value === now;
    const working = { view: viewOf("working") };
    if (!state.setting) return nothing({ seal, view: viewOf(state.verdict?.outcome === "leak" ? "grant" : "none") });
    if (state.setting.levelOfControl === "controlled_by_other_extensions") return nothing({ view: viewOf("conflict") });
    if (state.mode === "off" || state.trigger === "undo") {
      return state.setting.levelOfControl === "controlled_by_this_extension" ? { ...nothing(), do: "clear" } : nothing();
    }
    if (seal?.phase === "setting") {
      if (now !== seal.want) return nothing({ do: "set", value: seal.want, seal, ...working });
      return nothing({ seal: { ...seal, phase: "testing" }, test: true, ...working });
    }
    if (leak && (state.mode === "auto" || state.trigger === "seal")) {
      const want = LADDER[LADDER.indexOf(now) + 1] ?? "";
      if (want) return nothing({ do: "set", value: want, seal: { phase: "setting", want }, ...working });
    }
    if (leak) return nothing({ seal, view: viewOf("offer") });
    if (seal?.phase === "testing" && state.trigger === "check" && state.tested?.value === now) {
      return nothing({ seal: { phase: "", want: seal.want }, view: viewOf("sealed") });
    }
    return nothing({ seal, test: seal?.phase === "testing", view: viewOf(seal ? "sealed" : "none") });
  },
};

/** A core that answers each call with the next of these, and keeps what it was told. */
export function scripted(...decisions) {
  const told = [];
  return { told, calls: async () => null, harden: async (state) => (told.push(structuredClone(state)), decisions[told.length - 1] ?? nothing()) };
}
