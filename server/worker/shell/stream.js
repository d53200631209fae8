/** A body that Go writes piece by piece. */

/** Bytes that a reader may be behind: two full snapshots. Who is further behind is as good as gone. */
const BEHIND = 256 * 1024;

/** @param {() => void} gone called when the reader is */
export function openStream(gone) {
  /** @type {ReadableStreamDefaultController<Uint8Array>} */
  let controller;
  let open = true;
  const close = (/** @type {() => void} */ how) => {
    if (!open) return;
    open = false;
    try {
      how();
    } catch {
      // it was closed from the other side
    }
  };
  const readable = new ReadableStream(
    {
      start: (c) => { controller = c; },
      cancel: () => {
        open = false;
        gone();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BEHIND }),
  );
  return {
    readable,
    /** @param {Uint8Array} piece @returns {boolean} whether there is still a reader */
    push(piece) {
      if (!open || (controller.desiredSize ?? 0) <= 0) return false;
      controller.enqueue(piece);
      return true;
    },
    close: () => close(() => controller.close()),
    fail: () => close(() => controller.error(new Error("the server made a mistake"))),
  };
}
