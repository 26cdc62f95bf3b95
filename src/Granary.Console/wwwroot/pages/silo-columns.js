// The columns of the table of silos. Of a silent silo everything but its name is unknown.

import { bar } from '../parts/bar.js';
import { h, setHidden, setText } from '../parts/dom.js';
import { bytes, compact, duration, exact, percent, rate, ratio, Unknown } from '../parts/format.js';
import { siloName } from '../parts/silo-name.js';

const NearlyFull = 0.9;
const MaxSkewMilliseconds = 1000; // from here on silos warn of it themselves

/** "Active", "Active, not ready", "Draining", "Silent". */
export function stateWords(silo) {
  const word = silo.state.charAt(0).toUpperCase() + silo.state.slice(1);
  return silo.state === 'active' && silo.ready === false ? `${word}, not ready` : word;
}

export const memoryPart = (silo) => (silo.usedBytes === null ? null : ratio(silo.usedBytes, silo.budgetBytes));

export const hitRatio = (silo) =>
  silo.rates === null ? null : ratio(silo.rates.hits, silo.rates.hits + silo.rates.misses);

/** What makes a number of a silo noteworthy: a tone, or null. */
function alarming(pick, text, isBad, tone = 'warning') {
  return () => {
    const node = h('span');
    return {
      node,
      update(silo) {
        const value = pick(silo);
        setText(node, value === null ? Unknown : text(value, silo));
        node.classList.toggle('faint', value === null || value === 0);
        node.dataset.tone = value !== null && isBad(value, silo) ? tone : '';
      },
    };
  };
}

export function siloColumns() {
  const of = (pick) => (silo) => (silo.rates === null ? null : pick(silo));
  const plain = (id, title, width, pick, text, hint) => ({
    id,
    title,
    width,
    hint,
    sort: of(pick),
    text: (silo) => (silo.rates === null ? Unknown : text(pick(silo))),
  });
  const toned = (id, title, width, pick, text, isBad, hint, tone) => ({
    id,
    title,
    width,
    hint,
    sort: of(pick),
    cell: alarming(of(pick), text, isBad, tone),
  });
  return [
    { id: 'name', title: 'Silo', isText: true, width: 12, sort: (silo) => silo.name, cell: nameCell },
    {
      id: 'state',
      title: 'State',
      isText: true,
      width: 8.4,
      sort: stateWords,
      cell: alarming(
        stateWords,
        (words) => words,
        (words) => words !== 'Active',
      ),
    },
    {
      id: 'shards',
      title: 'Shards',
      width: 6.5,
      sort: of((silo) => silo.shards),
      hint: 'Shards it serves, of those it should, and how many move',
      cell: shardsCell,
    },
    {
      id: 'memory',
      title: 'Memory',
      width: 9,
      sort: memoryPart,
      hint: 'Used of its budget, index and copies included',
      cell: memoryCell,
    },
    plain('entries', 'Entries', 5, (silo) => silo.entries, compact),
    plain('reads', 'Reads/s', 5, (silo) => silo.rates.reads, rate),
    plain('hits', 'Hit ratio', 5.2, hitRatio, percent),
    toned(
      'evictions',
      'Evict./s',
      5,
      (silo) => silo.rates.evictions,
      rate,
      (value) => value > 0,
      'Evictions per second: entries that had to go for want of room',
    ),
    plain(
      'age',
      'Age',
      4.4,
      (silo) => silo.evictionAgeSeconds,
      duration,
      'Eviction age: how long ago what is evicted now was last used',
    ),
    plain(
      'p50',
      'p50 ms',
      4.8,
      (silo) => silo.latency.local.p50,
      latency,
      'Local latency, milliseconds: half of the operations are faster',
    ),
    plain(
      'p99',
      'p99 ms',
      4.8,
      (silo) => silo.latency.local.p99,
      latency,
      'Local latency, milliseconds: 99 of 100 operations are faster',
    ),
    plain('connections', 'Conn.', 4.4, (silo) => silo.memcachedConnections, compact, 'memcached connections'),
    plain(
      'cpu',
      'CPU',
      4.2,
      (silo) => silo.cpuCores,
      (cores) => (cores === null ? Unknown : cores.toFixed(2)),
      'Cores in use',
    ),
    toned(
      'unprotected',
      'Unprot.',
      5,
      (silo) => silo.unprotectedShards,
      exact,
      (value) => value > 0,
      'Shards without an up-to-date replica',
      'critical',
    ),
    toned(
      'skew',
      'Skew',
      4.8,
      (silo) => silo.clockSkewMilliseconds,
      (value) => `${exact(value)}\u00a0ms`,
      (value) => Math.abs(value) > MaxSkewMilliseconds,
      'How far its clock is from the others',
    ),
    toned(
      'links',
      'Links',
      4.6,
      (silo) => silo.cutOffSilos,
      (value) => (value === 0 ? 'all' : `${value} cut`),
      (value) => value > 0,
      'Whether it reaches all the other silos directly',
      'critical',
    ),
  ];
}

const latency = (value) => (value === null ? Unknown : `${value >= 99.5 ? value.toFixed(0) : value.toPrecision(2)}`);

function shardsCell() {
  const served = h('span');
  const moving = h('span', { class: 'sub' });
  return {
    node: h('span', { class: 'two-lines' }, served, moving),
    update({ shards, expectedShards, movingShards }) {
      setText(
        served,
        shards === null ? Unknown : shards === expectedShards ? `${shards}` : `${shards} of ${expectedShards}`,
      );
      served.dataset.tone = shards === expectedShards ? 'none' : 'warning';
      setText(moving, `${movingShards} moving`);
      setHidden(moving, !movingShards);
    },
  };
}

function nameCell() {
  const { node, update } = siloName();
  return { node, update: (silo) => update(silo.name) };
}

function memoryCell() {
  const { node, update } = bar();
  return {
    node,
    update(silo) {
      const part = memoryPart(silo);
      update(
        part,
        part === null ? Unknown : `${bytes(silo.usedBytes)}, ${percent(part)}`,
        part >= NearlyFull ? 'warning' : null,
      );
    },
  };
}
