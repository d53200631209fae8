/**
 * The small part of wptserve that the tests of webrtc/ need: files, wrappers of `.window.js` and `.any.js`, headers
 * files, and the names in `.sub.` files (web-platform-tests.org, Server Features). On loopback, which browsers trust
 * as they trust https.
 */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

export const PORT = 8000;
export const ORIGIN = `http://localhost:${PORT}`;

/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".css": "text/css", ".idl": "text/plain", ".webm": "video/webm", ".mp4": "video/mp4" };

/**
 * In the place of the checkout's own: says what came of the tests to whoever drives the browser, who also decides when
 * a page has had its time, by `timeout()` (testharness.js, explicit_timeout): tests that ended before that count.
 * Nothing is printed: what testharness.js prints fails in some pages, and then nobody is told that the tests ended.
 */
const REPORT = `setup({ output: false, explicit_timeout: true });
add_result_callback(() => (window.watertightCount = (window.watertightCount ?? 0) + 1));
add_completion_callback((tests, harness) => {
  window.watertightResults = { harness: harness.status, tests: tests.map(({ name, status, message }) => ({ name, status, message })) };
});`;

/** @param {string} text of a script @returns {string} the page that runs it */
function wrapper(text, /** @type {string} */ address) {
  const metas = [...text.matchAll(/^\/\/ META: (\w+)=(.*)$/gm)];
  const scripts = metas.filter(([, key]) => key === "script").map(([, , value = ""]) => `<script src="${value.trim()}"></script>\n`);
  const long = metas.some(([, key, value = ""]) => key === "timeout" && value.trim() === "long");
  return `<!doctype html>\n<meta charset="utf-8">\n${long ? '<meta name="timeout" content="long">\n' : ""}<script>self.GLOBAL = { isWindow: () => true, isWorker: () => false };</script>
<script src="/resources/testharness.js"></script>\n<script src="/resources/testharnessreport.js"></script>\n${scripts.join("")}<div id="log"></div>\n<script src="${address}"></script>\n`;
}

/** The names that tests put into their text. @param {string} text */
function substitute(text) {
  return text.replace(/\{\{([^{}]*)\}\}/g, (_, name) => {
    if (/^(ports|location\[port)/.test(name)) return String(PORT);
    if (/^location\[scheme/.test(name)) return "http";
    return "localhost";
  });
}

/** @param {string} checkout */
export function serveTests(checkout) {
  /** @param {string} pathname @returns {{ body: Buffer | string, type: string, headers?: string } | null} */
  const find = (pathname) => {
    if (pathname === "/resources/testharnessreport.js") return { body: REPORT, type: "text/javascript" };
    const made = /^(.*)\.(window|any)\.html$/.exec(pathname);
    if (made) {
      const script = path.join(checkout, `${made[1]}.${made[2]}.js`);
      if (fs.existsSync(script)) return { body: wrapper(fs.readFileSync(script, "utf8"), `${made[1]}.${made[2]}.js`), type: "text/html" };
    }
    const file = path.join(checkout, path.normalize(pathname));
    if (!file.startsWith(checkout + path.sep) || !fs.existsSync(file) || !fs.statSync(file).isFile()) return null;
    const body = fs.readFileSync(file);
    const headers = fs.existsSync(`${file}.headers`) ? fs.readFileSync(`${file}.headers`, "utf8") : "";
    return { body: /\.sub\./.test(file) ? substitute(String(body)) : body, type: TYPES[path.extname(file)] ?? "application/octet-stream", headers };
  };
  const server = http.createServer((request, response) => {
    const found = find(decodeURIComponent(new URL(request.url ?? "/", ORIGIN).pathname));
    if (!found) return void response.writeHead(404).end();
    response.setHeader("Content-Type", found.type);
    response.setHeader("Cache-Control", "no-store");
    for (const line of (found.headers ?? "").split("\n")) {
      const at = line.indexOf(":");
      if (at > 0) response.setHeader(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
    response.end(found.body);
  });
  return /** @type {Promise<import("node:http").Server>} */ (
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(PORT, "localhost", () => resolve(server));
    })
  );
}

/** The addresses of the tests below webrtc/. @param {string} checkout @returns {string[]} */
export function testsOf(checkout) {
  const folder = path.join(checkout, "webrtc");
  if (!fs.existsSync(folder)) throw new Error(`no folder webrtc in ${checkout}: it must be a checkout of web-platform-tests with webrtc/, resources/, common/ and interfaces/`);
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !/(^|\/)(tools|resources|third_party|coverage)\//.test(name) && !/-manual\./.test(name))
    .filter((name) => /\.(window|any)\.js$/.test(name) || (/\.html$/.test(name) && fs.readFileSync(path.join(folder, name), "utf8").includes("testharness.js")))
    .map((name) => `/webrtc/${name.replace(/\.js$/, ".html")}`)
    .sort();
}
