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

/** 128 random bits in 26 characters: nobody can guess the names, so nobody can read or forge the sightings. */
export const newToken = () => base32(crypto.getRandomValues(new Uint8Array(16)));

/** @param {unknown} value @returns {value is string} */
export const isToken = (value) => typeof value === "string" && /^[a-z2-7]{26}$/.test(value);
