// Which keys are asked for most, how long operations take on each silo, and the slow ones.

import { bar } from '../parts/bar.js';
import { h, setHidden, setText } from '../parts/dom.js';
import { bytes, clock, compact, milliseconds, percent, rate, ratio, Unknown } from '../parts/format.js';
import { createSpread, spreadLegend, SpreadScale } from '../parts/spread.js';
import { siloName } from '../parts/silo-name.js';
import { Table } from '../parts/table.js';
import { live } from '../data/live.js';

const HotShare = 0.1; // one key that takes a tenth of all is worth a look

export function createCachePage() {
  const hot = createHotKeys();
  const latency = createLatency('latency', 'Latency of each silo', [
    ...latencyColumns('local', 'Local', 'turns of clients, of a sample,'),
    ...latencyColumns('forwarded', 'Forwarded', 'operations'),
  ]);
  const waits = createLatency(
    'replica-waits',
    'Waits for replicas of each silo',
    latencyColumns('replicated', 'Waits', 'waits for replicas, of a sample,'),
  );
  const waitsSection = section(
    'replica-waits-title',
    'Waits for replicas',
    'The last 10 s. How much longer a change takes until its replica has it.',
    waits.element,
  );
  const spaces = createNamespaces();
  const spacesSection = section(
    'namespaces-title',
    'Namespaces',
    'Of all silos. Used: of the quota, above which its own entries are evicted. Hits: of the last seconds.',
    spaces.element,
  );
  const slow = createSlow();
  const element = h(
    'div',
    { class: 'page', id: 'cache' },
    h('div', { class: 'page-head' }, h('h1', null, 'Cache')),
    section(
      'hot-title',
      'Hot keys',
      'Estimates from a sample, of keys that are met often enough to tell, at most 20. Share: of all operations of the cluster.',
      hot.element,
    ),
    spacesSection,
    section(
      'latency-title',
      'Latency',
      'The last 10 s. Local: answered by the silo that was asked. Forwarded: by another one for it.',
      latency.element,
      spreadLegend(),
    ),
    waitsSection,
    section('slow-title', 'Slow operations', 'Latest first, at most 50.', slow.element),
  );
  return {
    element,
    update() {
      if (live.cluster !== null) {
        hot.update(live.cluster.hotKeys.map((row) => ({ ...row, id: `${row.isBinary} ${row.key}` })));
        setHidden(spacesSection, live.cluster.namespaces.length === 0);
        spaces.update(live.cluster.namespaces);
        const timed = live.cluster.silos.filter((silo) => silo.latency !== null);
        latency.update(timed);
        setHidden(waitsSection, live.cluster.cluster.replicas !== 'sync');
        waits.update(timed);
        slow.update(identified(live.cluster.slow));
      }
    },
  };
}

function section(id, title, note, body, legend = null) {
  return h(
    'section',
    { 'aria-labelledby': id },
    h('div', { class: 'section-head' }, h('h2', { id }, title), h('p', { class: 'section-note' }, note), legend),
    body,
  );
}

function createHotKeys() {
  return new Table(
    [
      { id: 'key', title: 'Key', isText: true, width: 18, sort: (row) => row.key, cell: () => keyCell((row) => row.key) },
      { id: 'silo', title: 'Silo', isText: true, width: 8, sort: (row) => row.silo, cell: siloCell },
      { id: 'shard', title: 'Shard', width: 5, isName: true, sort: (row) => row.shard, text: (row) => `${row.shard}` },
      {
        id: 'reads',
        title: 'Reads/s',
        width: 6,
        sort: (row) => row.readsPerSecond,
        text: (row) => rate(row.readsPerSecond),
      },
      {
        id: 'writes',
        title: 'Writes/s',
        width: 6,
        sort: (row) => row.writesPerSecond,
        text: (row) => rate(row.writesPerSecond),
      },
      { id: 'share', title: 'Share', width: 12, sort: (row) => row.share, cell: shareCell },
    ],
    {
      label: 'Hot keys',
      testId: 'hot-keys',
      key: (row) => row.id,
      sort: ['share', true],
      attributes: (row) => ({ 'data-key': row.key }),
      empty: h(
        'p',
        { class: 'card empty' },
        'No key stands out. One that takes a large part of all operations would be listed here, with its silo.',
      ),
    },
  );
}

