/** Puts the companion's page into frames of a document that nobody sees, and takes them out again. */

const CLASS = "watertight-frame";

/**
 * @param {Document} document
 * @param {string} id of the check; in the fragment, so no server learns it
 * @param {string[]} urls the fragment of one is for its gatherer
 */
export function openFrames(document, id, urls) {
  // Frames of a check that lost its runner.
  for (const frame of document.querySelectorAll(`iframe.${CLASS}`)) frame.remove();
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
  for (const frame of document.querySelectorAll(`iframe.${CLASS}[name="${id}"]`)) frame.remove();
}
