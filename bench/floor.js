/**
 * The floor of a check: the longest chain of network rounds that it cannot avoid. A name must be looked up,
 * a connection made and a page asked for before a frame of it can send its first STUN request.
 */
import { Resolver } from "node:dns/promises";
import dgram from "node:dgram";
import net from "node:net";
import { performance } from "node:perf_hooks";
import { randomBytes } from "node:crypto";

const STUN_PORT = 3478;
const HTTP_PORT = 80;
const MAGIC_COOKIE = 0x2112a442; // RFC 8489 §5
const PATIENCE_MS = 5000;

/** Milliseconds of the look-up of a name that no cache holds. @param {string} zone */
async function lookUp(zone) {
  const began = performance.now();
  // NXDOMAIN is the answer; it comes from the authority, as an address would.
  await new Resolver().resolve4(`f99.${"a".repeat(10)}${randomToken(16)}.${zone}`).catch(() => {});
  return performance.now() - began;
}

/** @param {number} length of base32 text */
const randomToken = (length) => Array.from(randomBytes(length), (byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte & 31]).join("");

/** Milliseconds to connect, and then to get an answer. @param {string} host @returns {Promise<{connect: number, request: number}>} */
function ask(host) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = net.connect(HTTP_PORT, host);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("the companion did not answer")));
    socket.once("error", reject);
    socket.once("connect", () => {
      const connect = performance.now() - began;
      socket.write(`GET /v1/exit HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      socket.once("data", () => {
        resolve({ connect, request: performance.now() - began - connect });
        socket.destroy();
      });
    });
  });
}

/** Milliseconds of one STUN Binding round. @param {string} host @returns {Promise<number>} */
function stun(host) {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket("udp4");
    const packet = Buffer.alloc(20);
    packet.writeUInt16BE(0x0001, 0);
    packet.writeUInt32BE(MAGIC_COOKIE, 4);
    randomBytes(12).copy(packet, 8);
    const timer = setTimeout(() => reject(new Error("the STUN server did not answer")), PATIENCE_MS);
    const began = performance.now();
    socket.once("message", () => {
      clearTimeout(timer);
      resolve(performance.now() - began);
      socket.close();
    });
    socket.send(packet, STUN_PORT, host);
  });
}

/** The floor now, in milliseconds. @param {string} zone @param {string} host the companion's address */
export async function floor(zone, host) {
  const name = await lookUp(zone);
  const { connect, request } = await ask(host);
  return name + connect + request + (await stun(host));
}
