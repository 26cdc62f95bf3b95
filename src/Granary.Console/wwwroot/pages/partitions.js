// The partitions of a queue: which of them holds what.

import { h, setText } from '../parts/dom.js';
import { compact, duration } from '../parts/format.js';
import { Table } from '../parts/table.js';

export function createPartitions() {
  const number = (id, title) => ({ id, title, width: 5, sort: (row) => row[id], text: (row) => compact(row[id]) });
  const table = new Table(
    [
      {
        id: 'partition',
        title: 'Partition',
        isText: true,
        width: 6,
        sort: (row) => row.partition,
        text: (row) => `${row.partition}`,
      },
      number('ready', 'Ready'),
      number('leased', 'Leased'),
      number('delayed', 'Delayed'),
      number('dead', 'Dead'),
      {
        id: 'oldest',
        title: 'Oldest',
        width: 6,
        sort: (row) => row.oldestReadySeconds,
        text: (row) => duration(row.oldestReadySeconds),
      },
      { id: 'damaged', title: 'Damage', isText: true, width: 12, sort: (row) => row.damaged, cell: damageCell },
    ],
    {
      label: 'Partitions',
      testId: 'partitions',
      key: (row) => `${row.partition}`,
      sort: ['partition', false],
      attributes: (row) => ({ 'data-partition': row.partition }),
      empty: h('p', { class: 'card empty' }, 'No partition is known yet.'),
    },
  );
  return {
    element: h(
      'section',
      { 'aria-labelledby': 'partitions-title' },
      h('h2', { id: 'partitions-title' }, 'Partitions'),
      table.element,
    ),
    update: (rows) => table.update(rows),
  };
}

function damageCell() {
  const node = h('span');
  return {
    node,
    update(row) {
      setText(node, row.damaged ?? 'none');
      node.dataset.tone = row.damaged === null ? 'none' : 'critical';
    },
  };
}
