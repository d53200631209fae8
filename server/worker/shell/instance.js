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
  /** Where Go puts its functions. @type {{ handleRequest(asked: import("./request.js").Asked): Promise<Response> }} */
  #binding = { handleRequest: () => Promise.reject(new Error("not booted")) };
  /** @type {any} */
  #go;
  /** @type {Set<{ fail(): void }>} */
  #streams = new Set();
  alive = true;
  /** Resolves when the program has ended. @type {Promise<void>} */
  ended = Promise.resolve();

  /**
   * @param {any} env @param {boolean} heir whether an instance before it died
   * @param {(name: string, part: Uint8Array<ArrayBuffer>) => Promise<{ status: number, body: string }>} deliver to another object
   */
  static async boot(env, heir, deliver) {
    const asset = (/** @type {string} */ name) => read(env, name);
    const [date, own] = await Promise.all([asset("networks/date"), asset("networks.csv")]);
    out.writeSync = aloud;
    const it = new Instance();
    /** @type {(v?: unknown) => void} */
    let ready = () => {};
    const serving = new Promise((resolve) => (ready = resolve));
    const go = new (/** @type {any} */ (globalThis).Go)();
    it.#go = go;
    const imports = { ...go.importObject, workers: { ready } };
    const stream = (/** @type {() => void} */ gone) => it.#stream(gone);
    const run = go.run(new WebAssembly.Instance(program, imports), { env, binding: it.#binding, date, own, heir, asset, stream, deliver });
    it.ended = run.catch(() => {}).then(() => it.#end());
    await Promise.race([serving, it.ended]);
    if (!it.alive) throw new Error("Go did not start; its reason is above");
    out.writeSync = silent;
    return it;
  }

  #end() {
    this.alive = false;
    for (const timer of this.#go._scheduledTimeouts.values()) clearTimeout(timer);
    for (const stream of this.#streams) stream.fail();
    this.#streams.clear();
  }

  /** @param {() => void} gone called when the reader is */
  #stream(gone) {
    const stream = openStream(() => {
      this.#streams.delete(stream);
      if (this.alive) gone();
    }, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  /**
   * Without a response, the program has died; guilty is who it died of, as far as one can tell.
   * @param {import("./request.js").Asked} asked @returns {Promise<{ response?: Response, guilty?: boolean }>}
   */
  async handle(asked) {
    if (!this.alive) return {};
    let answer;
    try {
      answer = this.#binding.handleRequest(asked);
    } catch (error) {
      if (!this.#go.exited) throw error;
    }
    if (this.#go.exited) { // while it had this request
      await this.ended;
      return { guilty: true };
    }
    const response = await Promise.race([answer, this.ended]);
    return response ? { response } : {};
  }
}
