import assert from "node:assert/strict";
import { test } from "node:test";
import { fromGatherer, fromOwnPage, gathererPort } from "../../extension/lib/messages.js";

const self = { id: "own-id", origin: "chrome-extension://own-id/" };
const page = { id: "own-id", url: "chrome-extension://own-id/popup/popup.html" };
const id = "a".repeat(26);
const CHECK = { type: "check", deep: false, clicked: 1 };

test("our own pages may ask for a check", () => {
  assert.deepEqual(fromOwnPage(CHECK, page, self), CHECK);
  for (const more of [{ clicked: "1" }, { clicked: NaN }, { deep: 1 }]) assert.equal(fromOwnPage({ ...CHECK, ...more }, page, self), null);
});

test("nobody else may", () => {
  for (const sender of [
    {},
    { id: "other-id", url: page.url },
    { id: "own-id", url: "https://evil.test/" }, // a content script
    { id: "own-id", url: "chrome-extension://own-id.evil.test/" },
    { id: "own-id" },
  ]) assert.equal(fromOwnPage(CHECK, sender, self), null);
});

test("what is not on the list is not a message", () => {
  for (const body of [null, 1, "check", [], {}, { type: 1 }, { type: "toString" }, { type: "__proto__" }, { type: "reset" }]) {
    assert.equal(fromOwnPage(body, page, self), null);
  }
});

test("orders about hardening have what they need, and nothing that cannot be", () => {
  for (const type of ["seal", "undo", "lease-end", "granted"]) assert.ok(fromOwnPage({ type }, page, self), type);
  for (const mode of ["off", "ask", "auto"]) assert.ok(fromOwnPage({ type: "mode", mode }, page, self), mode);
  for (const mode of ["", "on", null, ["auto"]]) assert.equal(fromOwnPage({ type: "mode", mode }, page, self), null);
  const lease = { type: "lease", site: "meet.example", tab: 7, minutes: 15 };
  assert.ok(fromOwnPage(lease, page, self));
  assert.ok(fromOwnPage({ ...lease, minutes: 0 }, page, self));
  for (const more of [
    { site: "" }, { site: "a/b" }, { site: "a b" }, { site: "x".repeat(254) }, { site: null },
    { tab: -1 }, { tab: 1.5 }, { tab: "7" }, { minutes: -1 }, { minutes: 721 }, { minutes: 0.5 }, { minutes: undefined },
  ]) assert.equal(fromOwnPage({ ...lease, ...more }, page, self), null, JSON.stringify(more));
  assert.equal(fromOwnPage({ type: "seal" }, { id: "own-id", url: "https://evil.test/" }, self), null);
});

test("a connection is recorded of the check that the user was shown, and choices say where they were made", () => {
  const record = { type: "record", name: "Home", sure: false, check: id };
  assert.ok(fromOwnPage(record, page, self));
  for (const more of [{ check: undefined }, { check: "" }, { check: "x" }, { name: "x".repeat(65) }, { sure: 1 }]) assert.equal(fromOwnPage({ ...record, ...more }, page, self), null);
  const choice = { type: "site-choice", site: "shop.example", choice: "never", private: false };
  assert.ok(fromOwnPage(choice, page, self));
  for (const more of [{ private: undefined }, { private: 1 }, { choice: "erase" }, { site: "" }]) assert.equal(fromOwnPage({ ...choice, ...more }, page, self), null);
});

test("frames are opened for pages of a companion only", () => {
  const open = (urls, check = id) => fromOwnPage({ type: "frames-open", id: check, urls }, page, self);
  assert.ok(open(["http://127.0.0.1:8053/v1/frame"]));
  assert.ok(open(["https://ip4.a.example/v1/frame", "https://ip6.a.example/v1/frame"]));
  assert.ok(open(["http://ip4.a.example/v1/frame#s0.x.a.example;stun:192.0.2.1:3478,stun:[2001:db8::1]:3478"]));
  assert.ok(open(["http://127.0.0.1:8053/v1/frame?keep#;"]));
  for (const urls of [undefined, "x", ["javascript:alert(1)//v1/frame"], ["https://a.example/other"], ["file:///v1/frame"], Array(3).fill("http://a/v1/frame")]) {
    assert.equal(open(urls), null);
  }
  assert.equal(open(["http://a/v1/frame"], "short"), null);
});

test("what gatherers say is checked", () => {
  for (const body of [
    { type: "candidate", line: "candidate:1" },
    { type: "error", url: "stun:x", code: 701 },
    { type: "done", status: "complete", reason: "" },
    { type: "done", status: "failed", reason: "no-webrtc" },
  ]) assert.deepEqual(fromGatherer(body), body);
  for (const body of [
    null,
    { type: "candidate" },
    { type: "candidate", line: "x".repeat(513) },
    { type: "error", url: "stun:x", code: "701" },
    { type: "done", status: "clear", reason: "" },
    { type: "done", status: "failed", reason: "<b>" },
    { type: "check" },
  ]) assert.equal(fromGatherer(body), null);
});

test("a gatherer's port belongs to a check and comes from outside all tabs", () => {
  const sender = { id: "own-id", url: `http://ip4.a.example/v1/frame#${id}` };
  assert.deepEqual(gathererPort({ name: `gather:${id}`, sender }, "own-id"), { check: id, url: "http://ip4.a.example/v1/frame" });
  for (const port of [
    { name: "gather:", sender },
    { name: `watch:${id}`, sender },
    { name: `gather:${id}`, sender: { ...sender, id: "other-id" } },
    { name: `gather:${id}`, sender: { ...sender, tab: { id: 1 } } }, // framed by a web page
    { name: `gather:${id}`, sender: { id: "own-id" } },
    { name: `gather:${id}` },
  ]) assert.equal(gathererPort(/** @type {any} */ (port), "own-id"), null);
});
