/**
 * What goes wrong in the soak, each for one phase; the next phase takes it back. What the kernel counts proves that it
 * did go wrong; of a jump of the clock, the server itself.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { HOST, ZONE } from "./anchors.js";
import { clock } from "./soak-clock.js";

const MARK = "1:1"; // the class of the server's answers over UDP
const FREEZE_MS = [1000, 1500]; // after the phase's start, and for so long
const JUMPS_S = [86_400, -86_400, 0];
const JUMP_EVERY_MS = 800;
const FULL_PATIENCE_MS = 60_000; // a free core takes 5 to 11 s
const ANSWER_BITS = 8 * 190; // of an answer of the load's, with all headers: measured
const SLOW = 0.3; // share of the answers that the slow line has room for

/** Times that UDP sockets found no room to send: ENOBUFS of a queue, or EAGAIN of their own buffer (udp_sendmsg). */
function sendErrors() {
  const [names, values] = readFileSync("/proc/net/snmp", "utf8").split("\n").filter((line) => line.startsWith("Udp:"));
  return Number(values.split(" ")[names.split(" ").indexOf("SndbufErrors")]);
}

export class Faults {
  #port;
  #group;
  #errors = 0;
  /** @type {() => string[]} */
  #proof = () => [];

  /** @param {number} port of the server @param {() => number} group its process group */
  constructor(port, group) {
    /** Answers a second that the load asks for. */
    this.rate = 0;
    this.#port = port;
    this.#group = group;
    execFileSync("tc", ["qdisc", "add", "dev", "lo", "root", "handle", "1:", "htb"]); // what has no class goes straight through
  }

  /** @param {string} rules */
  #nft(rules) {
    execFileSync("nft", ["-f", "-"], { input: `table inet soak\ndelete table inet soak\n${rules}` });
  }

  /** What the last fault left unproven. @returns {string[]} */
  unproven() {
    const proof = this.#proof;
    this.#proof = () => [];
    return proof();
  }

  none() {
    this.#nft("");
  }

  /** One in ten is dropped there. @param {string} hook @param {string} which port */
  #drop(hook, which) {
    this.#nft(`table inet soak {\n chain c {\n type filter hook ${hook} priority 0\n udp ${which} ${this.#port} numgen random mod 10 0 drop\n }\n}\n`);
  }

  lossy() {
    this.#drop("input", "dport");
  }

  /** sendmmsg(2) fails with EPERM. */
  unsendable() {
    this.#drop("output", "sport");
  }

  /**
   * The server's answers leave through a line that is too slow, with a queue of so many packets.
   * @param {number} packets
   */
  #slow(packets) {
    const tc = (/** @type {string} */ words) => execFileSync("tc", words.split(" "));
    tc(`class replace dev lo parent 1: classid ${MARK} htb rate ${Math.round(this.rate * ANSWER_BITS * SLOW)}bit burst 4k cburst 4k quantum 1514`);
    tc(`qdisc replace dev lo parent ${MARK} handle 10: pfifo limit ${packets}`);
    this.#nft(`table inet soak {\n chain c {\n type filter hook output priority 0\n udp sport ${this.#port} meta priority set ${MARK}\n }\n}\n`);
    this.#errors = sendErrors();
  }

  /** The queue is full and drops: the kernel's ENOBUFS, of which it tells no UDP socket without IP_RECVERR (udp_send_skb). */
  nobufs() {
    this.#slow(8);
    this.#proof = () => (sendErrors() > this.#errors ? [] : ["no packet met ENOBUFS: the phase proves nothing"]);
  }

  /** The queue is longer than the socket's buffer: sendmmsg(2) says EAGAIN, and the server has to wait. */
  clogged() {
    this.#slow(100_000);
    this.#proof = () => (sendErrors() > this.#errors ? [] : ["no packet met EAGAIN: the phase proves nothing"]);
  }

  /** Time jumps, for the server: it is stopped, as with a machine that is suspended or moved. */
  async frozen() {
    this.none();
    const [after, length] = FREEZE_MS;
    await new Promise((resolve) => setTimeout(resolve, after));
    process.kill(-this.#group(), "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, length));
    process.kill(-this.#group(), "SIGCONT");
  }

  /** The wall clock jumps a day ahead, two days back, and back to the right time; the server's cookies say that it did. */
  async clock() {
    this.none();
    const wrong = /** @type {string[]} */ ([]);
    this.#proof = () => wrong;
    let { cookie } = await clock(HOST, this.#port, ZONE);
    for (const offset of JUMPS_S) {
      await new Promise((resolve) => setTimeout(resolve, JUMP_EVERY_MS));
      execFileSync("build/jump", [`${this.#group()}`, `${offset}`]);
      const told = await clock(HOST, this.#port, ZONE, cookie); // a cookie of another day is no error
      const off = told.seconds - Math.floor(Date.now() / 1000) - offset;
      if (Math.abs(off) > 2) wrong.push(`after a jump by ${offset} s the server's clock is ${off} s off`);
      cookie = told.cookie;
    }
  }

  /** From now on the kernel knows connections. */
  tracked() {
    this.#nft("table inet soak {\n chain c {\n type filter hook output priority 0\n ct state invalid drop\n }\n}\n");
  }

  /**
   * The kernel's table of connections is full: flows that are known go on, and no new one is let in.
   */
  async full() {
    const child = spawn("taskset", ["-c", "1", "build/flows"], { stdio: ["ignore", "pipe", "inherit"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), FULL_PATIENCE_MS);
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    await once(child, "close");
    clearTimeout(timer);
    const { full = false } = said ? JSON.parse(said) : {};
    this.#proof = () => (full ? [] : [`the table of connections did not get full: ${said || "not in time"}`]);
  }
}
