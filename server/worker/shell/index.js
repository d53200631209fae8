/**
 * The Worker: sends each request to the object that it belongs to, and the objects,
 * which hold one Go instance each. Nothing is decided here but where; nothing is
 * written to an object's storage.
 */
import { DurableObject } from "cloudflare:workers";
import { refuse } from "./answer.js";
import { Instance } from "./instance.js";
import { place } from "./place.js";
import { forGo } from "./request.js";

/** How often a request is given to a new instance because its own died of another one. */
const AGAIN = 1;

export default {
  /** @param {Request} request @param {Env} env */
  async fetch(request, env) {
    const { name, region } = place(request, Number(env.SHARD_COUNT));
    const shard = env.SHARDS.get(env.SHARDS.idFromName(name), region ? { locationHint: region } : {});
    try {
      return await shard.fetch(request);
    } catch {
      return refuse(503, "unavailable", "this part of the server cannot be reached", { "Retry-After": "1" });
    }
  },
};

/** One shard of all tokens. */
export class Shard extends DurableObject {
  /** @type {Promise<Instance> | null} */
  #instance = null;
  #heir = false;

  /** The instance that serves, or one that is booting. */
  #current() {
    this.#instance ??= Instance.boot(this.env, this.#heir).then(
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
    const asked = forGo(request);
    for (let tries = 0; ; tries++) {
      const instance = await this.#current();
      const reply = await instance.handle(asked);
      if (reply.response) return reply.response;
      if (reply.guilty || tries >= AGAIN || request.body) return refuse(500, "internal", "the server made a mistake");
    }
  }
}

/** @typedef {{ SHARDS: any, SHARD_COUNT: string, ASSETS?: { fetch(url: string): Promise<Response> } }} Env */
