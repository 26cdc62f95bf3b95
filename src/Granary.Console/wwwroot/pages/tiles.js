// Six numbers that say how much is done, how well, and how much room is left.

import { bar } from '../parts/bar.js';
import { h, setText } from '../parts/dom.js';
import { bytes, bytesParts, compact, duration, percent, percentNumber, rate, ratio } from '../parts/format.js';
import { history } from '../data/history.js';
import { live } from '../data/live.js';
import { sum, sumQueues } from '../data/totals.js';

const NearlyFull = 0.9;

export function createTiles() {
  const operations = tile('operations', 'Operations', '#/cache');
  const hits = tile('hit-ratio', 'Hit ratio', '#/cache');
  const memory = tile('memory', 'Memory', '#/silos', bar());
  const entries = tile('entries', 'Entries', '#/silos');
  const evictions = tile('evictions', 'Evictions', '#/silos');
  const queues = tile('queues', 'Queues', '#/queues');
  const all = [operations, hits, memory, entries, evictions, queues];
  const element = h(
    'section',
    { class: 'tiles', 'aria-label': 'The cluster in numbers' },
    all.map((one) => one.element),
  );
  return {
    element,
    update() {
      const total = sum(live.cluster.silos);
      operations.set(rate(total.operations), '/s', `${rate(total.reads)}/s reads, ${rate(total.stores)}/s stores`);
      hits.set(
        percentNumber(ratio(total.hits, total.hits + total.misses)),
        '%',
        `${percent(hitRatioOfHour())} over the last hour`,
      );
      showMemory(memory, total);
      entries.set(
        compact(total.entries),
        '',
        total.entries > 0 ? `${bytes(total.usedBytes / total.entries)} each, with index` : 'Nothing stored yet',
      );
      evictions.set(
        rate(total.evictions),
        '/s',
        total.evictionAgeSeconds === null
          ? 'Nothing evicted lately'
          : `last used ${duration(total.evictionAgeSeconds)} ago`,
      );
      showQueues(queues);
    },
  };
}

function tile(id, label, address, meter = null) {
  const value = h('span', { class: 'tile-value' });
  const unit = h('span', { class: 'tile-unit' });
  const note = h('span', { class: 'tile-note' });
  const element = h(
    'a',
    { class: 'card tile', href: address, id: `tile-${id}`, 'data-testid': `tile-${id}` },
    h('span', { class: 'tile-label' }, label),
    h('span', { class: 'tile-number' }, value, unit),
    meter?.node ?? null,
    note,
  );
  return {
    element,
    meter,
    set(number, unitText, noteText) {
      setText(value, number);
      setText(unit, unitText);
      setText(note, noteText);
    },
  };
}

function showMemory(memory, total) {
  const [number, unit] = bytesParts(total.usedBytes);
  const part = ratio(total.usedBytes, total.budgetBytes);
  memory.set(number, unit, `${percent(part)} of ${bytes(total.budgetBytes)}`);
  memory.meter.update(part, '', part >= NearlyFull ? 'warning' : null);
}

function showQueues(queues) {
  if (live.queues === null) {
    queues.set('–', '', 'Not heard of yet');
  } else if (!live.queues.available) {
    queues.set('–', '', 'Cannot be read now');
  } else if (live.queues.queues.length === 0) {
    queues.set('0', 'ready', 'No queues yet');
  } else {
    const total = sumQueues(live.queues.queues);
    const age = total.oldestReadySeconds === null ? 'none waits' : `oldest waits ${duration(total.oldestReadySeconds)}`;
    queues.set(compact(total.ready), 'ready', `${compact(total.leased)} leased, ${compact(total.dead)} dead\n${age}`);
  }
}

function hitRatioOfHour() {
  const add = (values) => values.reduce((before, value) => before + (value ?? 0), 0);
  const hits = add(history.hits);
  return ratio(hits, hits + add(history.misses));
}
