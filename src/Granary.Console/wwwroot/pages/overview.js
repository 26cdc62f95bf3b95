// The first page: is it well, and if not, what is it and what to do.

import { createFindings } from '../parts/findings.js';
import { h, setHidden, setText } from '../parts/dom.js';
import { live } from '../data/live.js';
import { createHourCharts } from './hour-charts.js';
import { createTiles } from './tiles.js';

export function createOverviewPage() {
  const findings = createFindings();
  const tiles = createTiles();
  const charts = createHourCharts();
  const start = createStart();
  const element = h(
    'div',
    { class: 'page', id: 'overview' },
    findings.element,
    start.element,
    tiles.element,
    charts.element,
  );
  return {
    element,
    redraw: charts.redraw,
    update() {
      if (live.cluster !== null) {
        findings.update();
        start.update();
        tiles.update();
        charts.update();
      }
    },
  };
}

// What to do with a cluster that nobody has used yet.
function createStart() {
  const client = h('code');
  const element = h(
    'p',
    { class: 'card empty', id: 'no-entries' },
    'Nothing is stored yet. Let a memcached client connect to any silo, by default at port 11211, or a .NET client: ',
    client,
  );
  return {
    element,
    update() {
      const { silos } = live.cluster;
      const isUnused = silos.every((silo) => !silo.entries && !silo.rates?.reads && !silo.rates?.stores);
      setHidden(element, !isUnused);
      setText(client, `services.AddGranaryClient("${silos[0]?.gateway ?? ''}")`);
    },
  };
}
