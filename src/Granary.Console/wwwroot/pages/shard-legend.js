// The legend of the shard map, which is its alternative in words, too: a row of counts for each silo. Pointing at a
// silo, or the focus on it, dims the shards of the others.

import { h, keyed, setAttribute, setText } from '../parts/dom.js';
import { exact } from '../parts/format.js';
import { lookOf } from '../parts/palette.js';
import { paintSwatch } from '../parts/silo-name.js';
import { live } from '../data/live.js';

const Marks = [
  ['moving', 'moving: the corner is the silo that will have it'],
  ['unprotected', 'unprotected, hollow: no replica'],
  ['nobody', 'served by nobody'],
];

/** `onPoint(index of a silo, or null)`. */
export function createShardLegend(onPoint) {
  const body = h('tbody');
  const table = h(
    'table',
    { class: 'shard-table' },
    h('caption', { class: 'visually-hidden' }, 'Shards of each silo'),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        ['Silo', 'Serves', 'Should serve', 'Moving', 'Unprotected'].map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    body,
  );
  const marks = h(
    'ul',
    { class: 'shard-marks' },
    Marks.map(([name, text]) => h('li', null, h('span', { class: `shard-mark ${name}`, 'aria-hidden': 'true' }), text)),
  );
  const element = h(
    'div',
    { class: 'shard-legend' },
    marks,
    h('div', { class: 'table-frame', role: 'group', 'aria-label': 'Shards of each silo', tabindex: '0' }, table),
  );
  return {
    element,
    update() {
      keyed(
        body,
        count(live.cluster),
        (row) => row.name,
        (row) => createRow(row, onPoint),
      );
    },
  };
}

function count({ shards, silos }) {
  const rows = silos.map(({ name }, index) => ({ name, index, serves: 0, wanted: 0, moving: 0, unprotected: 0 }));
  const add = (index, what) => {
    if (rows[index] !== undefined) {
      rows[index][what]++;
    }
  };
  shards.servedBy.forEach((silo) => add(silo, 'serves'));
  shards.wantedBy.forEach((silo) => add(silo, 'wanted'));
  shards.moving.forEach((shard) => add(shards.servedBy[shard], 'moving'));
  shards.unprotected.forEach((shard) => add(shards.servedBy[shard], 'unprotected'));
  return rows;
}

function createRow(first, onPoint) {
  let index = first.index;
  const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
  const name = h(
    'button',
    { type: 'button', class: 'legend-silo', onfocus: () => onPoint(index), onblur: () => onPoint(null) },
    swatch,
    h('span', { class: 'name' }, first.name),
  );
  const cells = ['serves', 'wanted', 'moving', 'unprotected'].map((what) => [what, h('td')]);
  const node = h(
    'tr',
    { onpointerenter: () => onPoint(index), onpointerleave: () => onPoint(null) },
    h('th', { scope: 'row' }, name),
    cells.map(([, cell]) => cell),
  );
  return {
    node,
    update(row) {
      index = row.index;
      paintSwatch(swatch, row.name);
      setAttribute(name, 'title', `Show only silo ${row.name} (${lookOf(row.name).letter})`);
      for (const [what, cell] of cells) {
        setText(cell, exact(row[what]));
        cell.classList.toggle('faint', row[what] === 0);
      }
    },
  };
}
