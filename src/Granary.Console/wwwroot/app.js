// The Granary console. Start reading here: the silo's events come in through data/live.js, and each one leads to one
// update of the page that is shown, in one animation frame. A page is { element, update(), redraw?(), open?(argument),
// close?() }; it is made when it is first shown and kept, so that coming back to it finds it as it was left.

import { append, load } from './data/history.js';
import { connect, listen, live } from './data/live.js';
import { collect } from './data/queue-samples.js';
import { learnSilos } from './parts/palette.js';
import { createOverviewPage } from './pages/overview.js';
import { h, setAttribute } from './parts/dom.js';
import { showConnection } from './shell/connection.js';
import { route } from './shell/router.js';
import { startShortcuts } from './shell/shortcuts.js';
import { startTheme } from './shell/theme.js';
import { showVerdict } from './shell/verdict.js';
import { showWho } from './shell/who.js';

const main = document.getElementById('main');
const create = {
  // the overview comes with the first load, the others when that is done
  overview: async () => createOverviewPage(),
  silos: async () => (await import('./pages/silos.js')).createSilosPage(),
  cache: async () => (await import('./pages/cache.js')).createCachePage(),
  queues: async () => (await import('./pages/queues.js')).createQueuesPage(),
  queue: async () => (await import('./pages/queue.js')).createQueuePage(),
  audit: async () => (await import('./pages/audit.js')).createAuditPage(),
};
const made = {};
const leftAt = new Map(); // how far each page was scrolled
let current = null;
let isScheduled = false;

async function navigate() {
  const address = location.hash;
  const { page, argument } = route();
  const section = Object.hasOwn(create, page) && page !== 'queue' ? page : 'overview';
  for (const link of document.querySelectorAll('#pages a')) {
    setAttribute(link, 'aria-current', link.dataset.page === section ? 'page' : null);
  }

  const name = section === 'queues' && argument !== null ? 'queue' : section;
  try {
    made[name] ??= await create[name]();
  } catch (error) {
    console.error(error);
    const reload = h('button', { type: 'button', onclick: () => location.reload() }, 'Load again');
    show({
      element: h('div', { class: 'page' }, h('p', { class: 'notice' }, 'This page could not be loaded. '), reload),
      update() {},
    });
    return;
  }
  if (location.hash === address) {
    // and not somewhere else meanwhile
    show(made[name], argument);
  }
}

function show(page, argument) {
  const isOther = page !== current;
  const isFirst = current === null;
  if (isOther) {
    leftAt.set(current, scrollY);
    current?.close?.();
    current = page;
    main.replaceChildren(page.element);
  }
  page.open?.(argument);
  update();
  if (isOther && !isFirst) {
    scrollTo(0, leftAt.get(page) ?? 0);
    main.focus({ preventScroll: true }); // a screen reader goes on from the page's beginning
  }
}

// In one frame, so that two events that come together cost one update. None while nobody sees it, but for the title.
function schedule() {
  showVerdict();
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      update();
    });
  }
}

function update() {
  const start = performance.now();
  showConnection();
  current?.update();
  performance.measure('granary:update', { start }); // seen in a browser's profile
  performance.clearMeasures('granary:update');
}

listen((what) => {
  if (what === 'me') {
    showWho();
  } else if (what === 'cluster') {
    learnSilos(live.cluster.silos.map((silo) => silo.name));
    append(live.cluster);
  } else if (what === 'queues') {
    collect(live.queues);
  }
  schedule();
});

window.history.scrollRestoration = 'manual';
startTheme(() => Object.values(made).forEach((page) => page.redraw?.()));
startShortcuts();
addEventListener('hashchange', navigate);
navigate();
connect();

function loadHistory() {
  load().then(schedule, () => setTimeout(loadHistory, 5000)); // the charts begin with now until it is there
}
loadHistory();

// So that every page opens at once, and also while the connection is lost.
addEventListener('load', () =>
  setTimeout(() => {
    for (const name of ['silos', 'cache', 'queues', 'queue', 'audit']) {
      import(`./pages/${name}.js`).catch(() => {}); // asked for again when it is to be shown
    }
  }, 3000),
);
