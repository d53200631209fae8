/** Where a request belongs: which object, and on which side of the world that should be made. */

/** A token that begins so says in its third letter where it was made. Of random tokens, one in 3,600 seems to. */
const MARK = "zz";

/** Letters of a hint, and the location hints of Durable Objects. @type {Record<string, string>} */
const REGIONS = {
  w: "wnam", e: "enam", s: "sam", u: "weur", v: "eeur", a: "apac", o: "oc", f: "afr", m: "me",
};

/** The region of all other objects. */
const ANYWHERE = "any";

/** Countries of Asia that Cloudflare's region "me" is for. */
const MIDDLE_EAST = new Set(["AE", "BH", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "TR", "YE"]);

/** Degrees of longitude between the halves of North America, and of Europe. */
const [MIDWEST, ODER] = [-100, 14];

/**
 * FNV-1a (Fowler, Noll, Vo) in 32 bits. Who makes tokens may aim them at one shard: that is the load of one address,
 * which is limited.
 * @param {string} text
 */
export function hash(text) {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** The letter for where a request came in, or "". @param {any} cf of a Request */
export function letterOf(cf) {
  const east = (/** @type {number} */ border) => Number(cf.longitude) >= border;
  switch (cf?.continent) {
    case "NA": return east(MIDWEST) ? "e" : "w";
    case "SA": return "s";
    case "EU": return east(ODER) ? "v" : "u";
    case "AF": return "f";
    case "OC": return "o";
    case "AS": return MIDDLE_EAST.has(cf.country) ? "m" : "a";
    default: return "";
  }
}

/** What tokens that are made near a request should begin with, or "". @param {any} cf */
export function hintOf(cf) {
  const letter = letterOf(cf);
  return letter && MARK + letter;
}

/** The name of a token's object; server/worker/place has this too. @param {string} token @param {number} count of shards */
export function placeOfToken(token, count) {
  const region = token.startsWith(MARK) && REGIONS[token.charAt(2)];
  return `${region || ANYWHERE}-${hash(token) % count}`;
}

/** The location hint for an object, or "" where it may be anywhere: then it is where it was first asked for. @param {string} name */
export function regionOf(name) {
  const region = name.split("-", 1)[0];
  return region === ANYWHERE ? "" : region;
}

/**
 * All that concerns a token goes to its object. Everything else is the same everywhere, so it goes to one nearby.
 * @param {Pick<import("./request.js").Asked, "token" | "from" | "cf">} asked @param {number} count of shards
 */
export function place({ token, from, cf }, count) {
  if (token) return placeOfToken(token, count);
  return `${REGIONS[letterOf(cf)] ?? ANYWHERE}-${hash(from) % count}`;
}

/** Paths that one program answers as well as another, and without waiting for anything. */
const ANYWHERE_PATHS = new Set(["/v1/frame", "/v1/about", "/v1/exit"]);

/**
 * Whether a request must go to an object. An exit must not if Cloudflare says whose the address is: then nothing has
 * to be fetched for it.
 * @param {Pick<import("./request.js").Asked, "path" | "cf" | "hasBody">} asked
 */
export function needsObject({ path, cf, hasBody }) {
  return hasBody || !ANYWHERE_PATHS.has(path) || (path === "/v1/exit" && !cf.asn);
}
