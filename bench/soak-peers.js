// Peers of the soak beside DNS: each speaks STUN, asks for its exit, or reads the stream of a token; all judge what they get.
import { randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import http from "node:http";

const EACH = 3; // of every kind
const PAUSE_MS = 100; // they are here to be answered, not to be a load
const PATIENCE_MS = 500; // what comes later counts as lost
const TRIES = 4; // of a stream's probe, whose packet may be lost
const WEB = "127.0.0.1"; // the API is where it is without a flag
const WEB_PORT = 8053;
const COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]); // RFC 8489 §5
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** @typedef {{ asked: number, answered: number }} Count */
/** @typedef {"stun" | "exit" | "stream"} Kind */

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** @param {string} host */
const octets = (host) => Buffer.from(host.split(".").map(Number));

/** Sends a packet and waits for the one that `mine` takes. @param {dgram.Socket} socket @param {number} port @param {string} host @param {Buffer} packet @param {(answer: Buffer) => boolean} mine */
async function ask(socket, port, host, packet, mine) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  socket.send(packet, port, host);
  try {
    for (;;) {
      const [answer] = await once(socket, "message", { signal });
      if (mine(answer)) return /** @type {Buffer} */ (answer);
    }
  } catch {
    return null; // late, lost, or nobody is there
  }
}

export class Others {
  /** @type {Record<Kind, Count>} */
  counts = { stun: { asked: 0, answered: 0 }, exit: { asked: 0, answered: 0 }, stream: { asked: 0, answered: 0 } };
  /** @type {string[]} */
  wrong = [];
  #open = true;

  /** @param {string} host @param {number} port of DNS and STUN @param {string} zone */
  constructor(host, port, zone) {
    this.host = host;
    this.port = port;
    this.zone = zone;
    const kinds = [() => this.#stun(), () => this.#exit(), () => this.#stream()];
    this.ended = Promise.all(kinds.flatMap((kind) => Array.from({ length: EACH }, kind)));
  }

  /** Ends them all, each after its answer. */
  async end() {
    this.#open = false;
    await this.ended;
  }

  /** Repeats until the end. @param {Kind} kind @param {() => Promise<boolean>} once */
  async #again(kind, once) {
    for (; this.#open; await pause()) {
      this.counts[kind].asked++;
      if (await once()) this.counts[kind].answered++;
    }
  }

  /** A flow for the whole time, as a full table of connections needs. */
  async #stun() {
    const socket = dgram.createSocket("udp4");
    socket.on("error", () => {}); // nobody listens, for a moment
    await this.#again("stun", async () => {
      const id = randomBytes(12);
      const request = Buffer.concat([Buffer.from([0, 1, 0, 0]), COOKIE, id]);
      const answer = await ask(socket, this.port, this.host, request, (got) => got.subarray(8, 20).equals(id));
      if (!answer) return false;
      // XOR-MAPPED-ADDRESS and nothing else (RFC 8489 §14.2).
      const port = answer.length === 32 ? answer.readUInt16BE(26) ^ 0x2112 : 0;
      const address = Buffer.from(answer.subarray(28, 32).map((octet, i) => octet ^ COOKIE[i]));
      if (answer.readUInt16BE(0) !== 0x0101 || port !== socket.address().port || !address.equals(octets(this.host))) this.wrong.push(`a wrong answer to STUN: ${answer.toString("hex")}`);
      return true;
    });
    socket.close();
  }

  /** Asks the API; `read` is told the text so far, and says when it is enough. @param {string} path @param {string} accept @param {(text: string) => boolean} read @returns {Promise<boolean>} */
  #get(path, accept, read) {
    return new Promise((resolve) => {
      let text = "";
      const request = http.get({ host: WEB, port: WEB_PORT, path, headers: { accept }, agent: false }, (response) => {
        if (response.statusCode !== 200) this.wrong.push(`${path} says ${response.statusCode}`);
        response.setEncoding("utf8");
        response.on("error", () => {});
        response.on("data", (piece) => {
          text += piece;
          if (read(text)) finish(true);
        });
      });
      /** @param {boolean} well */
      const finish = (well) => {
        clearTimeout(timer);
        request.destroy();
        resolve(well);
      };
      const timer = setTimeout(() => finish(false), PATIENCE_MS * (TRIES + 1));
      request.on("error", () => finish(false));
      request.on("close", () => finish(false)); // what was said first holds
    });
  }

  async #exit() {
    await this.#again("exit", () =>
      this.#get("/v1/exit", "*/*", (text) => {
        if (!text.endsWith("}\n")) return false;
        if (JSON.parse(text).address !== WEB) this.wrong.push(`a wrong exit: ${text}`);
        return true;
      }),
    );
  }

  /** Looks a name up while it listens, and is told of that and of nothing else. */
  async #stream() {
    const socket = dgram.createSocket("udp4");
    socket.on("error", () => {});
    await this.#again("stream", async () => {
      const token = Array.from(randomBytes(26), (octet) => LETTERS[octet & 31]).join("");
      const labels = ["f0", token, ...this.zone.split(".")].flatMap((label) => [label.length, ...Buffer.from(label)]);
      const id = randomBytes(2);
      const query = Buffer.from([...id, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
      /** @type {Promise<void> | undefined} */
      let probe;
      const told = await this.#get(`/v1/sightings/${token}`, "text/event-stream", (text) => {
        if (text.includes("event: open")) {
          probe ??= (async () => {
            for (let i = 0; i < TRIES && !(await ask(socket, this.port, this.host, query, (got) => got.subarray(0, 2).equals(id))); i++);
          })();
        }
        const event = /event: sighting\ndata: (.*)\n\n/.exec(text);
        if (!event) return false;
        const { label, resolver } = JSON.parse(event[1]);
        if (label !== "f0" || resolver !== this.host) this.wrong.push(`a stream tells of ${event[1]}`);
        return true;
      });
      await probe;
      return told;
    });
    socket.close();
  }
}
