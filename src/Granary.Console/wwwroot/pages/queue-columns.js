// The columns of the table of queues, and the words for their states.

import { h, setAttribute, setHidden, setText } from '../parts/dom.js';
import { compact, duration, rate } from '../parts/format.js';
import { queueAddress } from '../shell/router.js';

// What is worst comes first when sorted by state.
const States = ['damaged', 'stuck', 'failing', 'paused', 'busy', 'ok', 'idle'];
const Unremarkable = new Set(['ok', 'idle']); // the word alone says it
const Tones = {
  damaged: 'critical',
  stuck: 'critical',
  failing: 'warning',
  paused: 'warning',
  busy: 'info',
  ok: 'ok',
  idle: 'none',
};

export const stateWord = (queue) =>
  queue.state === 'ok' ? 'OK' : queue.state.charAt(0).toUpperCase() + queue.state.slice(1);
export const stateTone = (queue) => Tones[queue.state] ?? 'none';

export function queueColumns() {
  const number = (id, title, width, pick, hint, text = compact) => ({
    id,
    title,
    width,
    hint,
    sort: pick,
    text: (queue) => text(pick(queue)),
  });
  // A topic's messages are its subscriptions'.
  const noTopic = (pick) => (queue) => (queue.kind === 'topic' ? null : pick(queue));
  return [
    { id: 'name', title: 'Name', isText: true, width: 13, sort: (queue) => queue.name, cell: nameCell },
    { id: 'state', title: 'State', isText: true, width: 14, sort: rank, cell: stateCell, hint: 'The worst first' },
    number(
      'ready',
      'Ready',
      4.8,
      noTopic((queue) => queue.ready),
      'Messages that a worker may take now',
    ),
    number(
      'oldest',
      'Oldest',
      5,
      (queue) => queue.oldestReadySeconds,
      'How long the oldest ready message has waited',
      duration,
    ),
    number(
      'leased',
      'Leased',
      5.2,
      noTopic((queue) => queue.leased),
      'Messages that workers have now',
    ),
    number(
      'lease',
      'Lease',
      4.8,
      (queue) => queue.oldestLeaseSeconds,
      'How long the oldest lease has lasted',
      duration,
    ),
    number(
      'delayed',
      'Delayed',
      5.8,
      noTopic((queue) => queue.delayed),
      'Scheduled, or waiting for their next try',
    ),
    number(
      'deferred',
      'Deferred',
      6,
      noTopic((queue) => queue.deferred),
      'Put aside by a worker, received by their position',
    ),
    {
      ...number(
        'dead',
        'Dead',
        4.6,
        noTopic((queue) => queue.dead),
        'Dead letters',
      ),
      cell: deadCell,
    },
    number(
      'behind',
      'Behind',
      5,
      (queue) => (queue.kind === 'subscription' ? queue.behind : null),
      'What a subscription has not come to',
    ),
    number('sent', 'Sent/s', 4.8, (queue) => queue.rates.sent, 'Sends per second', rate),
    number(
      'completed',
      'Done/s',
      4.8,
      noTopic((queue) => queue.rates.completed),
      'Completed per second',
      rate,
    ),
    number(
      'failed',
      'Failed/s',
      5.2,
      noTopic((queue) => queue.rates.failed),
      'Failures per second',
      rate,
    ),
    number('waiting', 'Waiting', 5.6, (queue) => queue.waitingReceivers, 'Receivers that wait for a message now'),
    {
      id: 'kind',
      title: 'Kind',
      isText: true,
      width: 10,
      sort: kindOf,
      text: kindOf,
      hint: 'What it is, and its durability if that is not strict',
    },
  ];
}

const rank = (queue) => {
  const index = States.indexOf(queue.state);
  return index < 0 ? States.length : index;
};

// Strict is the default; what is not is said.
const kindOf = ({ kind, durability }) => (durability === 'strict' ? kind : `${kind}, ${durability}`);

function nameCell() {
  const node = h('a');
  return {
    node,
    update({ name }) {
      setText(node, name);
      setAttribute(node, 'href', queueAddress(name));
      setAttribute(node, 'title', name);
    },
  };
}

function stateCell() {
  const word = h('span', { class: 'state' });
  const says = h('span', { class: 'sub' });
  return {
    node: h('span', { class: 'two-lines' }, word, says),
    update(queue) {
      setText(word, stateWord(queue));
      setAttribute(word, 'data-tone', stateTone(queue));
      setText(says, queue.says ?? '');
      setAttribute(says, 'title', queue.says ?? null);
      setHidden(says, !queue.says || Unremarkable.has(queue.state));
    },
  };
}

function deadCell() {
  const node = h('span');
  return {
    node,
    update(queue) {
      const count = queue.kind === 'topic' ? null : queue.dead;
      setText(node, compact(count));
      node.dataset.tone = count > 0 ? 'warning' : 'none';
      node.classList.toggle('faint', !count);
    },
  };
}
