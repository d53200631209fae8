/** Makes elements out of text. Text only: nothing that comes from outside is ever markup. */

/**
 * @param {Document} document
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function make(document, tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** Screen readers announce a live region that is written, even with the same words. @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Element} node @param {string} name @param {string} value */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function find(root, selector) {
  const node = root.querySelector(selector);
  if (!node) throw new Error(`find element: ${selector}`);
  return /** @type {HTMLElement} */ (node);
}

/**
 * Replaces the children when what they were made from has changed, so that
 * unfolded details, the focus and a selection survive live updates.
 * @template T
 * @param {HTMLElement} parent
 * @param {T[]} items
 * @param {(item: T) => Node} draw
 */
export function redraw(parent, items, draw) {
  const source = JSON.stringify(items);
  if (parent.dataset.source === source) return;
  parent.dataset.source = source;
  parent.replaceChildren(...items.map(draw));
}
