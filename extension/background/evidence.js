/** The evidence of one check: how it begins, and what is still open when time is up. */

/** @typedef {import("../lib/types.js").Evidence} Evidence */
/** @typedef {import("../lib/config.js").Endpoints} Endpoints */

/**
 * @param {"chromium" | "firefox"} browser
 * @param {Endpoints} places
 * @param {{ deep: boolean, baseline: import("../lib/types.js").Baseline | null, history: import("../lib/types.js").Memory[], policy: import("../lib/ext.js").Setting | null, os: string }} known
 * @returns {Evidence}
 */
export function openEvidence(browser, places, { deep, baseline, history, policy, os }) {
  return {
    version: 1,
    browser,
    os,
    final: false,
    policy,
    // A companion without a zone may be a host name: which family answers is in its reply.
    exits: places.exits.map(({ family }) => ({
      family: family || 4,
      status: "pending",
      reason: "",
      address: "",
      network: null,
    })),
    companion: null,
    dns: {
      status: places.zone ? "pending" : "skipped",
      reason: places.zone ? "" : "no-zone",
      sent: [],
      sightings: [],
      trr: null,
      dnssec: null,
    },
    ice: places.frames.map(({ family }) => ({
      frame: /** @type {0 | 4 | 6} */ (family),
      status: "pending",
      reason: "",
      candidates: [],
      errors: [],
      permission: "",
      stun53: "",
    })),
    networks: {},
    baseline,
    deep,
    paths: [],
    history,
  };
}

/** Whatever has not answered by now did not answer. @param {Evidence} evidence @param {boolean} forbidden nobody may look into the companion's pages */
export function closeEvidence(evidence, forbidden) {
  for (const exit of evidence.exits) {
    if (exit.status === "pending") Object.assign(exit, { status: "failed", reason: "timeout" });
  }
  for (const ice of evidence.ice) {
    if (ice.status === "pending") Object.assign(ice, { status: "failed", reason: "frame-unreachable" });
    if (forbidden && ice.reason === "frame-unreachable") ice.reason = "frame-forbidden";
  }
  if (evidence.dns.status === "pending") Object.assign(evidence.dns, { status: "failed", reason: "timeout" });
  evidence.final = true;
}

/**
 * These may rightly never be seen: prefetching can be switched off, a resolver
 * may have no IPv6, and look-ups over TCP come when they come.
 */
const UNSURE = /^[prtv]/;

/** @param {Evidence} evidence */
export function everyProbeSeen({ dns }) {
  const seen = new Set(dns.sightings.map((sighting) => sighting.label));
  return dns.sent.every((label) => seen.has(label) || UNSURE.test(label));
}