function createNamespaces() {
  return new Table(
    [
      { id: 'name', title: 'Namespace', isText: true, width: 10, sort: (row) => row.name, text: (row) => row.name },
      { id: 'used', title: 'Used', width: 8, sort: usedOf, cell: usedCell },
      { id: 'bytes', title: 'Size', width: 7, sort: (row) => row.entryBytes, text: (row) => bytes(row.entryBytes) },
      {
        id: 'quota',
        title: 'Quota',
        width: 7,
        sort: (row) => row.quotaBytes,
        text: (row) => (row.quotaBytes > 0 ? bytes(row.quotaBytes) : 'none'),
      },
      { id: 'entries', title: 'Entries', width: 6, sort: (row) => row.entries, text: (row) => compact(row.entries) },
      {
        id: 'reads',
        title: 'Reads/s',
        width: 6,
        sort: (row) => row.readsPerSecond,
        text: (row) => rate(row.readsPerSecond),
      },
      { id: 'hits', title: 'Hits', width: 5, sort: (row) => row.hitRatio, text: (row) => percent(row.hitRatio) },
      {
        id: 'evictions',
        title: 'Evictions/s',
        width: 7,
        sort: (row) => row.evictionsPerSecond,
        text: (row) => rate(row.evictionsPerSecond),
      },
      {
        id: 'prefix',
        title: 'Keys begin with',
        isText: true,
        width: 10,
        sort: (row) => row.prefix,
        cell: () => keyCell((row) => row.prefix),
      },
    ],
    {
      label: 'Namespaces',
      testId: 'namespaces',
      key: (row) => row.name,
      sort: ['name', false],
      attributes: (row) => ({ 'data-namespace': row.name }),
      empty: h('p', { class: 'card empty' }, 'There are no namespaces.'),
    },
  );
}

const usedOf = (row) => ratio(row.entryBytes, row.quotaBytes); // null without a quota

function usedCell() {
  const { node, update } = bar();
  return { node, update: (row) => update(usedOf(row), percent(usedOf(row))) };
}

function latencyColumns(path, word, what) {
  const number = (part, title, id) => ({
    id,
    title,
    width: 6,
    sort: (silo) => silo.latency[path][part],
    text: (silo) => milliseconds(silo.latency[path][part]),
  });
  return [
    {
      id: `${path}Count`,
      title: word,
      width: 6,
      hint: `${word}: ${what} of the last 10 s`,
      sort: (silo) => silo.latency[path].count,
      text: (silo) => compact(silo.latency[path].count),
    },
    number('p50', 'p50', `${path}50`),
    number('p99', 'p99', `${path}99`),
    number('p999', 'p99.9', `${path}999`),
    {
      id: `${path}Spread`,
      title: SpreadScale,
      isText: true,
      width: 11,
      cell: () => createSpread((silo) => silo.latency[path]),
    },
  ];
}

function createLatency(testId, label, columns) {
  return new Table(
    [
      {
        id: 'silo',
        title: 'Silo',
        isText: true,
        width: 8,
        sort: (silo) => silo.name,
        cell: () => named((silo) => silo.name),
      },
      ...columns,
    ],
    {
      label,
      testId,
      key: (silo) => silo.name,
      sort: ['silo', false],
      attributes: (silo) => ({ 'data-silo': silo.name }),
      empty: h('p', { class: 'card empty' }, 'No silo answers just now.'),
    },
  );
}

function createSlow() {
  return new Table(
    [
      { id: 'at', title: 'Time', isText: true, width: 8, sort: (row) => row.at, text: (row) => clock(row.at) },
      { id: 'silo', title: 'Silo', isText: true, width: 7, sort: (row) => row.silo, cell: siloCell },
      {
        id: 'operation',
        title: 'Operation',
        isText: true,
        width: 6,
        sort: (row) => row.operation,
        text: (row) => row.operation,
      },
      {
        id: 'took',
        title: 'Took',
        width: 6,
        sort: (row) => row.milliseconds,
        text: (row) => milliseconds(row.milliseconds),
      },
      { id: 'key', title: 'Key', isText: true, width: 14, sort: (row) => row.key, cell: () => keyCell((row) => row.key) },
      { id: 'why', title: 'Why', isText: true, width: 14, sort: (row) => row.why, text: (row) => row.why ?? Unknown },
    ],
    {
      label: 'Slow operations',
      testId: 'slow',
      key: (row) => row.id,
      sort: ['at', true],
      empty: h(
        'p',
        { class: 'card empty' },
        'No slow operation lately. One would be listed here with its key, its silo and the reason.',
      ),
    },
  );
}

// Two slow operations may be alike in all: the second of them is another row.
function identified(rows) {
  const seen = new Map();
  return rows.map((row) => {
    const id = `${row.at} ${row.silo} ${row.operation} ${row.key} ${row.milliseconds}`;
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    return { ...row, id: `${id} ${count}` };
  });
}

function named(nameOf) {
  const { node, update } = siloName();
  return { node, update: (row) => update(nameOf(row)) };
}

const siloCell = () => named((row) => row.silo);

function keyCell(read) {
  const text = h('code', { class: 'key' });
  const binary = h(
    'span',
    { class: 'tag', title: 'This is no text. Shown is its base 64.', hidden: true },
    'base 64',
  );
  return {
    node: h('span', { class: 'key-cell' }, text, binary),
    update(row) {
      setText(text, read(row) ?? Unknown);
      text.title = read(row) ?? '';
      setHidden(binary, row.isBinary !== true);
    },
  };
}

function shareCell() {
  const { node, update } = bar();
  return { node, update: (row) => update(row.share, percent(row.share), row.share >= HotShare ? 'warning' : null) };
}
