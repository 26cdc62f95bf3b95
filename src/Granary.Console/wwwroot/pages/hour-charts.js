// The last hour in five charts with one cursor, and beside them what happened, which explains their bends.

import { BinarySteps, Chart, PercentSteps, RateSteps } from '../parts/chart.js';
import { createHappened } from '../parts/happened.js';
import { h } from '../parts/dom.js';
import { bytes, milliseconds, percent, perSecond, rate, ratio } from '../parts/format.js';
import { history } from '../data/history.js';
import { live, now } from '../data/live.js';
import { sum } from '../data/totals.js';

const Ranges = [
  [10, '10 min'],
  [60, '1 hour'],
];
const NearMilliseconds = 30_000; // an event this near to the cursor is marked in the list

export function createHourCharts() {
  const marks = () => history.happened;
  const happened = createHappened(() => charts.forEach((chart) => chart.redraw()));
  const onCursor = (at) => happened.showNear(at, NearMilliseconds);
  const chart = (options) => new Chart({ group: 'hour', marks, onCursor, ...options });
  let minutes = 60;

  const operations = chart({
    title: 'Operations',
    unit: 'per second',
    format: perSecond,
    axisFormat: rate,
    steps: RateSteps,
    series: [
      { label: 'Hits', color: '--series-1', isFilled: true },
      { label: 'Misses', color: '--series-2' },
      { label: 'Stores', color: '--series-3', dash: [6, 3] },
    ],
  });
  operations.element.classList.add('wide');
  const hitRatio = chart({
    title: 'Hit ratio',
    unit: 'hits of all reads',
    format: percent,
    range: upToAll,
    steps: PercentSteps,
    axisFormat: (part) => `${Math.round(100 * part)}\u00a0%`,
    series: [{ label: 'Hit ratio', color: '--series-1' }],
  });
  const removals = chart({
    title: 'Evictions and expirations',
    unit: 'per second',
    format: perSecond,
    axisFormat: rate,
    steps: RateSteps,
    series: [
      { label: 'Evictions', color: '--series-4' },
      { label: 'Expirations', color: '--series-5', dash: [6, 3] },
    ],
  });
  const memory = chart({
    title: 'Memory',
    unit: 'used by all silos',
    format: bytes,
    steps: BinarySteps,
    range: upToBudget,
    series: [
      { label: 'Used', color: '--series-3', isFilled: true },
      { label: 'Budget now', color: '--ink-3', dash: [2, 4] },
    ],
  });
  const latency = chart({
    title: 'Latency p99',
    unit: 'of operations',
    format: milliseconds,
    series: [{ label: 'p99', color: '--series-5' }],
  });
  const charts = [operations, hitRatio, removals, memory, latency];

  const update = () => {
    const from = Math.max(
      0,
      history.times.findIndex((time) => time >= now() - 60_000 * minutes - 1000 * history.stepSeconds),
    );
    const since = (values) => values.slice(from);
    const times = since(history.times);
    const budget = sum(live.cluster.silos).budgetBytes;
    operations.update(times, since(history.hits), since(history.misses), since(history.stores));
    hitRatio.update(
      times,
      times.map((_, index) => hitRatioAt(from + index)),
    );
    removals.update(times, since(history.evictions), since(history.expirations));
    memory.update(
      times,
      since(history.usedBytes),
      times.map(() => budget),
    );
    latency.update(times, since(history.p99Milliseconds));
    happened.update();
  };

  const ranges = h(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'Range of the charts' },
    Ranges.map(([length, label]) =>
      h(
        'button',
        {
          type: 'button',
          'aria-pressed': `${length === minutes}`,
          'data-minutes': length,
          onclick: (event) => {
            minutes = length;
            for (const button of event.target.parentNode.children) {
              button.setAttribute('aria-pressed', `${button === event.target}`);
            }
            update();
          },
        },
        label,
      ),
    ),
  );
  const element = h(
    'section',
    { class: 'hour', 'aria-labelledby': 'hour-title' },
    h('div', { class: 'section-head' }, h('h2', { id: 'hour-title' }, 'The last hour'), ranges),
    h(
      'div',
      { class: 'hour-grid' },
      h(
        'div',
        { class: 'charts' },
        charts.map((one) => one.element),
      ),
      happened.element,
    ),
  );
  return { element, update, redraw: () => charts.forEach((one) => one.redraw()) };
}

// The axis begins at the tenth below the worst: a fall of some percent has to be seen, and a ratio of zero rarely is.
function upToAll(lowest) {
  return [lowest === null ? 0 : Math.max(0, Math.floor(10 * (lowest - 0.02)) / 10), 1];
}

// With the budget if it is in sight; far above it, it would press the line of what is used to the ground.
function upToBudget(_, budget, data) {
  const used = Math.max(1, ...data[1].filter((value) => value !== null));
  return [0, budget < 4 * used ? 1.08 * Math.max(budget, used) : 1.3 * used];
}

function hitRatioAt(index) {
  const hits = history.hits[index];
  return hits === null ? null : ratio(hits, hits + history.misses[index]);
}
