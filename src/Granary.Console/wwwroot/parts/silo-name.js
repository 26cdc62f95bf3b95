// A silo's name with the swatch that it has in the shard map, as a link to its details.

import { h, setAttribute, setText } from './dom.js';
import { lookOf } from './palette.js';

/** `{ node, update(name) }`. */
export function siloName() {
  const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
  const text = h('span', { class: 'name' });
  const node = h('a', { class: 'silo-name' }, swatch, text);
  return {
    node,
    update(name) {
      paintSwatch(swatch, name);
      setText(text, name);
      setAttribute(node, 'href', `#/silos/${encodeURIComponent(name)}`);
    },
  };
}

export function paintSwatch(swatch, name) {
  const look = lookOf(name);
  setText(swatch, look.letter);
  swatch.style.backgroundColor = look.color;
  swatch.classList.toggle('hatched', look.isHatched);
}
