/**
 * An answer as it comes from Go and from an object: one text, the head of HTTP without its first words ("200", a line
 * for each header, an empty one) and the body.
 */

/** Heads that are kept ready. The API has some twenty; what a mistake would add does not pile up. */
const HEADS = 64;

/** Making headers anew costs as much as everything else about an answer. @type {Map<string, { status: number, headers: Headers }>} */
const heads = new Map();

/** @param {string} text ends with an empty line */
function head(text) {
  let known = heads.get(text);
  if (!known) {
    if (heads.size >= HEADS) heads.clear();
    const [status, ...lines] = text.slice(0, -2).split("\n");
    const headers = new Headers();
    for (const line of lines) {
      const at = line.indexOf(": ");
      headers.append(line.slice(0, at), line.slice(at + 2));
    }
    known = { status: Number(status), headers };
    heads.set(text, known);
  }
  return known;
}

/** @param {string} text */
export function respond(text) {
  const end = text.indexOf("\n\n") + 2;
  const known = head(text.slice(0, end));
  return new Response(known.status === 204 ? null : text.slice(end), known);
}

/** A body that is still being written. @param {string} text the head @param {ReadableStream} body */
export const respondStream = (text, body) => new Response(body, head(text));

/**
 * What the shell says by itself, in the shape of the API's errors: nobody else is there to say it.
 * @param {number} status @param {string} code @param {string} message @param {string} [more] lines of the head
 */
export const refusal = (status, code, message, more = "") =>
  `${status}\nAccess-Control-Allow-Origin: *\nCache-Control: no-store\nContent-Type: application/json\n${more}\n${JSON.stringify({ error: { code, message } })}\n`;
