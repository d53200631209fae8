/**
 * The API as the browser sees it: passes requests on to the real companion, unless a test has set
 * a trap for the path. Speaks for every host name of the zone, over IPv4 and IPv6.
 */
import http from "node:http";
import { SERVER } from "./world.js";
import { API_PORT } from "./companion.js";

/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => void | Promise<void>} Trap */

const PORT = 80;

/** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
export function passOn(request, response) {
  const host = request.socket.localFamily === "IPv6" ? SERVER.ip6 : SERVER.ip4;
  const onward = http.request(
    { host, port: API_PORT, path: request.url, method: request.method, headers: request.headers },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

export function hostile() {
  /** @type {Map<string, Trap>} */
  const traps = new Map();
  /** @type {http.Server[]} */
  let servers = [];
  /** @type {string[]} */
  const seen = [];

  /** @type {http.RequestListener} */
  const serve = (request, response) => {
    const path = request.url ?? "";
    seen.push(path);
    response.on("error", () => {});
    for (const [prefix, trap] of traps) if (path.startsWith(prefix)) return void trap(request, response);
    passOn(request, response);
  };

  return {
    /** Paths asked since the last `clear`. */
    seen,
    /** @param {string} prefix of the path @param {Trap} trap */
    trap: (prefix, trap) => void traps.set(prefix, trap),
    clear() {
      traps.clear();
      seen.length = 0;
    },
    async open() {
      servers = await Promise.all(
        [SERVER.ip4, SERVER.ip6].map(
          (host) =>
            /** @type {Promise<http.Server>} */ (
              new Promise((resolve, reject) => {
                const server = http.createServer(serve);
                server.once("error", reject);
                server.listen(PORT, host, () => resolve(server));
              })
            ),
        ),
      );
    },
    /** Refuses connections, and breaks those that are open. */
    async shut() {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise((resolve) => server.close(resolve));
          server.closeAllConnections();
          return closed;
        }),
      );
      servers = [];
    },
  };
}

/** @typedef {ReturnType<typeof hostile>} Hostile */
