/** How what watch/page.js says reaches the relay, whatever the page does about it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { OFFER, later, page } from "./page-realm.js";

/** What `pc` of the page did waits for the relay, and what it does then comes after it. @param {{ heard: string[], run: (code: string) => unknown, arrive: () => void }} of */
async function allComes({ heard, run, arrive }) {
  await later();
  assert.deepEqual(heard, []);
  arrive();
  run("pc.close()");
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n")[0]), ["construct", "local", "close"]);
}

test("what is said before the relay comes is kept for it, within bounds", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`const pc = new RTCPeerConnection(); pc._local("${OFFER}");`);
  await allComes({ heard, run, arrive });

  const flood = page({ relay: false });
  flood.run("for (let i = 0; i < 20_000; i++) performance.dispatchEvent(new CustomEvent('watertight-said', { detail: 'stats\\n1\\n' + 'x'.repeat(i % 4000) }))");
  flood.arrive();
  await later();
  const kept = flood.heard.reduce((sum, text) => sum + text.length, 0);
  assert.ok(kept > 100_000 && kept < 500_000, `${kept} characters were kept`);
});

test("a page's flood, and words without end, take no room from what it does itself", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`const forge = (detail) => performance.dispatchEvent(new CustomEvent("watertight-said", { detail }));
    for (const detail of [null, 7, {}, "", "x".repeat(1e6)]) forge(detail);
    forge("candidate\\n7\\nforged");
    for (let i = 0; i < 10_000; i++) forge("x".repeat(1000));
    new RTCPeerConnection()._local("${OFFER}");`);
  arrive();
  await later();
  const words = heard.filter((text) => !text.startsWith("x")).map((text) => text.split("\n")[0]);
  assert.deepEqual(words, ["construct", "local", "candidate"]);
});

test("a relay that was there first is heard of once, however often it is asked for", async () => {
  const { heard, run } = page({ relay: false, early: true });
  run(`globalThis.caught = 0; performance.addEventListener("watertight-relay", () => caught++, true);
    for (let i = 0; i < 3; i++) performance.dispatchEvent(new CustomEvent("watertight-ask"));
    const pc = new RTCPeerConnection(); pc._local("${OFFER}"); pc.close();`);
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n")[0]), ["construct", "local", "close"]);
  assert.equal(run("caught"), 0);
});

test("a page that says that a relay has come keeps nothing from the one that comes", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`for (const detail of ["mine", "", null, {}, "again"]) performance.dispatchEvent(new CustomEvent("watertight-relay", { detail }));
    const pc = new RTCPeerConnection(); pc._local("${OFFER}");`);
  await allComes({ heard, run, arrive });
});

test("a page can neither hear nor stop what is said to the relay, and finds no address of ours", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`globalThis.caught = [];
    for (const name of ["watertight-relay", "watertight-said", "mine"]) performance.addEventListener(name, (event) => { caught.push(name + new Error().stack); event.stopImmediatePropagation(); }, true);`);
  arrive();
  run(`performance.dispatchEvent(new CustomEvent("watertight-said", { detail: "stats\\n1\\n" })); new RTCPeerConnection();`);
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n")[0]), ["stats", "construct"]);
  assert.equal(run("caught.length"), 0);
  run(`performance.dispatchEvent(new CustomEvent("watertight-relay", { detail: "mine" }))`);
  await later();
  assert.equal(run("caught.length"), 2);
  assert.doesNotMatch(run("caught.join()"), /own-id/);
});

test("a frame that can reach the top document speaks there, by a number of its own, and tells its end", async () => {
  const { heard, posted, run } = page({ place: "near" });
  run(`const pc = new RTCPeerConnection(); pc._local("${OFFER}"); fire({ type: "pagehide" });`);
  const words = heard.map((text) => text.split("\n", 2).join(" ").replace(/ \d{1,4}\./, " N."));
  assert.deepEqual(words, ["construct N.1", "local N.1", "frame-gone N.0"]);
  assert.equal(new Set(heard.map((text) => /\n(\d+)\./.exec(text)[1])).size, 1);
  assert.deepEqual(posted, []);
});

test("a frame of another origin asks for a relay once it uses WebRTC", async () => {
  const { heard, posted, run, arrive } = page({ place: "far", relay: false });
  assert.deepEqual(posted, []);
  run(`const pc = new RTCPeerConnection(); pc._local("${OFFER}"); new RTCPeerConnection();`);
  await later();
  assert.equal(posted.length, 1);
  const [[word, target]] = posted;
  assert.equal(target, "*");
  assert.equal(typeof JSON.parse(word), "number", "a page that gets it by mistake finds nothing to stumble over, and no name");
  arrive();
  await later();
  assert.deepEqual(heard.map((text) => text.split("\n", 2).join(" ")), ["construct 1", "local 1", "construct 2"]);
});

test("what frames ask the top document does not reach its page, waits for the relay, and what others say does reach it", async () => {
  const { heard, run, arrive } = page({ relay: false });
  run(`globalThis.told = []; EventTarget.prototype.addEventListener.call(window, "message", ({ data }) => told.push(data));
    MessageEvent.prototype.stopImmediatePropagation = Event.prototype.stopImmediatePropagation = () => { throw new Error("tampered") };
    for (const data of ["873201945516", "hello", 7]) fire(new MessageEvent("message", { data }));`);
  assert.equal(run("told.join()"), "hello,7");
  await later();
  arrive();
  await later();
  assert.deepEqual(heard, ["call\n0\n"]);
});
