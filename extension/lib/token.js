/** Random names: the check's DNS token and its id. */

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"; // RFC 4648 §6, lower case for DNS

/** @param {Uint8Array} bytes */
export function base32(bytes) {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31];
    }
    value &= 31;
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}

/**
 * 128 random bits in 26 characters: nobody can guess the names, so nobody can read or forge the sightings. A hint of the
 * companion's (server/worker/README.md) stands in the place of the first few; 113 bits are as hard to guess.
 * @param {string} [hint]
 */
export const newToken = (hint = "") => hint + base32(crypto.getRandomValues(new Uint8Array(16))).slice(hint.length);

/** @param {unknown} value @returns {value is string} "" is no hint */
export const isHint = (value) => typeof value === "string" && /^[a-z2-7]{0,3}$/.test(value);

/** @param {unknown} value @returns {value is string} */
export const isToken = (value) => typeof value === "string" && /^[a-z2-7]{26}$/.test(value);
