// What happened, in a chart: a dashed vertical line with the same symbol on top as the list beside the charts has.

import { color } from './palette.js';

const SymbolSize = 4;
const MinDistance = 11; // symbols nearer than this would lie on each other

let highlighted = null;

/** Makes the line of one event stand out, until the next call; null: of none. */
export function highlight(event) {
  highlighted = event;
}

/** The colour of a kind of event. */
export const colorOf = (kind) => (kind === 'lost' ? '--critical' : kind === 'joined' ? '--ok' : '--ink-3');

const isHighlighted = ({ at, text }) => highlighted !== null && highlighted.at === at && highlighted.text === text;

// Who comes first has its symbol. Shards move in dozens at a time: of moves that lie close together one stands for all.
const rank = (event) => (isHighlighted(event) ? 0 : event.kind === 'lost' ? 1 : event.kind === 'moved' ? 3 : 2);

/** Draws the events that are within the plot. Runs in uPlot's draw hook, in canvas pixels. */
export function drawMarks(plot, events) {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const taken = [];
  ctx.save();
  for (const event of [...events].sort((one, other) => rank(one) - rank(other))) {
    const x = Math.round(plot.valToPos(event.at / 1000, 'x', true)) + 0.5;
    const isHigh = isHighlighted(event);
    const isFree = taken.every((other) => Math.abs(other - x) >= MinDistance * scale);
    if (x < bbox.left || x > bbox.left + bbox.width || (event.kind === 'moved' && !isFree && !isHigh)) {
      continue;
    }
    ctx.strokeStyle = ctx.fillStyle = color(isHigh ? '--ink' : colorOf(event.kind));
    ctx.lineWidth = (isHigh ? 2 : 1) * scale;
    ctx.setLineDash(isHigh ? [] : [3 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (isFree) {
      ctx.setLineDash([]);
      ctx.lineWidth = 1.5 * scale;
      drawSymbol(ctx, event.kind, x, bbox.top - 6 * scale, SymbolSize * scale);
      taken.push(x);
    }
  }
  ctx.restore();
}

function drawSymbol(ctx, kind, x, y, size) {
  ctx.beginPath();
  switch (kind) {
    case 'joined':
      path(ctx, [x, y - size], [x + size, y + size], [x - size, y + size]);
      ctx.fill();
      break;
    case 'left':
      path(ctx, [x, y + size], [x + size, y - size], [x - size, y - size]);
      ctx.stroke();
      break;
    case 'draining':
      path(ctx, [x, y - size], [x + size, y], [x, y + size], [x - size, y]);
      ctx.stroke();
      break;
    case 'lost':
      ctx.moveTo(x - size, y - size);
      ctx.lineTo(x + size, y + size);
      ctx.moveTo(x + size, y - size);
      ctx.lineTo(x - size, y + size);
      ctx.stroke();
      break;
    case 'moved':
      ctx.moveTo(x - size, y - size / 2);
      ctx.lineTo(x + size, y - size / 2);
      ctx.moveTo(x - size, y + size / 2);
      ctx.lineTo(x + size, y + size / 2);
      ctx.stroke();
      break;
    default:
      ctx.arc(x, y, size - 0.5, 0, 2 * Math.PI);
      ctx.stroke();
  }
}

function path(ctx, ...points) {
  points.forEach(([x, y], index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.closePath();
}
