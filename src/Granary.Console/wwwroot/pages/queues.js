// All queues, topics and subscriptions: first those that somebody has to look after.

import { h, setHidden, setText } from '../parts/dom.js';
import { counted } from '../parts/format.js';
import { Table } from '../parts/table.js';
import { live } from '../data/live.js';
import { queueColumns } from './queue-columns.js';

export function createQueuesPage() {
  const search = h('input', {
    type: 'search',
    id: 'queue-filter',
    placeholder: 'Filter',
    'aria-label': 'Filter queues by name, kind or state',
    title: 'Filter (/)',
  });
  const count = h('p', { class: 'section-note', role: 'status' });
  const reason = h('p', { class: 'notice', 'data-severity': 'warning' });
  const none = h('p', { class: 'card empty' }, 'No queue matches the filter.');
  const first = createFirstQueue();
  const table = new Table(queueColumns(), {
    label: 'Queues, topics and subscriptions',
    testId: 'queues',
    key: (queue) => queue.name,
    sort: ['state', false],
    attributes: (queue) => ({ 'data-queue': queue.name, 'data-state': queue.state }),
  });
  const element = h(
    'div',
    { class: 'page', id: 'queues' },
    h('div', { class: 'page-head' }, h('h1', null, 'Queues'), count, search),
    reason,
    first,
    none,
    table.element,
  );

  const update = () => {
    if (live.queues === null) {
      return;
    }
    const { available, queues } = live.queues;
    const wanted = search.value.trim().toLowerCase();
    const shown = wanted === '' ? queues : queues.filter((queue) => matches(queue, wanted));
    setHidden(reason, available);
    setText(reason, available ? '' : `The queues cannot be read now. ${live.queues.reason ?? ''}`);
    setHidden(first, !available || queues.length > 0);
    setHidden(none, queues.length === 0 || shown.length > 0);
    setHidden(search, queues.length === 0);
    setText(count, shown.length === queues.length ? summarize(queues) : `${shown.length} of ${queues.length} shown`);
    table.update(shown);
  };
  search.addEventListener('input', update);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && search.value === '') {
      search.blur();
    }
  });
  let shownEvent = null;
  return {
    element,
    update() {
      if (live.queues !== shownEvent) {
        // the cluster's events change nothing here
        shownEvent = live.queues;
        update();
      }
    },
  };
}

const matches = (queue, wanted) => `${queue.name} ${queue.kind} ${queue.state}`.toLowerCase().includes(wanted);

function summarize(queues) {
  const of = (kind, noun) => {
    const count = queues.filter((queue) => queue.kind === kind).length;
    return count > 0 ? counted(count, noun) : '';
  };
  return [of('queue', 'queue'), of('topic', 'topic'), of('subscription', 'subscription')].filter(Boolean).join(', ');
}

function createFirstQueue() {
  const code = [
    'services.AddGranaryClient("127.0.0.1:30000");',
    '',
    '// queues is an IGranaryQueues',
    'QueueMessage message = QueueMessage.Of(new Order(1, "anna", 20));',
    'await queues.CreateSender("orders").SendAsync(message, cancellationToken);',
  ].join('\n');
  return h(
    'section',
    { class: 'card empty', id: 'no-queues', 'aria-label': 'No queues yet' },
    h('h2', null, 'No queues yet'),
    h('p', null, 'A queue is made by its first use. Send the first message from a .NET client:'),
    h('pre', { tabindex: '0' }, h('code', null, code)),
    h('p', null, "To see a queue's whole life, run ", h('code', null, 'ClientSample -- queue'), '.'),
  );
}
