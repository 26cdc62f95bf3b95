// One silo: what the table has no room for, its last hour, and the way to drain it.

import { BinarySteps, Chart, RateSteps } from '../parts/chart.js';
import { act } from '../parts/dialog.js';
import { createFacts } from '../parts/facts.js';
import { h, setHidden, setText } from '../parts/dom.js';
import { bytes, clock, counted, duration, exact, milliseconds, perSecond, rate, Unknown } from '../parts/format.js';
import { history } from '../data/history.js';
import { live, mayAct, now } from '../data/live.js';
import { post } from '../data/server.js';
import { stateWords } from './silo-columns.js';

export function createSiloDetail() {
  let name = null;
  const title = h('h2', { id: 'silo-title' });
  const gone = h('p', { class: 'empty' }, 'No silo of this name is a member now.');
  const facts = createFacts();
  const look = h('p', { class: 'section-note' }, 'You may look, not act: your token has the role viewer.');
  const drain = h(
    'button',
    { type: 'button', class: 'danger-quiet', 'data-action': 'drain', onclick: () => askToDrain(name) },
    'Drain…',
  );
  const operations = new Chart({
    title: 'Operations',
    unit: 'per second',
    group: 'silo',
    marks: () => history.happened,
    format: perSecond,
    axisFormat: rate,
    steps: RateSteps,
    series: [{ label: 'Operations', color: '--series-1', isFilled: true }],
  });
  const memory = new Chart({
    title: 'Memory',
    unit: 'used',
    group: 'silo',
    marks: () => history.happened,
    format: bytes,
    steps: BinarySteps,
    series: [{ label: 'Used', color: '--series-3', isFilled: true }],
  });
  const charts = h('div', { class: 'charts' }, operations.element, memory.element);
  const element = h(
    'section',
    { class: 'card silo-detail', id: 'silo-detail', 'aria-labelledby': 'silo-title', hidden: true },
    h(
      'div',
      { class: 'section-head' },
      title,
      look,
      drain,
      h('a', { class: 'button quiet', href: '#/silos' }, 'Close'),
    ),
    gone,
    facts.element,
    charts,
  );

  return {
    element,
    choose(chosen) {
      name = chosen;
      setHidden(element, name === null);
    },
    redraw() {
      operations.redraw();
      memory.redraw();
    },
    update() {
      if (name === null) {
        return;
      }
      const silo = live.cluster.silos.find((one) => one.name === name);
      const isThere = silo !== undefined;
      setText(title, `Silo ${name}`);
      setHidden(gone, isThere);
      setHidden(facts.element, !isThere);
      setHidden(charts, !isThere);
      setHidden(look, mayAct() || live.me === null);
      setHidden(drain, !isThere || !mayAct() || silo.state === 'draining');
      if (isThere) {
        drain.dataset.silo = name;
        facts.update(factsOf(silo));
        const series = history.silos[name];
        operations.update(history.times, series?.operations ?? []);
        memory.update(history.times, series?.usedBytes ?? []);
      }
    },
  };
}

function factsOf(silo) {
  const known = silo.rates !== null;
  const facts = [
    ['State', stateWords(silo)],
    ['Silo port', silo.address ?? Unknown],
    ['Gateway', silo.gateway ?? Unknown],
    ['Version', silo.version ?? Unknown],
    [
      'Started',
      silo.startedAt === null ? Unknown : `${clock(silo.startedAt)}, ${duration((now() - silo.startedAt) / 1000)} ago`,
    ],
  ];
  return !known
    ? facts
    : [
        ...facts,
        ['Shards', `${silo.shards} of ${silo.expectedShards}`],
        ['Moving', silo.movingShards === 0 ? 'none' : movingText(silo)],
        [
          'Replicas',
          silo.protectedShards + silo.unprotectedShards === 0
            ? 'none'
            : `${silo.protectedShards} protected, ${silo.unprotectedShards} unprotected`,
        ],
        ['Entries', `${exact(silo.entries)}, ${bytes(silo.entryBytes)}`],
        ['Copies of others', `${exact(silo.copyEntries)}, ${bytes(silo.copyBytes)}`],
        ['Memory', `${bytes(silo.usedBytes)} of ${bytes(silo.budgetBytes)}`],
        ['Process', `${bytes(silo.residentBytes)} resident`],
        ['CPU', `${silo.cpuCores?.toFixed(2) ?? Unknown} cores`],
        ['Full collections', exact(silo.gen2Collections)],
        ['Stores', perSecond(silo.rates.stores)],
        ['Deletions', perSecond(silo.rates.deletes)],
        ['Expirations', perSecond(silo.rates.expirations)],
        ['Forwarded', perSecond(silo.rates.forwarded)],
        ['Local p99.9', milliseconds(silo.latency.local.p999)],
        ['Forwarded p99', milliseconds(silo.latency.forwarded.p99)],
        ['Replica wait p99', milliseconds(silo.latency.replicated.p99)],
      ];
}

function movingText(silo) {
  const left = silo.movingSecondsLeft === null ? '' : `, about ${duration(silo.movingSecondsLeft)}`;
  return `${counted(silo.movingShards, 'shard')}, ${bytes(silo.movingBytesLeft)} left${left}`;
}

function askToDrain(name) {
  const others = live.cluster.silos.filter((silo) => silo.name !== name && silo.state === 'active');
  const silo = live.cluster.silos.find((one) => one.name === name);
  const room = others.reduce((sum, one) => sum + (one.budgetBytes ?? 0) - (one.usedBytes ?? 0), 0);
  const used = silo?.entryBytes ?? 0;
  act({
    title: `Drain silo ${name}`,
    says:
      others.length === 0
        ? ['It is the only active silo: nobody takes its shards over. What it holds in memory is lost when it stops.']
        : [
            `It hands its ${counted(silo?.shards ?? 0, 'shard')} over to ${counted(others.length, 'other silo')}.`,
            'Then it stops. It does not come back by itself.',
            used > room
              ? `The others have room for ${bytes(room)}; it holds ${bytes(used)}. What does not fit is evicted.`
              : `It holds ${bytes(used)}; the others have room for ${bytes(room)}. Nothing has to be evicted.`,
          ],
    button: `Drain silo ${name}`,
    isDangerous: true,
    typed: name,
    step: () => post('silos/drain', { silo: name }),
    done: () => `Silo ${name} has been told to drain`,
  });
}
