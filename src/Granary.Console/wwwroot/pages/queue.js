// One queue, topic or subscription: what holds it up, its numbers, its messages, and what an operator may do about
// them.

import { h, isSelected, keyed, setAttribute, setHidden, setText } from '../parts/dom.js';
import { createFacts } from '../parts/facts.js';
import { duration, exact, words } from '../parts/format.js';
import { get } from '../data/server.js';
import { live } from '../data/live.js';
import { queueAddress } from '../shell/router.js';
import { createMessages } from './messages.js';
import { createMessage } from './message.js';
import { createPartitions } from './partitions.js';
import { createQueueActions } from './queue-actions.js';
import { createQueueNumbers } from './queue-numbers.js';
import { stateTone, stateWord } from './queue-columns.js';

export function createQueuePage() {
  let view = null;
  const element = h('div', { class: 'page', id: 'queue' });
  return {
    element,
    redraw: () => view?.redraw(),
    open(name) {
      if (view?.name !== name) {
        view = createView(name);
        element.replaceChildren(view.element);
      }
      view.load();
    },
    update: () => view?.update(),
  };
}

function createView(name) {
  const state = h('span', { class: 'state large' });
  const says = h('p', { class: 'queue-says' });
  const problem = h('p', { class: 'notice', 'data-severity': 'warning', hidden: true });
  const stuck = h('section', { class: 'stuck', id: 'stuck-on', 'aria-labelledby': 'stuck-title', hidden: true });
  const subscriptions = h('ul', { class: 'subscriptions' });
  const subscriptionsSection = h(
    'section',
    { 'aria-labelledby': 'subscriptions-title', hidden: true },
    h('h2', { id: 'subscriptions-title' }, 'Subscriptions'),
    subscriptions,
  );
  const options = createFacts();
  const optionsBox = h(
    'section',
    { class: 'card', 'aria-labelledby': 'options-title' },
    h('h2', { id: 'options-title' }, 'Options'),
    options.element,
  );
  const actions = createQueueActions(name, () => {
    load();
    messages.reload();
  });
  const numbers = createQueueNumbers(name);
  const partitions = createPartitions();
  const messages = createMessages(name, actions);
  const body = h(
    'div',
    { class: 'queue-body' },
    numbers.element,
    subscriptionsSection,
    messages.element,
    partitions.element,
    optionsBox,
  );
  const element = h(
    'div',
    { class: 'queue-view', 'data-queue': name },
    h('p', { class: 'crumb' }, h('a', { href: '#/queues' }, 'Queues')),
    h('div', { class: 'page-head' }, h('h1', null, name), state, actions.element),
    says,
    problem,
    stuck,
    body,
  );

  let detail = null;
  let shownEvent = null;
  let stuckOn = '';

  const load = async () => {
    try {
      const { queue, ...more } = await get('queues/detail', { queue: name });
      detail = { ...queue, ...more };
      setHidden(problem, true);
      setHidden(body, false);
      messages.begin(detail);
      update();
    } catch (error) {
      setText(
        problem,
        error.status === 404
          ? `There is no queue ${name}. It may have been removed.`
          : `The details cannot be read now. ${error.message}`,
      );
      setHidden(problem, false);
      setHidden(body, detail === null);
    }
  };

  const showStuck = () => {
    const message = detail.stuckOn;
    const key = JSON.stringify(message);
    setHidden(stuck, !message);
    if (key !== stuckOn && !isSelected(stuck)) {
      stuckOn = key;
      const isOpen = stuck.querySelector('details')?.open ?? false;
      const shown = message ? createMessage(message, message.state, actions) : null;
      stuck.replaceChildren(
        ...(message
          ? [
              h('h2', { id: 'stuck-title' }, `Stuck on message ${message.position}`),
              h('p', null, stuckText(message, detail.options.maxDeliveryCount)),
              h('ol', { class: 'messages' }, shown),
            ]
          : []),
      );
      if (shown !== null) {
        shown.querySelector('details').open = isOpen;
      }
    }
  };

  const update = () => {
    const queue = live.queues?.queues.find((one) => one.name === name) ?? detail;
    if (live.queues !== null && live.queues !== shownEvent) {
      shownEvent = live.queues;
      if (detail !== null && element.isConnected) {
        load(); // with each event of the queues, so every 5 s
      }
    }
    if (queue === null || detail === null) {
      return;
    }
    setText(state, stateWord(queue));
    setAttribute(state, 'data-tone', stateTone(queue));
    setText(says, [kindOf(queue), queue.says ?? ''].filter(Boolean).join(' '));
    actions.update(queue);
    numbers.update(queue);
    partitions.update(detail.perPartition);
    messages.update(queue);
    showSubscriptions(queue);
    options.update(Object.entries(detail.options).map(([option, value]) => [words(option), optionText(option, value)]));
    showStuck();
  };

  const showSubscriptions = (queue) => {
    const isTopic = queue.kind === 'topic';
    const own = isTopic
      ? (live.queues?.queues ?? []).filter((one) => one.kind === 'subscription' && one.name.startsWith(`${name}/`))
      : [];
    setHidden(subscriptionsSection, !isTopic);
    setHidden(messages.element, isTopic);
    keyed(
      subscriptions,
      own,
      (one) => one.name,
      (one) => {
        const text = h('span');
        return {
          node: h('li', null, h('a', { href: queueAddress(one.name) }, one.name), text),
          update: (now) =>
            setText(
              text,
              ` ${stateWord(now)}: ${exact(now.ready)} ready, ${exact(now.behind)} behind, ${exact(now.dead)} dead`,
            ),
        };
      },
    );
  };

  return {
    name,
    element,
    load,
    update,
    redraw: numbers.redraw,
  };
}

function stuckText({ failures, lastFailure }, maxDeliveryCount) {
  const most = maxDeliveryCount ? ` of at most ${maxDeliveryCount}` : '';
  return `It has failed ${failures}${most} times and is the oldest that is not done. ${lastFailure ?? ''}`;
}

function kindOf(queue) {
  const kind = queue.kind.charAt(0).toUpperCase() + queue.kind.slice(1);
  return `${kind}, ${queue.durability}, ${queue.partitions} ${queue.partitions === 1 ? 'partition' : 'partitions'}.`;
}

function optionText(name, value) {
  if (value === null) {
    return 'none';
  }
  if (typeof value !== 'number') {
    return typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase();
  }
  return name.endsWith('Seconds') ? duration(value).replace('.0', '') : exact(value);
}
