/**
 * The popup's entry. In Chromium the page as it stands in the HTML is painted
 * before any work begins: on a busy machine the check's own processes would
 * otherwise start first, and nobody should wait to see that the click was
 * heard. The popup is not shown before its document has loaded, and the
 * document not before its scripts: so this one is short, no module (whose
 * graph is a round more) and imports nothing before. Firefox paints as early
 * when it asks at once. The check's time counts from the click in both.
 */
(async () => {
  /** A popup that is opened as a tab out of sight is never painted. */
  const UNSEEN_MS = 250;

  if (location.protocol !== "moz-extension:") {
    await new Promise((resolve) => {
      new PerformanceObserver(resolve).observe({ type: "paint", buffered: true });
      setTimeout(resolve, UNSEEN_MS);
    });
  }
  const ext = await import("../lib/ext.js");
  const asked = ext.send({ type: "check", deep: false, clicked: performance.timeOrigin });
  asked.catch(() => {}); // who follows the check asks again
  const { begin } = await import("./app.js");
  await begin(asked);
})();
