// The cells of the shard map on their canvas. A shard's state never rests on colour alone: letter, hatching, and a mark
// for each.
//
//   moving        a triangle in the corner, in the colour of the silo that is to have it
//   unprotected   hollow, as of a shard of which only one half is there
//   nobody's      an empty cell with a cross

import { color, lookOf, SiloInk } from '../parts/palette.js';

const MaxCell = 34;
const MinLetterSize = 12;
const MinCells = [
  [512, 20],
  [2048, 14],
  [Infinity, 8],
]; // pixels of a cell at least, by the number of shards

/**
 * How many columns, and how large a cell, for a width in CSS pixels. Columns are a power of two: rows begin with round
 * numbers.
 */
export function layOut(width, count) {
  const [, minCell] = MinCells.find(([limit]) => count <= limit);
  const widest = Math.max(64, 2 * Math.sqrt(count)); // on a large screen larger cells, not two long rows
  const columns = Math.min(count, 2 ** Math.floor(Math.log2(Math.max(8, Math.min(widest, width / minCell)))));
  const cell = Math.min(MaxCell, Math.floor(width / columns));
  const rows = Math.ceil(count / columns);
  return {
    width,
    count,
    columns,
    cell,
    rows,
    shardAt(x, y) {
      const column = Math.floor(x / cell);
      const shard = Math.floor(y / cell) * columns + column;
      return column < columns && shard >= 0 && shard < count ? shard : null;
    },
  };
}

/** Draws all. `pointed`: the shard with a frame; `dimmedBut`: the silo index that is not dimmed; null for none. */
export function paint(canvas, layout, { shards, silos }, pointed, dimmedBut) {
  const { columns, cell, rows, count } = layout;
  const scale = devicePixelRatio;
  const [width, height] = [columns * cell, rows * cell];
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext('2d');
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.font = `600 ${Math.round(cell * 0.42)}px system-ui, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';

  const looks = silos.map((silo) => lookOf(silo.name));
  const moving = new Set(shards.moving);
  const unprotected = new Set(shards.unprotected);
  const size = cell - (cell > MinLetterSize ? 2 : 1);
  for (let shard = 0; shard < count; shard++) {
    const x = (shard % columns) * cell;
    const y = Math.floor(shard / columns) * cell;
    const served = shards.servedBy[shard];
    ctx.globalAlpha = dimmedBut === null || served === dimmedBut ? 1 : 0.18;
    if (looks[served] === undefined) {
      paintNobody(ctx, x, y, size);
    } else {
      paintSilo(ctx, looks[served], unprotected.has(shard), x, y, size);
      paintLetter(ctx, looks[served], unprotected.has(shard), x, y, size);
    }
    if (moving.has(shard)) {
      paintMoving(ctx, looks[shards.wantedBy[shard]], x, y, size);
    }
    if (shard === pointed) {
      ctx.globalAlpha = 1;
      paintFrame(ctx, color('--ink'), x, y, size, 2);
    }
  }
  ctx.globalAlpha = 1;
}

function paintSilo(ctx, look, isHollow, x, y, size) {
  ctx.fillStyle = look.color;
  ctx.fillRect(x, y, size, size);
  if (look.isHatched) {
    hatch(ctx, x, y, size);
  }
  if (isHollow) {
    const rim = Math.max(2, Math.round(size / 8));
    ctx.fillStyle = color('--surface');
    ctx.fillRect(x + rim, y + rim, size - 2 * rim, size - 2 * rim);
  }
}

function paintLetter(ctx, look, isHollow, x, y, size) {
  if (size >= MinLetterSize) {
    ctx.fillStyle = isHollow ? color('--ink') : SiloInk;
    ctx.fillText(look.letter, x + size / 2, y + size / 2 + 0.5);
  }
}

function hatch(ctx, x, y, size) {
  ctx.strokeStyle = 'rgba(0, 0, 0, 0.16)';
  ctx.lineWidth = Math.max(1, size / 8);
  ctx.beginPath();
  for (const offset of [0.34, 0.67, 1, 1.34, 1.67]) {
    // diagonals that stay within the cell
    const from = Math.max(0, offset - 1) * size;
    const to = Math.min(1, offset) * size;
    ctx.moveTo(x + from, y + offset * size - from);
    ctx.lineTo(x + to, y + offset * size - to);
  }
  ctx.stroke();
}

function paintNobody(ctx, x, y, size) {
  paintFrame(ctx, color('--critical-strong'), x, y, size, 1);
  ctx.beginPath();
  ctx.moveTo(x + size * 0.25, y + size * 0.25);
  ctx.lineTo(x + size * 0.75, y + size * 0.75);
  ctx.moveTo(x + size * 0.75, y + size * 0.25);
  ctx.lineTo(x + size * 0.25, y + size * 0.75);
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

function paintMoving(ctx, wanted, x, y, size) {
  ctx.beginPath();
  ctx.moveTo(x + size, y + size * 0.35);
  ctx.lineTo(x + size, y + size);
  ctx.lineTo(x + size * 0.35, y + size);
  ctx.closePath();
  ctx.fillStyle = wanted?.color ?? color('--surface');
  ctx.fill();
  ctx.strokeStyle = SiloInk;
  ctx.lineWidth = 1;
  ctx.stroke();
}

function paintFrame(ctx, style, x, y, size, width) {
  ctx.strokeStyle = style;
  ctx.lineWidth = width;
  ctx.strokeRect(x + width / 2, y + width / 2, size - width, size - width);
}
