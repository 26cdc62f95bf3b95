// The messages of a queue by state, a page at a time. Peeking takes no lease and changes nothing; what is shown is as
// of when it was read, for rows that change under the eye cannot be read.

import { h, setAttribute, setHidden, setText } from '../parts/dom.js';
import { clock, compact } from '../parts/format.js';
import { get } from '../data/server.js';
import { createMessage } from './message.js';

const PageSize = 20;
const States = ['ready', 'delayed', 'leased', 'deferred', 'dead'];
const Empty = {
  ready: 'No message is ready. One that is sent is listed here until a worker takes it.',
  delayed: 'No message is delayed. Scheduled ones, and those that wait for their next try, are listed here.',
  leased: 'No message is leased. What workers have just now is listed here.',
  deferred: 'No message is deferred. What workers put aside is listed here.',
  dead: 'No dead letters. A message that has failed too often is listed here, with its reason.',
};

export function createMessages(name, actions) {
  let state = null;
  let pages = [null]; // where each page that was seen begins; the last one is shown
  let next = null;
  let request = null;

  const tabs = States.map((one) => {
    const count = h('span', { class: 'count' });
    const button = h(
      'button',
      { type: 'button', 'aria-pressed': 'false', 'data-message-state': one, onclick: () => choose(one) },
      one.charAt(0).toUpperCase() + one.slice(1),
      count,
    );
    return { state: one, button, count };
  });
  const note = h('p', { class: 'section-note', role: 'status' });
  const list = h('ol', { class: 'messages', 'data-testid': 'messages' });
  const empty = h('p', { class: 'empty' });
  const refresh = h('button', { type: 'button', onclick: () => read() }, 'Read again');
  const previous = h('button', { type: 'button', onclick: () => go(-1) }, 'Previous');
  const following = h('button', { type: 'button', onclick: () => go(1) }, 'Next');
  const element = h(
    'section',
    { class: 'card message-browser', 'aria-labelledby': 'messages-title' },
    h(
      'div',
      { class: 'section-head' },
      h('h2', { id: 'messages-title' }, 'Messages'),
      h(
        'div',
        { class: 'segments', role: 'group', 'aria-label': 'State of the messages' },
        tabs.map((tab) => tab.button),
      ),
    ),
    h('div', { class: 'section-head' }, note, h('div', { class: 'actions' }, refresh, previous, following)),
    list,
    empty,
  );

  function choose(chosen) {
    state = chosen;
    pages = [null];
    for (const tab of tabs) {
      setAttribute(tab.button, 'aria-pressed', `${tab.state === state}`);
    }
    read();
  }

  function go(step) {
    pages = step > 0 ? [...pages, next] : pages.slice(0, -1);
    read();
  }

  async function read() {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    const from = pages.at(-1);
    try {
      const query = { queue: name, state, max: PageSize, ...(from === null ? null : { from }) };
      const answer = await get('queues/messages', query, signal);
      next = answer.next;
      list.replaceChildren(...answer.messages.map((message) => createMessage(message, state, actions)));
      setHidden(list, answer.messages.length === 0);
      setHidden(empty, answer.messages.length > 0);
      setText(empty, Empty[state]);
      setText(note, `Page ${pages.length}, read at ${clock(Date.now())}. Reading takes no lease and changes nothing.`);
      previous.disabled = pages.length === 1;
      following.disabled = next === null;
    } catch (error) {
      if (error.name !== 'AbortError') {
        setText(note, `The messages cannot be read now. ${error.message}`);
      }
    }
  }

  return {
    element,
    /** Reads the first page, once it is known which state is worth it. */
    begin(queue) {
      if (state === null && queue.kind !== 'topic') {
        choose(queue.dead > 0 ? 'dead' : 'ready');
      }
    },
    reload() {
      if (state !== null) {
        pages = [null];
        read();
      }
    },
    update(queue) {
      for (const tab of tabs) {
        setText(tab.count, compact(queue[tab.state]));
      }
    },
  };
}
