// Which silo is fullest, slowest, alone: a table of all, the details of one, and who serves which shard.

import { counted } from '../parts/format.js';
import { h, setHidden, setText } from '../parts/dom.js';
import { Table } from '../parts/table.js';
import { live, mayAct } from '../data/live.js';
import { createShardMap } from './shard-map.js';
import { createSiloDetail } from './silo-detail.js';
import { siloColumns } from './silo-columns.js';

export function createSilosPage() {
  const count = h('p', { class: 'section-note' });
  const table = new Table(siloColumns(), {
    label: 'Silos',
    testId: 'silos',
    key: (silo) => silo.name,
    sort: ['name', false],
    attributes: (silo) => ({
      'data-silo': silo.name,
      'data-state': silo.state,
      'aria-current': silo.name === chosen ? 'true' : null,
    }),
  });
  const lone = createLoneHint();
  const detail = createSiloDetail();
  const map = createShardMap();
  const element = h(
    'div',
    { class: 'page', id: 'silos' },
    h('div', { class: 'page-head' }, h('h1', null, 'Silos'), count),
    table.element,
    lone.element,
    detail.element,
    map.element,
  );
  let chosen = null;

  return {
    element,
    redraw: () => {
      map.redraw();
      detail.redraw();
    },
    open(argument) {
      const isOther = chosen !== argument && argument !== null;
      chosen = argument;
      detail.choose(argument);
      if (isOther && live.cluster !== null) {
        this.update();
        detail.element.scrollIntoView({ block: 'nearest' });
      }
    },
    update() {
      if (live.cluster === null) {
        return;
      }
      const { silos } = live.cluster;
      setText(count, summarize(live.cluster));
      table.update(silos);
      lone.update();
      detail.update();
      map.update();
    },
  };
}

// What to do when there is one silo only.
function createLoneHint() {
  const join = h('code');
  const element = h(
    'p',
    { class: 'hint-line', id: 'one-silo' },
    'One silo holds everything. To add one, start it with ',
    join,
    ', or with the same ',
    h('code', null, '--cluster-store'),
    ' as this one has; on the same machine also with ports of its own. It takes its share of the shards by itself.',
  );
  return {
    element,
    update() {
      const { silos } = live.cluster;
      setHidden(element, silos.length !== 1);
      setText(join, `--name NAME --primary ${silos[0]?.address ?? ''}`);
    },
  };
}

function summarize({ silos, cluster }) {
  const replicas = cluster.replicas === 'none' ? 'no replicas' : `${cluster.replicas} replicas`;
  const facts = `${counted(silos.length, 'silo')}, membership view ${cluster.viewVersion}, ${replicas}.`;
  return `${facts} Choose one for its details${mayAct() ? ' and to drain it' : ''}.`;
}
