// What time the server believes it is: its DNS cookies tell (RFC 9018 §4.3).
import dgram from "node:dgram";
import { once } from "node:events";

const CLIENT = Buffer.from("soakings"); // the client's half of the cookie
const OPTION = 10; // COOKIE (RFC 7873 §4)
const PATIENCE_MS = 100; // under load an answer may be lost
const TRIES = 20;

/** @param {string} zone @param {Buffer} cookie */
function query(zone, cookie) {
  const name = ["time", ...zone.split(".")].flatMap((label) => [label.length, ...Buffer.from(label)]);
  const opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, cookie.length + 4, 0, OPTION, 0, cookie.length];
  return Buffer.concat([Buffer.from([0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, ...name, 0, 0, 1, 0, 1, ...opt]), cookie]);
}

/**
 * Asks with a cookie of before, or without, and returns the one that comes back and its time in seconds.
 * @param {string} host @param {number} port @param {string} zone @param {Buffer} [cookie]
 */
export async function clock(host, port, zone, cookie = CLIENT) {
  const socket = dgram.createSocket("udp4");
  try {
    for (let i = 0; i < TRIES; i++) {
      socket.send(query(zone, cookie), port, host);
      const [answer] = await once(socket, "message", { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => [null]);
      const at = answer ? answer.lastIndexOf(CLIENT) : -1;
      if (at > 0) return { cookie: Buffer.from(answer.subarray(at, at + 24)), seconds: answer.readUInt32BE(at + 12) };
    }
    throw new Error("no answer with a cookie");
  } finally {
    socket.close();
  }
}
