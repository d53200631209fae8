/** Plays Cloudflare's edge in front of the Worker: says who the connection came from, whatever the request says. */
export default {
  /** @param {any} request @param {any} env */
  fetch(request, env) {
    const headers = new Headers(request.headers);
    headers.set("CF-Connecting-IP", address(request.cf.clientIp));
    /** @type {any} */
    const init = { headers, redirect: "manual", cf: env.CF };
    return env.WORKER.fetch(new Request(request, init));
  },
};

/** @param {string} peer "192.0.2.1:80" or "[2001:db8::1]:80" */
const address = (peer) => peer.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
