/** What the shell says by itself, in the shape of the API's errors: nobody else is there to say it. */

/** @param {number} status @param {string} code @param {string} message @param {Record<string, string>} [more] headers */
export function refuse(status, code, message, more) {
  return new Response(`${JSON.stringify({ error: { code, message } })}\n`, {
    status,
    headers: { "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", "Content-Type": "application/json", ...more },
  });
}
