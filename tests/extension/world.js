/** A companion, frames and a core made of plain functions, for checks that run without a browser. */

export const NET = { prefix: "192.0.2.0/24", asn: 64510, org: "Example VPN", country: "SE", kind: "" };

export const json = (value, status = 200) => new Response(JSON.stringify(value), { status });

const sse = (events, signal, { end = false } = {}) =>
  new Response(
    new ReadableStream({
      start(controller) {
        const encode = (text) => controller.enqueue(new TextEncoder().encode(text));
        encode("event: open\ndata:\n\n");
        for (const [event, data] of events) encode(`event: ${event}\ndata: ${data}\n\n`);
        if (end) controller.close();
        else signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    }),
  );

export const sighting = (label, more = {}) => ({
  label, vector: label[0] ?? "", resolver: "192.0.2.53", family: 4, transport: "udp",
  network: NET, qtypes: ["A"], edns: null, ecs: "", ...more,
});

const never = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** Each route is (url, signal) → Response | Promise; what is missing answers as a healthy companion does. */
export function fakeFetch(routes = {}) {
  const asked = [];
  const fetch = async (url, { signal }) => {
    asked.push(url);
    const { hostname, pathname, searchParams } = new URL(url);
    if (/^[fxvt]\d+\./.test(hostname)) return (routes.probe ?? (() => Promise.reject(new TypeError("no such name"))))(url, signal);
    if (pathname === "/v1/exit") {
      const family = hostname.startsWith("ip6.") ? 6 : 4;
      const reply = { address: family === 6 ? "2001:db8:200::10" : "192.0.2.10", family, network: NET, companion: { families: [4, 6] } };
      return (routes[`exit${family}`] ?? (() => json(reply)))(url, signal);
    }
    if (pathname.startsWith("/v1/sightings/")) {
      const events = ["f0", "f1", "f2", "f3", "s0", "s1"].map((label) => ["sighting", JSON.stringify(sighting(label))]);
      return (routes.stream ?? (() => sse(events, signal)))(url, signal);
    }
    if (pathname === "/v1/networks") {
      const networks = Object.fromEntries(searchParams.getAll("address").map((address) => [address, NET]));
      return (routes.networks ?? (() => json({ networks })))(url, signal);
    }
    throw new TypeError("unreachable");
  };
  return { fetch, asked, sse, never };
}

/** A port whose other end is a gatherer that says `lines` and then `done`. */
export function fakeFrames({ silent = [], lines = [], status = "complete" } = {}) {
  const log = { open: [], urls: [], closed: [], gathered: [] };
  let accept = () => {};
  const port = () => {
    let hear = () => {};
    const one = {
      disconnected: false,
      onMessage: { addListener: (handler) => (hear = handler) },
      onDisconnect: { addListener: () => {} },
      disconnect: () => (one.disconnected = true),
      postMessage: (message) => {
        if (message.type === "begin") return;
        log.gathered.push(message);
        queueMicrotask(() => {
          for (const line of lines) hear({ type: "candidate", line });
          if (status) hear({ type: "done", status, reason: "" });
        });
      },
      say: (body) => hear(body),
    };
    return one;
  };
  return {
    log,
    port,
    knock: (url) => {
      const one = port();
      accept(one, url);
      return one;
    },
    expect: (_id, handler) => {
      accept = handler;
      return () => (accept = () => {});
    },
    open: async (id, urls) => {
      log.open.push(id);
      log.urls.push(...urls);
      // A port's sender has the address without what was for the gatherer.
      for (const url of urls) if (!silent.some((part) => url.includes(part))) accept(port(), url.split("#")[0]);
    },
    close: (id) => void log.closed.push(id),
  };
}

/** A core that wants the networks it is told to, until it has them. */
export function fakeCore(wants = []) {
  const judged = [];
  return {
    judged,
    warm: () => {},
    version: async () => "fake",
    judge: async (evidence) => {
      judged.push(structuredClone(evidence));
      return {
        version: 1, outcome: "unknown", final: evidence.final, headline: { id: "x", args: [] }, rows: [], findings: [], unknowns: [],
        wants: wants.filter((address) => !(address in evidence.networks)),
      };
    },
  };
}
