// Who serves which shard: a cell for each, on one canvas, for there may be thousands. What the canvas shows is also
// there in words: a summary, a table of counts, and the shard under the pointer or the arrow keys.

import { h, setHidden, setText } from '../parts/dom.js';
import { counted } from '../parts/format.js';
import { live } from '../data/live.js';
import { layOut, paint } from './shard-cells.js';
import { createShardLegend } from './shard-legend.js';

export function createShardMap() {
  const canvas = h('canvas', {
    class: 'shard-canvas',
    tabindex: '0',
    role: 'application',
    'aria-label': 'Shard map: arrow keys go from shard to shard',
    'aria-describedby': 'shard-summary',
    'data-testid': 'shard-map',
  });
  const frame = h('div', { class: 'shard-frame' }, canvas);
  const summary = h('p', { class: 'section-note', id: 'shard-summary' });
  const told = h('p', { class: 'shard-told', 'aria-live': 'polite', id: 'shard-told' });
  const legend = createShardLegend((silo) => {
    dimmedBut = silo;
    draw();
  });
  const element = h(
    'section',
    { class: 'card shard-map', 'aria-labelledby': 'shards-title' },
    h('div', { class: 'section-head' }, h('h2', { id: 'shards-title' }, 'Shards'), summary),
    frame,
    told,
    legend.element,
  );

  let width = 0; // as observed: asking the element in each update would force a layout
  let layout = null;
  let pointed = null; // the shard under the pointer or the keys
  let dimmedBut = null; // the index of the only silo that is not dimmed
  let drawn = '';

  const draw = () => {
    if (layout !== null && live.cluster !== null) {
      paint(canvas, layout, live.cluster, pointed, dimmedBut);
    }
  };
  const resize = () => {
    const count = live.cluster?.cluster.shardCount ?? 0;
    if (width > 0 && count > 0 && (layout?.width !== width || layout.count !== count)) {
      layout = layOut(width, count);
      drawn = '';
    }
  };
  new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    resize();
    draw();
  }).observe(frame);

  const tell = () =>
    setText(
      told,
      pointed === null ? 'Point at a shard, or go through them with the arrow keys.' : describe(pointed, live.cluster),
    );
  const point = (shard) => {
    if (shard !== pointed) {
      pointed = shard;
      tell();
      draw();
    }
  };
  canvas.addEventListener('pointermove', (event) => point(layout?.shardAt(event.offsetX, event.offsetY) ?? null));
  canvas.addEventListener('pointerleave', () => point(null));
  tell();
  canvas.addEventListener('focus', () => point(pointed ?? 0));
  canvas.addEventListener('blur', () => point(null));
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -layout?.columns, ArrowDown: layout?.columns }[event.key];
    const next =
      event.key === 'Home' ? 0 : event.key === 'End' ? layout.count - 1 : step ? (pointed ?? 0) + step : null;
    if (next !== null && next >= 0 && next < layout.count) {
      event.preventDefault();
      point(next);
    }
  });

  return {
    element,
    redraw: draw,
    update() {
      const { cluster } = live;
      resize();
      setText(summary, summarize(cluster));
      legend.update();
      setHidden(element, cluster.shards.servedBy.length === 0);
      const state = JSON.stringify([cluster.shards, cluster.silos.map((silo) => silo.name)]);
      if (state !== drawn) {
        // most events change nothing here
        drawn = state;
        tell();
        draw();
      }
    },
  };
}

function summarize({ shards }) {
  const nobody = shards.servedBy.filter((silo) => silo < 0).length;
  const parts = [
    `${shards.servedBy.length - nobody} of ${shards.servedBy.length} served`,
    shards.moving.length > 0 ? `${shards.moving.length} moving` : 'none moving',
    shards.unprotected.length > 0 ? `${shards.unprotected.length} unprotected` : '',
    nobody > 0 ? `${counted(nobody, 'shard')} served by nobody` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function describe(shard, { shards, silos }) {
  const nameOf = (index) => (silos[index] === undefined ? 'nobody' : `silo ${silos[index].name}`);
  const served = shards.servedBy[shard];
  const wanted = shards.wantedBy[shard];
  const states = [
    shards.moving.includes(shard) ? 'moving' : '',
    shards.unprotected.includes(shard) ? 'unprotected' : '',
  ].filter(Boolean);
  return (
    [`Shard ${shard}: served by ${nameOf(served)}`, wanted === served ? '' : `wanted by ${nameOf(wanted)}`, ...states]
      .filter(Boolean)
      .join(', ') + '.'
  );
}
