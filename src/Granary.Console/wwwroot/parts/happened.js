// What just happened, latest first. Each entry has the symbol of its line in the charts; pointing at one shows the
// other.

import { h, icon, keyed, setHidden, setText } from './dom.js';
import { clock, duration } from './format.js';
import { history } from '../data/history.js';
import { now } from '../data/live.js';
import { colorOf, highlight } from './marks.js';

export function createHappened(redrawCharts) {
  const list = h('ol', { class: 'happened-list', 'data-testid': 'happened' });
  const empty = h(
    'p',
    { class: 'empty' },
    'Nothing in the last hour. Silos that join, leave or are lost, shards that move, and flushes are listed here.',
  );
  const element = h(
    'section',
    { class: 'card happened', 'aria-labelledby': 'happened-title' },
    h('h3', { id: 'happened-title' }, 'What just happened'),
    list,
    empty,
  );
  let near = null;

  const point = (event) => {
    highlight(event);
    redrawCharts();
  };
  return {
    element,
    update() {
      setHidden(empty, history.happened.length > 0);
      setHidden(list, history.happened.length === 0);
      keyed(
        list,
        history.happened,
        (event) => `${event.at} ${event.silo} ${event.text}`,
        (event) => createEvent(event, point),
      );
    },
    /** Marks the entries of about the time that the cursor is at; null: none. */
    showNear(at, distance) {
      if (at === near) {
        return; // the other charts tell the same cursor
      }
      near = at;
      history.happened.forEach((event, index) =>
        list.children[index]?.classList.toggle('near', at !== null && Math.abs(event.at - at) < distance),
      );
    },
  };
}

function createEvent(event, point) {
  const age = h('span', { class: 'age' });
  const image = icon(event.kind);
  image.style.color = `var(${colorOf(event.kind)})`;
  const node = h(
    'li',
    { 'data-kind': event.kind, onpointerenter: () => point(event), onpointerleave: () => point(null) },
    image,
    h('p', null, event.text),
    h('span', { class: 'when' }, h('time', { datetime: new Date(event.at).toISOString() }, clock(event.at)), age),
  );
  return {
    node,
    update: () =>
      setText(age, `, ${duration(Math.max(0, Math.floor((now() - event.at) / 1000))).replace('.0', '')} ago`),
  };
}
