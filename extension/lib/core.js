/**
 * The Go core behind one function: `watertight(requestJSON) → replyJSON`.
 * What comes back is checked; a core that died is started once more.
 */
import { callsShape, decisionShape } from "./hardening.js";
import { judgedShape, ledgerShape, listShape, planShape } from "./sites.js";

/** @typedef {import("./types.js").Evidence} Evidence */
/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {(request: string) => unknown} Engine */

/** Booting takes under 0.2 s; after this long it is not coming. */
export const BOOT_MS = 3000;

/** The core cannot judge. `code` tells why, in one word, for the log. */
export class CoreError extends Error {
  /** @param {string} code @param {import("./types.js").Text | null} [text] */
  constructor(code, text = null) {
    super(`core: ${code}`);
    this.code = code;
    /** What to tell the user, if the core says so. @type {import("./types.js").Text | null} */
    this.text = text;
  }
}

/** @param {unknown} text */
const isText = (text) => {
  const it = /** @type {any} */ (text);
  return typeof it?.id === "string" && (it.args == null || Array.isArray(it.args));
};

const OUTCOMES = ["leak", "clear", "unknown"];

/** @param {unknown} value @returns {Verdict} */
function verdictShape(value) {
  const it = /** @type {any} */ (value);
  const good =
    OUTCOMES.includes(it?.outcome) &&
    isText(it.headline) &&
    Array.isArray(it.rows) &&
    it.rows.every((/** @type {any} */ row) => typeof row?.id === "string" && isText(row.headline)) &&
    (it.findings ?? []).every((/** @type {any} */ f) => typeof f?.id === "string" && isText(f.explain) && isText(f.fix));
  if (!good) throw new CoreError("bad-reply");
  // Go writes an empty slice as null.
  return {
    ...it,
    findings: it.findings ?? [],
    unknowns: it.unknowns ?? [],
    wants: it.wants ?? [],
    memory: it.memory ?? null,
    path: isText(it.path?.through) ? { through: it.path.through, steps: it.path.steps ?? [] } : null,
  };
}

/** @template T @param {T | null} value @returns {T} */
function shaped(value) {
  if (value === null) throw new CoreError("bad-reply");
  return value;
}

/**
 * @param {() => Promise<Engine>} boot
 * @param {number} [bootMs]
 */
export function createCore(boot, bootMs = BOOT_MS) {
  /** @type {Promise<Engine> | null} */
  let engine = null;

  function start() {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new CoreError("boot-timeout")), bootMs);
    });
    return /** @type {Promise<Engine>} */ (Promise.race([boot(), late])).finally(() => clearTimeout(timer));
  }

  /** @param {string} request */
  async function once(request) {
    const call = await (engine ??= start());
    const reply = call(request);
    if (typeof reply !== "string") throw new CoreError("dead");
    const parsed = JSON.parse(reply);
    if (typeof parsed?.ok !== "boolean") throw new CoreError("bad-reply");
    return parsed;
  }

  /** @param {object} request */
  async function call(request) {
    const text = JSON.stringify(request);
    let reply;
    try {
      reply = await once(text);
    } catch {
      engine = null;
      try {
        reply = await once(text);
      } catch (error) {
        engine = null; // the next check tries anew
        throw error instanceof CoreError ? error : new CoreError("dead");
      }
    }
    if (!reply.ok) {
      const { code, text } = reply.error ?? {};
      throw new CoreError(String(code ?? "bad-reply"), isText(text) ? text : null);
    }
    return reply.value;
  }

  return {
    /** Starts the core without waiting, so that it boots while the network is asked. */
    warm: () => void (engine ??= start()).catch(() => {}),
    /** @param {Evidence} evidence @returns {Promise<Verdict>} */
    judge: async (evidence) => verdictShape(await call({ op: "judge", evidence })),
    /**
     * @param {Evidence} evidence
     * @param {string} name
     * @returns {Promise<{ home: unknown, warning: import("./types.js").Text | null }>}
     */
    record: async (evidence, name) => {
      const made = await call({ op: "baseline", evidence, name });
      return { home: made?.home, warning: isText(made?.warning) ? made.warning : null };
    },
    /** What to do with the browser's WebRTC setting; see leak/harden/types.go. @param {object} state */
    harden: async (state) => shaped(decisionShape(await call({ op: "harden", state }))),
    /** Will calls work? @param {Evidence} evidence */
    calls: async (evidence) => shaped(callsShape(await call({ op: "calls", evidence }))),
    /** What a page did with WebRTC; see wasm/call/site.go. @param {object} visit */
    site: async (visit) => shaped(judgedShape(await call({ op: "site", visit }))),
    /** @param {object} book an order that changes the ledger */
    keep: async (book) => shaped(ledgerShape(await call({ op: "sites", book }))),
    /** @param {import("./sites.js").Ledger} ledger @param {number} now */
    list: async (ledger, now) => shaped(listShape(await call({ op: "sites", book: { do: "list", ledger, now } }))),
    /** For people and other programs. @param {import("./sites.js").Ledger} ledger @param {number} now @returns {Promise<object>} */
    exported: (ledger, now) => call({ op: "sites", book: { do: "export", ledger, now } }),
    /** The site that a host belongs to. @param {string} host */
    siteOf: async (host) => String((await call({ op: "sites", book: { do: "site", host } }))?.site ?? ""),
    /** How sites are blocked in this browser. @param {{ browser: string, version: string, sites: string[] }} wall */
    block: async (wall) => shaped(planShape(await call({ op: "block", wall }))),
    version: () => call({ op: "version" }),
  };
}

/** @typedef {ReturnType<typeof createCore>} Core */
