// Building the page, and changing it in place. All text goes in as text, never as markup: keys, names and bodies are
// users'.

const SvgNamespace = 'http://www.w3.org/2000/svg';

/** An element with attributes (`on*` functions are listeners) and children: nodes, strings, or null for none. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** One of the icons of index.html. Decoration: the words beside it say the same. */
export function icon(name) {
  const svg = document.createElementNS(SvgNamespace, 'svg');
  const use = document.createElementNS(SvgNamespace, 'use');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Shows another of the icons in the place of one. */
export function setIcon(svg, name) {
  if (svg.dataset.icon !== name) {
    svg.dataset.icon = name;
    svg.setAttribute('class', `icon icon-${name}`);
    svg.firstChild.setAttribute('href', `#icon-${name}`);
  }
}

/** Sets an element's text. What somebody has selected stays as it is until the selection is gone. */
export function setText(element, text) {
  const node = element.firstChild;
  if (node === null) {
    element.append(text);
  } else if (node.data !== text && !isSelected(node)) {
    node.data = text;
  }
}

/** Sets or removes (null) an attribute, if it changes. */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/** Hides or shows, if it changes. */
export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) {
    element.hidden = isHidden;
  }
}

/** Whether a part of the node is selected now: changing it would collapse the selection. */
export const isSelected = (node) => hasSelection && getSelection().containsNode(node, true);

// Kept by the event: to ask the selection itself would force a layout for each text of an update.
let hasSelection = false;
document.addEventListener('selectionchange', () => {
  hasSelection = !getSelection().isCollapsed;
});

const childrenByKey = new WeakMap();

/**
 * Makes a parent's children those of `items`, in their order, and keeps the node of a key. `create(item)` returns
 * `{ node, update(item) }`. While `keepsOrder`, nothing moves: new ones come last.
 */
export function keyed(parent, items, keyOf, create, keepsOrder = false) {
  const children = childrenByKey.get(parent) ?? new Map();
  childrenByKey.set(parent, children);

  const present = new Set();
  let place = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = children.get(key);
    if (child === undefined) {
      child = create(item);
      children.set(key, child);
    }
    present.add(key);
    child.update?.(item);

    if (keepsOrder) {
      if (child.node.parentNode !== parent) {
        parent.append(child.node);
      }
      continue;
    }
    if (place !== null && place !== child.node && place.nextSibling === child.node) {
      const moved = place; // one row that went down: move it, not all that follow
      place = child.node;
      parent.append(moved);
    }
    if (place === child.node) {
      place = place.nextSibling;
    } else {
      parent.insertBefore(child.node, place);
    }
  }

  for (const [key, child] of children) {
    if (!present.has(key)) {
      child.node.remove();
      children.delete(key);
    }
  }
}
