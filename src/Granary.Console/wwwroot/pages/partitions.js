// The partitions of a queue: where each one is, and which of them holds what.

import { h, setText } from '../parts/dom.js';
import { compact, duration, Unknown } from '../parts/format.js';
import { siloName } from '../parts/silo-name.js';
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
      { id: 'silo', title: 'Silo', isText: true, width: 8, sort: (row) => row.silo, cell: siloCell },
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

function siloCell() {
  const name = siloName();
  const none = h('span', { class: 'faint' }, Unknown);
  const node = h('span', null, name.node, none);
  return {
    node,
    update(row) {
      name.node.hidden = row.silo === null;
      none.hidden = row.silo !== null;
      if (row.silo !== null) {
        name.update(row.silo);
      }
    },
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
