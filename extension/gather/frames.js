/** Puts the companion's page into frames of a document that nobody sees, and takes them out again. */

const CLASS = "watertight-frame";

/** "Test again" soon after finds the last check's frames, and so a process that is warm; later they would only cost memory. */
export const IDLE_MS = 20_000;

/** The last check's frames go when the new check's are there and have told: a verdict takes half a second. */
const OVERLAP_MS = 1000;

/** @param {Iterable<Element>} frames */
const remove = (frames) => {
  for (const frame of frames) frame.remove();
};

/**
 * @param {Document} document
 * @param {string} id of the check; in the fragment, so no server learns it
 * @param {string[]} urls the fragment of one is for its gatherer
 */
export function openFrames(document, id, urls) {
  const old = [...document.querySelectorAll(`iframe.${CLASS}`)];
  if (old.length > 0) setTimeout(remove, OVERLAP_MS, old);
  for (const url of urls) {
    const frame = document.createElement("iframe");
    frame.className = CLASS;
    frame.name = id;
    frame.referrerPolicy = "no-referrer";
    const [page, more] = url.split("#");
    frame.src = `${page}#${id}${more ? `;${more}` : ""}`;
    document.body.append(frame);
  }
}

/** @param {Document} document @param {string} id */
export function closeFrames(document, id) {
  remove(document.querySelectorAll(`iframe.${CLASS}[name="${id}"]`));
}
