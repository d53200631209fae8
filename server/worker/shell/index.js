/**
 * The Worker: sends each request to the object that it belongs to, and the objects,
 * which hold one Go instance each. Nothing is decided here but where; nothing is
 * written to an object's storage.
 */
import { DurableObject } from "cloudflare:workers";
import { refuse } from "./answer.js";
import { Instance } from "./instance.js";
import { place, regionOf } from "./place.js";
import { forGo, inner } from "./request.js";

/** How often a request is given to a new instance because its own died of another one. */
const AGAIN = 1;

export default {
  /** @param {Request} request @param {Env} env */
  async fetch(request, env) {
    try {
      return await shardOf(env, place(request, Number(env.SHARD_COUNT))).fetch(request);
    } catch {
      return refuse(503, "unavailable", "this part of the server cannot be reached", { "Retry-After": "1" });
    }
  },
};

/** @param {Env} env @param {string} name */
function shardOf(env, name) {
  const region = regionOf(name);
  return env.SHARDS.get(env.SHARDS.idFromName(name), region ? { locationHint: region } : {});
}

/** One shard of all tokens. */
export class Shard extends DurableObject {
  /** @type {Promise<Instance> | null} */
  #instance = null;
  #heir = false;

  /** The instance that serves, or one that is booting. */
  #current() {
    this.#instance ??= Instance.boot(this.env, this.#heir, (name, part) => shardOf(this.env, name).deliver(part)).then(
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
    return this.#ask(() => forGo(request), request.body === null);
  }

  /**
   * Takes what a node has seen of this object's tokens. Only other objects can call it: it is no path of HTTP.
   * @param {Uint8Array<ArrayBuffer>} part of a batch whose signature was found right
   */
  async deliver(part) {
    const response = await this.#ask(() => inner(part), true);
    return { status: response.status, body: await response.text() };
  }

  /** @param {() => import("./request.js").Asked} make @param {boolean} repeatable */
  async #ask(make, repeatable) {
    for (let tries = 0; ; tries++) {
      const reply = await (await this.#current()).handle(make());
      if (reply.response) return reply.response;
      if (reply.guilty || tries >= AGAIN || !repeatable) return refuse(500, "internal", "the server made a mistake");
    }
  }
}

/** @typedef {{ SHARDS: any, SHARD_COUNT: string, ASSETS?: { fetch(url: string): Promise<Response> } }} Env */
