/**
 * Follows one check through storage: tells a fresh state from the one that
 * was there before, and asks again when the runner died on the way.
 */

/** @typedef {import("./types.js").CheckState} CheckState */

/** A check ends after 2.5 s; one that has told nothing for this long has lost its service worker. */
export const STALLED_MS = 3000;

/** A deep test ends after 9 s, and waits for silent servers meanwhile. */
export const STALLED_DEEP_MS = 10_000;

/** A background that is just starting may have nobody listening yet. */
const AGAIN_MS = 300;

/** A background that cannot start a check this often is broken, and asking more does not mend it. */
const TRIES_MAX = 3;

/**
 * @param {object} page
 * @param {() => Promise<unknown>} page.ask
 * @param {() => void} page.asked
 * @param {(state: CheckState) => void} page.show
 * @param {() => void} page.broken
 */
export function follow({ ask, asked, show, broken }) {
  let wanted = "";
  let open = false;
  let news = false;
  /** @type {CheckState | null} a state that came before we knew our check's id */
  let early = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let watch;
  let tries = 0;

  /** @param {number} ms */
  function arm(ms) {
    clearTimeout(watch);
    watch = setTimeout(retry, ms);
  }

  async function attempt() {
    tries++;
    arm(STALLED_MS);
    const reply = /** @type {{ id?: string } | null | undefined} */ (await ask().catch(() => null));
    if (typeof reply?.id !== "string") {
      if (open) arm(AGAIN_MS);
      return;
    }
    wanted = reply.id;
    if (early) take(early);
  }

  function retry() {
    if (!open) return;
    if (tries < TRIES_MAX) void attempt();
    else {
      open = false;
      broken();
    }
  }

  /** @param {unknown} value of the key `check` @param {boolean} [ours] watch it as if it had been asked for here */
  function take(value, ours = false) {
    const state = /** @type {CheckState | undefined} */ (value);
    if (!state) return;
    // One that is being checked is new by nature, also when it was started again under another id.
    if (state.phase === "checking") {
      wanted = state.id;
      if (ours && !open) {
        open = true;
        tries = 0;
      }
    } else if (state.id !== wanted) {
      early = state;
      return;
    }
    early = null;
    news = true;
    // Whoever tells something is alive.
    if (open && state.phase === "checking") arm(state.evidence?.deep ? STALLED_DEEP_MS : STALLED_MS);
    if (state.phase === "done") {
      open = false;
      clearTimeout(watch);
    }
    show(state);
  }

  return {
    take,
    hasNews: () => news,
    start: () => {
      wanted = "";
      early = null;
      open = true;
      news = false;
      tries = 0;
      asked();
      return attempt();
    },
  };
}
