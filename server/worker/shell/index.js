/**
 * The Worker: sends each request to the object that it belongs to, and the objects,
 * which hold one Go instance each. Nothing is decided here but where; nothing is
 * written to an object's storage.
 */
import { DurableObject } from "cloudflare:workers";
import { refusal, respond } from "./answer.js";
import { Instance } from "./instance.js";
import { needsObject, place, regionOf } from "./place.js";
import { bodyOf, inner, read } from "./request.js";

/** How often a request is given to a new instance because its own died of another one. */
const AGAIN = 1;

export default {
  /** @param {Request} request @param {Env} env @param {{ waitUntil(p: Promise<unknown>): void }} context */
  async fetch(request, env, context) {
    const asked = read(request, env.REGIONS !== "0");
    if (!needsObject(asked)) {
      const instance = nearby(env, context);
      // The operator's networks may have gaps, which an object fills.
      if (instance && !(instance.own && asked.path === "/v1/exit")) {
        const { reply } = await instance.handle(asked.text, null);
        if (typeof reply === "string") return respond(reply);
      }
    }
    try {
      const shard = shardOf(env, place(asked, Number(env.SHARD_COUNT)));
      // A text for a text is a third cheaper than a request for a response, but has no streams.
      const answer = asked.hasBody || asked.isStream ? "" : await shard.ask(asked.text);
      return answer ? respond(answer) : await shard.fetch(request);
    } catch {
      return respond(refusal(503, "unavailable", "this part of the server cannot be reached", "Retry-After: 1\n"));
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
function idOf(env, name) {
  let id = ids.get(name);
  if (!id) ids.set(name, (id = env.SHARDS.idFromName(name)));
  return id;
}

/** @param {Env} env @param {string} name */
function shardOf(env, name) {
  const region = regionOf(name);
  return env.SHARDS.get(idOf(env, name), region ? { locationHint: region } : {});
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
    this.#instance ??= Instance.boot(this.env, { heir: this.#heir, deliver: (name, part) => this.#pass(name, part) }).then(
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

  /** What is for this object itself is no call. @param {string} name @param {Uint8Array} part */
  #pass(name, part) {
    return idOf(this.env, name).equals(this.ctx.id) ? this.deliver(part) : shardOf(this.env, name).deliver(part);
  }

  /** @param {Request} request */
  async fetch(request) {
    const reply = await this.#ask(read(request, this.env.REGIONS !== "0").text, await bodyOf(request));
    return typeof reply === "string" ? respond(reply) : reply;
  }

  /**
   * What has no body and is no stream. Only the Worker can call it: it is no path of HTTP.
   * @param {string} text @returns {Promise<string>} "" for a stream, which must be asked for by fetch
   */
  ask(text) {
    return this.#text(text, null);
  }

  /**
   * Takes what a node has seen of this object's tokens. Only other objects can call it: it is no path of HTTP.
   * @param {Uint8Array} part of a batch whose signature was found right
   */
  deliver(part) {
    return this.#text(inner(part), part);
  }

  /** @param {string} text @param {Uint8Array | null} body @returns {Promise<string>} */
  async #text(text, body) {
    const reply = await this.#ask(text, body);
    if (typeof reply === "string") return reply;
    await reply.body?.cancel();
    return "";
  }

  /** @param {string} text @param {Uint8Array | null} body @returns {Promise<string | Response>} */
  async #ask(text, body) {
    for (let tries = 0; ; tries++) {
      const { reply, guilty } = await (await this.#current()).handle(text, body);
      if (reply) return reply;
      if (guilty || tries >= AGAIN) return refusal(500, "internal", "the server made a mistake");
    }
  }
}

/** @typedef {{ SHARDS: any, SHARD_COUNT: string, REGIONS?: string, ASSETS?: { fetch(url: string): Promise<Response> } }} Env */
