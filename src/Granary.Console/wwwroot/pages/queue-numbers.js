// The depth of a queue by state, its ages, and charts of what has been seen of it since the console was opened.

import { Chart, CountSteps, RateSteps } from '../parts/chart.js';
import { h, setHidden, setText } from '../parts/dom.js';
import { compact, duration, exact, perSecond, rate } from '../parts/format.js';
import { samplesOf } from '../data/queue-samples.js';

const always = () => true;
const worked = (queue) => queue.kind !== 'topic'; // a topic's messages are its subscriptions'
const age = (seconds, words, none) => (seconds === null ? none : `${words} ${duration(seconds)}`);

const Numbers = [
  {
    id: 'ready',
    label: 'Ready',
    isFor: worked,
    note: (queue) => age(queue.oldestReadySeconds, 'oldest waits', 'none waits'),
  },
  {
    id: 'leased',
    label: 'Leased',
    isFor: worked,
    note: (queue) => age(queue.oldestLeaseSeconds, 'oldest for', 'none'),
  },
  { id: 'delayed', label: 'Delayed', isFor: worked, note: () => 'come later' },
  { id: 'deferred', label: 'Deferred', isFor: worked, note: () => 'put aside' },
  {
    id: 'dead',
    label: 'Dead',
    isFor: worked,
    isBad: true,
    note: ({ rates }) => `${perSecond(rates.deadLettered)} now`,
  },
  { id: 'behind', label: 'Behind', isFor: ({ kind }) => kind === 'subscription', note: () => 'not come to yet' },
  { id: 'waitingReceivers', label: 'Workers waiting', isFor: worked, note: () => 'for a message now' },
  { id: 'sent', label: 'Sent', isFor: always, isRate: true, note: () => 'now' },
  {
    id: 'completed',
    label: 'Completed',
    isFor: worked,
    isRate: true,
    note: ({ rates }) => `${perSecond(rates.failed)} failed`,
  },
];

function tile({ id, label, isFor, isRate, isBad, note }) {
  const value = h('span', { class: 'tile-value' });
  const unit = h('span', { class: 'tile-unit' }, isRate ? '/s' : '');
  const text = h('span', { class: 'tile-note' });
  const element = h(
    'div',
    { class: 'card tile small', 'data-testid': `queue-${id}` },
    h('span', { class: 'tile-label' }, label),
    h('span', { class: 'tile-number' }, value, unit),
    text,
  );
  return {
    element,
    update(queue) {
      setHidden(element, !isFor(queue));
      setText(value, isRate ? rate(queue.rates[id]) : exact(queue[id]));
      setText(text, note(queue));
      element.dataset.tone = isBad && queue[id] > 0 ? 'warning' : '';
    },
  };
}

export function createQueueNumbers(name) {
  const tiles = Numbers.map(tile);
  const depth = new Chart({
    title: 'Depth',
    unit: 'messages, since this page was opened',
    group: 'queue',
    format: compact,
    steps: CountSteps,
    series: [
      { label: 'Ready', color: '--series-1', isFilled: true },
      { label: 'Leased', color: '--series-3', dash: [6, 3] },
      { label: 'Dead', color: '--series-4' },
    ],
  });
  const rates = new Chart({
    title: 'Rates',
    unit: 'per second, since this page was opened',
    group: 'queue',
    format: perSecond,
    axisFormat: rate,
    steps: RateSteps,
    series: [
      { label: 'Sent', color: '--series-1' },
      { label: 'Completed', color: '--series-3', dash: [6, 3] },
      { label: 'Failed', color: '--series-4' },
    ],
  });
  const element = h(
    'section',
    { 'aria-labelledby': 'numbers-title' },
    h('h2', { id: 'numbers-title', class: 'visually-hidden' }, 'Numbers'),
    h(
      'div',
      { class: 'tiles dense' },
      tiles.map((one) => one.element),
    ),
    h('div', { class: 'charts' }, depth.element, rates.element),
  );
  return {
    element,
    redraw() {
      depth.redraw();
      rates.redraw();
    },
    update(queue) {
      tiles.forEach((one) => one.update(queue));
      setHidden(depth.element, !worked(queue));
      const samples = samplesOf(name);
      depth.update(samples.times, samples.ready, samples.leased, samples.dead);
      rates.update(samples.times, samples.sent, samples.completed, samples.failed);
    },
  };
}
