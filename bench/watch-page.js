/**
 * The pages by which bench/watch.js measures: one as the Web has them, whose style sheet, scripts and pictures come
 * from a server that is a network's round away, and a bare one, which no page with anything to show can be faster
 * than. No WebRTC in either.
 */
import http from "node:http";

export const PORT = 8000;

/** A server in the same country. */
const ROUND_MS = 20;

const PICTURES = 12;

const BARE = `<!doctype html><meta charset="utf-8"><p>${"Text. ".repeat(200)}</p><script>document.title = String(performance.now());</script>`;
const STYLE = Array.from({ length: 300 }, (_, i) => `.c${i} > p { margin: ${i % 9}px; color: hsl(${i} 50% 30%); }`).join("\n");

/** What a page's own scripts do: build what is shown. */
const SCRIPT = `for (let i = 0; i < 400; i++) {
  const box = document.body.appendChild(document.createElement("div"));
  box.className = "c" + (i % 300);
  box.appendChild(document.createElement("p")).textContent = "Paragraph " + i;
}`;
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${Array.from({ length: 60 }, (_, i) => `<circle cx="${i}" cy="${(i * 37) % 100}" r="5" fill="hsl(${i * 6} 60% 50%)"/>`).join("")}</svg>`;

const ORDINARY = `<!doctype html><meta charset="utf-8"><title>Page</title><link rel="stylesheet" href="/part/style.css">
<p>${"Text of a page. ".repeat(500)}</p>${Array.from({ length: PICTURES }, (_, i) => `<img width="80" height="80" src="/part/${i}.svg" alt="">`).join("")}
<script src="/part/script.js"></script>`;

/** @type {Record<string, [string, string]>} */
const PARTS = { css: ["text/css", STYLE], js: ["text/javascript", SCRIPT], svg: ["image/svg+xml", PICTURE] };

/** @param {"ordinary" | "bare"} kind @param {number} frames the page itself and the rest in it */
export const address = (kind, frames) => `http://localhost:${PORT}/${kind}/${frames}`;

/** @param {string} path @returns {{ type: string, text: string, after: number }} */
function answer(path) {
  const [, kind = "", frames = "1"] = /^\/(bare|ordinary)\/(\d+)$/.exec(path) ?? [];
  const inner = `<iframe src="/frame"></iframe>`.repeat(Number(frames) - 1);
  if (kind) return { type: "text/html", text: (kind === "bare" ? BARE : ORDINARY) + inner, after: kind === "bare" ? 0 : ROUND_MS };
  const [type, text] = (path.startsWith("/part/") && PARTS[path.split(".").at(-1) ?? ""]) || ["text/html", BARE];
  return { type, text, after: path.startsWith("/part/") ? ROUND_MS : 0 };
}

/** Serves them on loopback. */
export function servePages() {
  const server = http.createServer((request, response) => {
    const { type, text, after } = answer((request.url ?? "").replace(/\?.*/, ""));
    setTimeout(() => {
      response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": "no-store" });
      response.end(text);
    }, after);
  });
  return /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(PORT, "localhost", () => resolve())));
}
