// What came of the last action, at the foot of the page, and said to screen readers.

import { h, setHidden, setText } from '../parts/dom.js';
import { clock } from '../parts/format.js';

const ShownMilliseconds = 20_000;
const region = document.getElementById('result'); // always rendered, or a change of it would not be said
const text = h('span', { class: 'result-text' });
const dismiss = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: hide }, 'Dismiss');
let timer = 0;

region.append(text, dismiss);

/** Shows a sentence for a while. */
export function announce(sentence) {
  setText(text, `${clock(Date.now())}: ${sentence}`);
  setHidden(dismiss, false);
  region.classList.add('shown');
  clearTimeout(timer);
  timer = setTimeout(hide, ShownMilliseconds);
}

function hide() {
  region.classList.remove('shown');
  setHidden(dismiss, true);
  setText(text, '');
}
