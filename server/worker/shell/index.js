/**
 * The Worker: sends each request to the object that it belongs to, and the objects,
 * which hold one Go instance each. Nothing is decided here but where; nothing is
 * written to an object's storage.
 */
import { DurableObject } from "cloudflare:workers";
import { refuse } from "./answer.js";
import { Instance } from "./instance.js";
import { needsObject, place, regionOf } from "./place.js";
import { forGo, inner, withBody } from "./request.js";

/** How often a request is given to a new instance because its own died of another one. */
const AGAIN = 1;

export default {
  /** @param {Request} request @param {Env} env @param {{ waitUntil(p: Promise<unknown>): void }} context */
  async fetch(request, env, context) {
    if (!needsObject(request)) {
      const instance = nearby(env, context);
      // The operator's networks may have gaps, which an object fills.
      if (instance && !(instance.own && new URL(request.url).pathname === "/v1/exit")) {
        const reply = await instance.handle(forGo(request));
        if (reply.response) return reply.response;
      }
    }
    try {
      return await shardOf(env, place(request, Number(env.SHARD_COUNT))).fetch(request);
    } catch {
      return refuse(503, "unavailable", "this part of the server cannot be reached", { "Retry-After": "1" });
    }
  },
};

/** How long an instance may take to boot before another is tried: its request may have been broken off. */
const BOOT_MS = 5000;

/** The instance of this isolate, for what needs no object. @type {Instance | null} */
let near = null;
let began = -BOOT_MS;

/**
 * The instance if it is there. If not, it is booted meanwhile, and the request goes to an object: requests of an
 * isolate must not wait for one another.
 * @param {Env} env @param {{ waitUntil(p: Promise<unknown>): void }} context
 */
function nearby(env, context) {
  if (near?.alive) return near;
  if (Date.now() - began >= BOOT_MS) {
    began = Date.now();
    context.waitUntil(Instance.boot(env, { alone: true }).then((it) => { near = it; }, () => {}));
  }
  return null;
}

/** @param {Env} env @param {string} name */
function shardOf(env, name) {
  let id = ids.get(name);
  if (!id) ids.set(name, (id = env.SHARDS.idFromName(name)));
  const region = regionOf(name);
  return env.SHARDS.get(id, region ? { locationHint: region } : {});
}

/** There are as many names as objects; an id is a keyed hash of one, made only once. @type {Map<string, any>} */
const ids = new Map();

/** One shard of all tokens. */
export class Shard extends DurableObject {
  /** @type {Promise<Instance> | null} */
  #instance = null;
  #heir = false;

  /** The instance that serves, or one that is booting. */
  #current() {
    this.#instance ??= Instance.boot(this.env, { heir: this.#heir, deliver: (name, part) => shardOf(this.env, name).deliver(part) }).then(
      (instance) => {
        instance.ended.then(() => {
          this.#heir = true; // what it had seen is lost, and the next one says so
          this.#instance = null;
        });
        return instance;
      },
      (error) => {
        this.#instance = null;
        throw error;
      },
    );
    return this.#instance;
  }

  /** @param {Request} request */
  async fetch(request) {
    return this.#ask(request.body ? await withBody(request) : forGo(request));
  }

  /**
   * Takes what a node has seen of this object's tokens. Only other objects can call it: it is no path of HTTP.
   * @param {Uint8Array} part of a batch whose signature was found right
   */
  async deliver(part) {
    const response = await this.#ask(inner(part));
    return { status: response.status, body: await response.text() };
  }

  /** @param {import("./request.js").Asked} asked */
  async #ask(asked) {
    for (let tries = 0; ; tries++) {
      const reply = await (await this.#current()).handle(asked);
      if (reply.response) return reply.response;
      if (reply.guilty || tries >= AGAIN) return refuse(500, "internal", "the server made a mistake");
    }
  }
}

/** @typedef {{ SHARDS: any, SHARD_COUNT: string, ASSETS?: { fetch(url: string): Promise<Response> } }} Env */
