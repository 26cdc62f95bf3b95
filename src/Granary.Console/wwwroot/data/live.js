// What is known now: the latest event of each kind, who looks, and whether the connection stands. One for the page.

import { eventsAddress, get } from './server.js';

// A silo sends `cluster` every 2 s; five missed ones are a lost connection even if TCP has not noticed.
const SilenceMilliseconds = 10_000;
const RetryMilliseconds = [1000, 2000, 4000, 8000];

export const live = {
  me: null,
  cluster: null,
  queues: null,
  isLost: false,
  receivedAt: 0, // by this browser's clock
  clockOffset: 0, // the silo's clock less this one's, in milliseconds
};

const listeners = [];
let source = null;
let failures = 0;
let openedAt = 0;

/** The silo's time now. */
export const now = () => Date.now() + live.clockOffset;

export const mayAct = () => live.me?.role === 'operator';

/** Calls back with 'me', 'cluster', 'queues' or 'connection' when that has changed. */
export function listen(listener) {
  listeners.push(listener);
}

/** Begins to listen to the silo, for as long as the page is there. */
export function connect() {
  loadMe();
  open();
  setInterval(watch, 1000);
}

async function loadMe() {
  try {
    live.me = await get('me');
    tell('me');
  } catch {
    setTimeout(loadMe, 3000); // 401 has led to the login page; anything else passes
  }
}

function open() {
  source?.close();
  openedAt = Date.now();
  source = new EventSource(eventsAddress);
  source.addEventListener('cluster', (event) => receive('cluster', event));
  source.addEventListener('queues', (event) => receive('queues', event));
  source.addEventListener('again', open); // the silo ends each stream after a while, and asks again who looks
  source.addEventListener('error', () => {
    setLost(true);
    if (source.readyState === EventSource.CLOSED) {
      retry(); // it was refused: EventSource gives up then
    }
  });
}

function receive(kind, event) {
  live[kind] = JSON.parse(event.data);
  live.receivedAt = Date.now();
  live.clockOffset = live[kind].time - live.receivedAt;
  failures = 0;
  setLost(false);
  tell(kind);
}

function retry() {
  const closed = source;
  const delay = RetryMilliseconds[Math.min(failures++, RetryMilliseconds.length - 1)];
  setTimeout(async () => {
    await get('me').catch(() => {}); // leads to the login page if that is the reason
    if (source === closed) {
      open();
    }
  }, delay);
}

function watch() {
  const heard = Math.max(live.receivedAt, openedAt);
  if (Date.now() - heard > SilenceMilliseconds && source.readyState !== EventSource.CLOSED) {
    setLost(true);
    open();
  } else if (live.isLost) {
    tell('connection'); // its age grows
  }
}

function setLost(isLost) {
  if (live.isLost !== isLost) {
    live.isLost = isLost;
    if (!isLost) {
      loadMe(); // it may be another silo now, of another version
    }
    tell('connection');
  }
}

function tell(what) {
  for (const listener of listeners) {
    listener(what);
  }
}
