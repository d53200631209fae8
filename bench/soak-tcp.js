// TCP clients of the soak: each asks over one connection, again and again, and starts a new one when it ends.
import net from "node:net";

const PEERS = 10;
const PAUSE_MS = 20;
const NXDOMAIN = 3;

/** A query for a probe that nobody has made, with its length before it (RFC 7766 §8). @param {string} zone @param {number} id */
function query(zone, id) {
  const token = Array.from({ length: 26 }, () => "abcdefghijklmnopqrstuvwxyz234567"[Math.floor(Math.random() * 32)]).join("");
  const name = ["f0", token, ...zone.split(".")].flatMap((label) => [label.length, ...Buffer.from(label)]);
  const message = Buffer.from([id >> 8, id & 255, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, 0, 1, 0, 1]);
  return Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);
}

export class Peers {
  answered = 0;
  /** @type {string[]} */
  wrong = [];
  #open = true;

  /** @param {string} host @param {number} port @param {string} zone */
  constructor(host, port, zone) {
    this.ended = Promise.all(Array.from({ length: PEERS }, () => this.#run(host, port, zone)));
  }

  /** Ends them all, each after its answer. */
  async end() {
    this.#open = false;
    await this.ended;
  }

  /** @param {string} host @param {number} port @param {string} zone */
  async #run(host, port, zone) {
    while (this.#open) {
      await this.#connection(host, port, zone);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** One connection; it may end at any time, but never in the middle of a message. @param {string} host @param {number} port @param {string} zone */
  #connection(host, port, zone) {
    let left = Buffer.alloc(0);
    let id = 1;
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const socket = net.connect(port, host);
        const ask = () => (this.#open ? socket.write(query(zone, id)) : socket.end());
        socket.on("connect", ask);
        socket.on("error", () => {}); // the server may be down just now
        socket.on("data", (data) => {
          left = Buffer.concat([left, data]);
          if (left.length < 2 || left.length < 2 + left.readUInt16BE(0)) return;
          const message = left.subarray(2, 2 + left.readUInt16BE(0));
          left = left.subarray(2 + message.length);
          if (message.readUInt16BE(0) !== id || (message[3] & 15) !== NXDOMAIN) this.wrong.push("a wrong answer over TCP");
          this.answered++;
          id++;
          setTimeout(ask, PAUSE_MS);
        });
        socket.on("close", () => {
          if (left.length > 0) this.wrong.push("a connection that ended in the middle of an answer");
          resolve();
        });
      })
    );
  }
}
