// Percentiles on a logarithmic scale: where the p50, the p99 and the p99.9 are between 10 µs and 10 s. Decoration
// beside numbers.

import { h, setHidden } from './dom.js';

const From = -2; // 0.01 ms
const To = 4; // 10 s

export const SpreadScale = '10 µs … 10 s';

/** What the marks on the scale are. */
export const spreadLegend = () =>
  h(
    'ul',
    { class: 'spread-legend', 'aria-hidden': 'true' },
    [
      ['p50', 'p50'],
      ['p99', 'p99'],
      ['p999', 'p99.9'],
    ].map(([name, text]) => h('li', null, h('span', { class: `spread-dot ${name}` }), text)),
  );

/** A cell: `{ node, update(row) }`; `pick(row)` answers { p50, p99, p999 } in milliseconds, null if there were none. */
export function createSpread(pick) {
  const line = h('span', { class: 'spread-line' });
  const dots = ['p50', 'p99', 'p999'].map((name) => [
    name,
    h('span', { class: `spread-dot ${name}`, title: name === 'p999' ? 'p99.9' : name }),
  ]);
  const node = h(
    'span',
    { class: 'spread', 'aria-hidden': 'true' },
    line,
    dots.map(([, dot]) => dot),
  );
  return {
    node,
    update(row) {
      const latency = pick(row);
      const isKnown = latency.p50 !== null;
      setHidden(line, !isKnown);
      for (const [name, dot] of dots) {
        setHidden(dot, !isKnown);
        if (isKnown) {
          place(dot, 'left', latency[name]);
        }
      }
      if (isKnown) {
        place(line, 'left', latency.p50);
        line.style.width = `${(position(latency.p999) - position(latency.p50)).toFixed(1)}%`;
      }
    },
  };
}

function place(element, side, milliseconds) {
  element.style[side] = `${position(milliseconds).toFixed(1)}%`;
}

function position(milliseconds) {
  const exponent = Math.log10(Math.max(milliseconds, 0.001));
  return 100 * Math.min(1, Math.max(0, (exponent - From) / (To - From)));
}
