/** One Go program: booted, asked, and noticed when it dies. */
import "./wasm_exec.js";
import program from "./app.wasm";
import { respondStream } from "./answer.js";
import { openStream } from "./stream.js";

/** How Go prints. While it boots it speaks of the operator's settings; a panic's last words may hold users' addresses. */
const out = /** @type {any} */ (globalThis).fs;
const aloud = out.writeSync;
const silent = (/** @type {number} */ _fd, /** @type {Uint8Array} */ bytes) => bytes.length;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A file that was deployed beside the Worker; null is one that was not. @param {any} env @param {string} name */
async function read(env, name) {
  if (!env.ASSETS) return null;
  const response = await env.ASSETS.fetch(`http://assets/${name}`);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  await response.body?.cancel();
  if (response.status !== 404) throw new Error(`${name} cannot be read`);
  return null;
}

export class Instance {
  /** Where Go puts its functions. @type {{ ask(id: number, text: number, body: number): void, gone(id: number): void }} */
  #binding = { ask() {}, gone() {} };
  /** @type {any} */
  #go;
  #last = 0;
  /** The request that Go takes next. @type {Uint8Array[]} */
  #asked = [];
  /** Who waits for an answer. @type {Map<number, (outcome: Outcome) => void>} */
  #waiting = new Map();
  /** @type {Map<number, ReturnType<typeof openStream>>} */
  #streams = new Map();
  alive = true;
  /** Resolves when the program has ended. @type {Promise<void>} */
  ended = Promise.resolve();

  /** Whether there are networks of the operator's. */
  own = false;

  /** @param {any} env @param {Role} role */
  static async boot(env, role) {
    const asset = (/** @type {string} */ name) => read(env, name);
    const [date, own] = await Promise.all([asset("networks/date"), asset("networks.csv")]);
    out.writeSync = aloud;
    const it = new Instance();
    it.own = own !== null;
    /** @type {(v?: unknown) => void} */
    let ready = () => {};
    const serving = new Promise((resolve) => (ready = resolve));
    const go = new (/** @type {any} */ (globalThis).Go)();
    it.#go = go;
    /** @type {WebAssembly.Instance} */
    const instance = new WebAssembly.Instance(program, { ...go.importObject, workers: { ready }, shell: it.#functions(() => instance.exports) });
    const run = go.run(instance, { env, binding: it.#binding, date, own, asset, ...role });
    it.ended = run.catch(() => {}).then(() => it.#end());
    await Promise.race([serving, it.ended]);
    if (!it.alive) throw new Error("Go did not start; its reason is above");
    out.writeSync = silent;
    return it;
  }

  /** What Go calls (front.go), each but the first with the number of a request. @param {() => any} exports of the program */
  #functions(exports) {
    const octets = (/** @type {number} */ at, /** @type {number} */ length) => new Uint8Array(exports().mem.buffer, at, length);
    const string = (/** @type {number} */ at, /** @type {number} */ length) => decoder.decode(octets(at, length));
    return {
      /** @param {number} at */
      take: (at) => {
        for (const piece of this.#asked) {
          octets(at, piece.byteLength).set(piece);
          at += piece.byteLength;
        }
        this.#asked = [];
      },
      /** @param {number} id @param {number} at @param {number} length */
      answer: (id, at, length) => this.#resolve(id, string(at, length)),
      /** @param {number} id @param {number} at @param {number} length */
      open: (id, at, length) => {
        const stream = openStream(() => {
          this.#streams.delete(id);
          if (this.alive) this.#binding.gone(id);
        });
        this.#streams.set(id, stream);
        this.#resolve(id, respondStream(string(at, length), stream.readable));
      },
      /** @param {number} id @param {number} at @param {number} length */
      push: (id, at, length) => this.#streams.get(id)?.push(octets(at, length).slice()) ?? false,
      /** @param {number} id */
      close: (id) => {
        this.#streams.get(id)?.close();
        this.#streams.delete(id);
      },
    };
  }

  /** @param {number} id @param {string | Response} reply */
  #resolve(id, reply) {
    this.#waiting.get(id)?.({ reply });
    this.#waiting.delete(id);
  }

  #end() {
    this.alive = false;
    for (const timer of this.#go._scheduledTimeouts.values()) clearTimeout(timer);
    for (const stream of this.#streams.values()) stream.fail();
    for (const resolve of this.#waiting.values()) resolve({});
    this.#streams.clear();
    this.#waiting.clear();
  }

  /**
   * Most answers are there when Go gives control back: then nobody waits.
   * @param {string} text @param {Uint8Array | null} body @returns {Outcome | Promise<Outcome>}
   */
  handle(text, body) {
    if (!this.alive) return {};
    const id = (this.#last = (this.#last + 1) & 0x7fffffff);
    /** @type {Outcome | undefined} */
    let outcome;
    /** @type {((outcome: Outcome) => void) | undefined} */
    let tell;
    this.#waiting.set(id, (come) => {
      outcome = come;
      tell?.(come);
    });
    const line = encoder.encode(text);
    this.#asked = body ? [line, body] : [line];
    try {
      const { ask } = this.#binding; // without a "this", which would be one more value that crosses
      ask(id, line.byteLength, body ? body.byteLength : -1);
    } catch (error) {
      if (!this.#go.exited) throw error;
    }
    if (this.#go.exited) return this.ended.then(() => ({ guilty: true })); // while it had this request
    return outcome ?? new Promise((resolve) => { tell = resolve; });
  }
}

/**
 * Without a reply, the program has died; guilty is who it died of, as far as one can tell.
 * @typedef {{ reply?: string | Response, guilty?: boolean }} Outcome
 */

/**
 * alone: outside of an object, where a program may compute, but wait for nothing. heir: an instance before it died.
 * deliver: gives a part of a report to another object.
 * @typedef {{ alone: true } | { heir: boolean, deliver(name: string, part: Uint8Array): Promise<string> }} Role
 */
