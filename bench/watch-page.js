/**
 * The pages by which bench/watch.js measures: one as the Web has them, whose style sheet, scripts, pictures and frames
 * come from a server that is a network's round away, and a bare one, which no page with anything to show can be faster
 * than. No WebRTC in either. A page says itself how long it took and goes on to the next: nobody looks at it meanwhile.
 */
import http from "node:http";

const PORT = 8000;

/** Of one site, so that a browser loads them all in one process; the name decides which scripts a page gets. @param {string} column */
export const hostOf = (column) => `${column}.page.test`;

/** To a server on the same continent and back, and its answer's making. */
const ROUND_MS = 50;

const PICTURES = 12;

/** Between two loads; the browser does then what it had put off. */
const REST_MS = 150;

const PATIENCE_MS = 60_000;

const BARE = `<!doctype html><meta charset="utf-8"><p>${"Text. ".repeat(200)}</p><script>document.title = String(performance.now());</script>`;
const STYLE = Array.from({ length: 300 }, (_, i) => `.c${i} > p { margin: ${i % 9}px; color: hsl(${i} 50% 30%); }`).join("\n");

/** What a page's own scripts do: build what is shown. @param {number} boxes */
const script = (boxes) => `for (let i = 0; i < ${boxes}; i++) {
  const box = document.body.appendChild(document.createElement("div"));
  box.className = "c" + (i % 300);
  box.appendChild(document.createElement("p")).textContent = "Paragraph " + i;
}`;
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${Array.from({ length: 60 }, (_, i) => `<circle cx="${i}" cy="${(i * 37) % 100}" r="5" fill="hsl(${i * 6} 60% 50%)"/>`).join("")}</svg>`;

const ORDINARY = `<!doctype html><meta charset="utf-8"><title>Page</title><link rel="stylesheet" href="/part/style.css">
<p>${"Text of a page. ".repeat(500)}</p>${Array.from({ length: PICTURES }, (_, i) => `<img width="80" height="80" src="/part/${i}.svg" alt="">`).join("")}
<script src="/part/script.js"></script>`;

/** What others put into a page: a button, an advertisement. */
const WIDGET = `<!doctype html><meta charset="utf-8"><title>Part</title><p>${"Text. ".repeat(50)}</p><script src="/part/widget.js"></script>`;

/** @type {Record<string, [string, string]>} */
const PARTS = { "style.css": ["text/css", STYLE], "script.js": ["text/javascript", script(400)], "widget.js": ["text/javascript", script(40)] };

/** Runs in the page, with nothing around it. @param {number} rest */
function tell(rest) {
  addEventListener("load", () =>
    setTimeout(async () => {
      const ms = performance.getEntriesByType("navigation")[0].loadEventEnd;
      // A Proxy has no name in its text.
      const watched = !Function.prototype.toString.call(RTCPeerConnection).includes("RTCPeerConnection");
      const next = await fetch("/loaded", { method: "POST", body: JSON.stringify({ url: location.href, ms, watched, frames: 1 + window.length }) });
      const url = await next.text();
      setTimeout(() => url && location.assign(url), rest);
    }),
  );
}
const TELL = `<script>(${tell})(${REST_MS})</script>`;

/** @typedef {"ordinary" | "bare"} Kind */

/** @param {string} column @param {Kind} kind @param {number} frames the page itself and the rest in it */
export const address = (column, kind, frames) => `http://${hostOf(column)}:${PORT}/${kind}/${frames}`;

/** @typedef {{ url: string, ms: number, watched: boolean, frames: number }} Load */

/** @param {string} path @returns {{ type: string, text: string, after: number }} */
function answer(path) {
  const [, kind = "", frames = ""] = /^\/(bare|ordinary)\/(\d+|frame)$/.exec(path) ?? [];
  const after = kind === "bare" ? 0 : ROUND_MS;
  if (frames === "frame") return { type: "text/html", text: kind === "bare" ? BARE : WIDGET, after };
  const inner = `<iframe src="/${kind}/frame"></iframe>`.repeat(Math.max(0, Number(frames) - 1));
  if (kind) return { type: "text/html", text: (kind === "bare" ? BARE : ORDINARY) + inner + TELL, after };
  const [type, text] = PARTS[path.slice("/part/".length)] ?? ["image/svg+xml", PICTURE];
  return { type, text, after };
}

/** Serves them on loopback. */
export async function servePages() {
  /** @type {(load: Load) => string} */
  let heard = () => "";
  const server = http.createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk) => (body += chunk)).on("end", () => response.end(heard(JSON.parse(body))));
      return;
    }
    const { type, text, after } = answer((request.url ?? "").replace(/\?.*/, ""));
    setTimeout(() => {
      response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": "no-store" });
      response.end(text);
    }, after);
  });
  await new Promise((resolve) => server.listen(PORT, "127.0.0.1", () => resolve(undefined)));
  return {
    /**
     * The loads of these addresses, one after the other in one tab.
     * @param {string[]} addresses @param {(url: string) => Promise<void>} open in a tab @returns {Promise<Load[]>}
     */
    async loads(addresses, open) {
      /** @type {Load[]} */
      const done = [];
      await new Promise((resolve, reject) => {
        const late = () => setTimeout(() => reject(new Error(`${addresses[done.length]} does not load`)), PATIENCE_MS);
        let patience = late();
        heard = (load) => {
          clearTimeout(patience);
          if (load.url !== addresses[done.length]) reject(new Error(`${load.url} was loaded in place of ${addresses[done.length]}`));
          if (done.push(load) === addresses.length) resolve(undefined);
          else patience = late();
          return addresses[done.length] ?? "";
        };
        open(addresses[0]).catch(reject);
      });
      return done;
    },
  };
}
