/** Counts what Cloudflare would charge for: each call of the Worker, and each of an object, with what it was. */

/** @type {{ worker: Record<string, number>, object: Record<string, number> }} */
const counted = { worker: {}, object: {} };

/** Tokens and addresses are told by nobody. @param {string} url */
const route = (url) => /^\/v1\/[a-z]*/.exec(new URL(url).pathname)?.[0] ?? "/";

export default {
  /** @param {any[]} events of calls that have ended */
  tail(events) {
    for (const { executionModel, event } of events) {
      const kind = executionModel === "durableObject" ? counted.object : counted.worker;
      const what = event?.request ? route(event.request.url) : "rpc"; // the engine does not always tell which method
      kind[what] = (kind[what] ?? 0) + 1;
    }
  },
  fetch() {
    return Response.json(counted);
  },
};
