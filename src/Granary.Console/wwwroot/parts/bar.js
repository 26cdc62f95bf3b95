// A thin bar for a part of a whole, beside the number that says it. The bar itself is decoration.

import { h, setHidden, setText } from './dom.js';

/** `{ node, update(part, text, tone) }`; part: null of what has no whole; tone: null, 'warning' or 'critical'. */
export function bar() {
  const fill = h('span', { class: 'bar-fill' });
  const label = h('span', { class: 'bar-text' });
  const track = h('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
  const node = h('span', { class: 'bar-cell' }, label, track);
  let shown = '';
  return {
    node,
    update(part, text, tone = null) {
      setText(label, text);
      setHidden(track, part === null);
      label.classList.toggle('faint', part === null);
      const width = `scaleX(${Math.min(1, Math.max(0, part ?? 0)).toFixed(3)})`;
      if (width !== shown) {
        fill.style.transform = shown = width; // a transform needs no layout
      }
      fill.dataset.tone = tone ?? '';
    },
  };
}
