// Names and values, in as many columns as there is room for.

import { h, keyed, setText } from './dom.js';

export function createFacts() {
  const element = h('dl', { class: 'facts' });
  return {
    element,
    /** Shows [name, text] pairs. */
    update(facts) {
      keyed(
        element,
        facts,
        ([name]) => name,
        ([name]) => {
          const value = h('dd');
          return { node: h('div', null, h('dt', null, name), value), update: ([, text]) => setText(value, text) };
        },
      );
    },
  };
}
