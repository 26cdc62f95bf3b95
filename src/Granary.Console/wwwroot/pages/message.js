// One message: a line that tells it from the others, and behind it all that there is. Everything in it is a user's.

import { h } from '../parts/dom.js';
import { bytes, clock, counted, duration } from '../parts/format.js';
import { mayAct, now } from '../data/live.js';

const PreviewLength = 160;

/** A list item for a message; `state` is that of the messages it is listed among. */
export function createMessage(message, state, actions) {
  const age = message.sentAt === null ? null : `sent ${duration(Math.max(0, (now() - message.sentAt) / 1000))} ago`;
  const facts = [
    age,
    message.failures > 0 ? counted(message.failures, 'failure') : null,
    bytes(message.bodyBytes),
    message.group === null ? null : `group ${message.group}`,
  ]
    .filter(Boolean)
    .join(', ');
  const why =
    message.deadReason === null
      ? message.lastFailure
      : [message.deadReason, firstLine(message.deadDescription)].filter(Boolean).join(': ');
  return h(
    'li',
    { 'data-position': message.position },
    h(
      'details',
      null,
      h(
        'summary',
        null,
        h(
          'span',
          { class: 'message-line' },
          h('code', { class: 'position' }, message.position),
          message.subject === null ? null : h('span', { class: 'subject' }, message.subject),
          message.messageId === null ? null : h('span', { class: 'message-id' }, message.messageId),
          h('span', { class: 'sub' }, facts),
        ),
        why ? h('span', { class: 'why' }, why) : null,
        h('code', { class: 'preview' }, preview(message)),
      ),
      h(
        'div',
        { class: 'message-body' },
        definitions(message),
        Object.keys(message.headers ?? {}).length === 0 ? null : headersOf(message.headers),
        body(message),
        buttons(message, state, actions),
      ),
    ),
  );
}

const firstLine = (text) => text?.split('\n', 1)[0] ?? '';

function preview({ body, bodyIsText, bodyBytes }) {
  if (body === null) {
    return `${bytes(bodyBytes)}, not shown`;
  }
  return bodyIsText ? body.slice(0, PreviewLength).replace(/\s+/g, ' ') : `base 64: ${body.slice(0, PreviewLength)}`;
}

function definitions(message) {
  const rows = [
    ['Message id', message.messageId],
    ['Group', message.group],
    ['Subject', message.subject],
    ['Content type', message.contentType],
    ['Sent', message.sentAt && clock(message.sentAt)],
    ['Due', message.dueAt && clock(message.dueAt)],
    ['Deliveries', `${message.deliveries}, ${counted(message.failures, 'failure')}`],
    ['Reason', message.deadReason],
    ['Description', message.deadDescription],
    ['Last failure', message.lastFailure],
    ['Failed at', message.lastFailureAt && clock(message.lastFailureAt)],
  ].filter(([, value]) => value);
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, String(value)))),
  );
}

function headersOf(headers) {
  return h(
    'div',
    { class: 'headers' },
    h('h3', null, 'Headers'),
    h(
      'dl',
      { class: 'facts' },
      Object.entries(headers).map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, String(value)))),
    ),
  );
}

function body(message) {
  if (message.body === null) {
    return null;
  }
  const title = [
    'Body',
    message.bodyIsText ? '' : ', base 64',
    message.bodyIsCut ? `, the beginning of ${bytes(message.bodyBytes)}` : '',
  ].join('');
  return h(
    'div',
    null,
    h('h3', null, title),
    h(
      'pre',
      { tabindex: '0', role: 'group', 'aria-label': `Body of message ${message.position}` },
      h('code', null, pretty(message)),
    ),
  );
}

// JSON on lines of its own; anything else, and JSON that was cut, as it is.
function pretty({ body, bodyIsText, bodyIsCut }) {
  if (!bodyIsText || bodyIsCut || !/^\s*[[{]/.test(body) || /\d{16}/.test(body)) {
    return body; // digits beyond a double's would come out as others
  }
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function buttons(message, state, actions) {
  if (!mayAct()) {
    return null;
  }
  const redrive =
    state === 'dead'
      ? h(
          'button',
          { type: 'button', 'data-action': 'redrive-one', onclick: () => actions.redriveOne(message) },
          'Redrive…',
        )
      : null;
  const purge = actions.canPurge(state)
    ? h(
        'button',
        {
          type: 'button',
          class: 'danger-quiet',
          'data-action': 'purge-one',
          onclick: () => actions.purgeOne(message, state),
        },
        'Delete…',
      )
    : null;
  return (redrive ?? purge) ? h('div', { class: 'actions' }, redrive, purge) : null;
}
