/** One Go program: booted, asked, and noticed when it dies. */
import "./wasm_exec.js";
import program from "./app.wasm";
import { openStream } from "./stream.js";

/** How Go prints. While it boots it speaks of the operator's settings; a panic's last words may hold users' addresses. */
const out = /** @type {any} */ (globalThis).fs;
const aloud = out.writeSync;
const silent = (/** @type {number} */ _fd, /** @type {Uint8Array} */ bytes) => bytes.length;

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
  /** Where Go puts its functions. @type {{ ask(id: number, text: string, body: Uint8Array | null): void, gone(id: number): void }} */
  #binding = { ask() {}, gone() {} };
  /** @type {any} */
  #go;
  #last = 0;
  /** Who waits for an answer. @type {Map<number, (response?: Response) => void>} */
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
    const imports = { ...go.importObject, workers: { ready } };
    const context = { env, binding: it.#binding, date, own, asset, ...role, ...it.#functions() };
    const run = go.run(new WebAssembly.Instance(program, imports), context);
    it.ended = run.catch(() => {}).then(() => it.#end());
    await Promise.race([serving, it.ended]);
    if (!it.alive) throw new Error("Go did not start; its reason is above");
    out.writeSync = silent;
    return it;
  }

  /** What Go calls, each with the number of a request. */
  #functions() {
    return {
      /** @param {number} id @param {number} status @param {string} head @param {string} body */
      answer: (id, status, head, body) => this.#respond(id, new Response(status === 204 ? null : body, { status, headers: pairs(head) })),
      /** @param {number} id @param {number} status @param {string} head */
      open: (id, status, head) => {
        const stream = openStream(() => {
          this.#streams.delete(id);
          if (this.alive) this.#binding.gone(id);
        });
        this.#streams.set(id, stream);
        this.#respond(id, new Response(stream.readable, { status, headers: pairs(head) }));
      },
      /** @param {number} id @param {string} text */
      push: (id, text) => this.#streams.get(id)?.push(text) ?? false,
      /** @param {number} id */
      close: (id) => {
        this.#streams.get(id)?.close();
        this.#streams.delete(id);
      },
    };
  }

  /** @param {number} id @param {Response} response */
  #respond(id, response) {
    this.#waiting.get(id)?.(response);
    this.#waiting.delete(id);
  }

  #end() {
    this.alive = false;
    for (const timer of this.#go._scheduledTimeouts.values()) clearTimeout(timer);
    for (const stream of this.#streams.values()) stream.fail();
    for (const resolve of this.#waiting.values()) resolve();
    this.#streams.clear();
    this.#waiting.clear();
  }

  /**
   * Without a response, the program has died; guilty is who it died of, as far as one can tell.
   * @param {import("./request.js").Asked} asked @returns {Promise<{ response?: Response, guilty?: boolean }>}
   */
  async handle({ text, body }) {
    if (!this.alive) return {};
    const id = ++this.#last;
    /** @type {Promise<Response | undefined>} */
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    try {
      this.#binding.ask(id, text, body);
    } catch (error) {
      if (!this.#go.exited) throw error;
    }
    if (this.#go.exited) { // while it had this request
      await this.ended;
      return { guilty: true };
    }
    return { response: await answer };
  }
}

/** Headers as Go writes them: name and value in turn, a line each. @param {string} head @returns {[string, string][]} */
function pairs(head) {
  const lines = head.split("\n");
  /** @type {[string, string][]} */
  const list = [];
  for (let i = 0; i + 1 < lines.length; i += 2) list.push([lines[i] ?? "", lines[i + 1] ?? ""]);
  return list;
}

/**
 * alone: outside of an object, where a program may compute, but wait for nothing. heir: an instance before it died.
 * deliver: gives a part of a report to another object.
 * @typedef {{ alone: true } | { heir: boolean, deliver(name: string, part: Uint8Array): Promise<{ status: number, body: string }> }} Role
 */
