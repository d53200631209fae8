/**
 * The popup's entry. In Chromium the page as it stands in the HTML is painted
 * before any work begins: on a busy machine the check's own processes would
 * otherwise start first, and nobody should wait to see that the click was
 * heard. Nothing is imported before that: compiling a module costs 20 ms of the
 * first paint. Firefox paints as early when it asks at once. The check's time
 * counts from the click in both.
 */
/** A popup that is opened as a tab out of sight has no frames to wait for. */
const UNSEEN_MS = 40;

/** The first frame is drawn, and shown while the rest is loaded: it is on the screen once the one after it begins. */
const drawn = new Promise((resolve) => {
  requestAnimationFrame(() => {
    resolve(null);
    requestAnimationFrame(() => void performance.mark("watertight:first-paint"));
  });
});
if (location.protocol !== "moz-extension:") {
  await Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, UNSEEN_MS))]);
}
const ext = await import("../lib/ext.js");
const asked = ext.send({ type: "check", deep: false, clicked: performance.timeOrigin });
asked.catch(() => {}); // who follows the check asks again
const { begin } = await import("./app.js");
await begin(asked);
