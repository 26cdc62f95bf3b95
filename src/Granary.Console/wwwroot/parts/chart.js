// One line chart with its title, its legend of values, and its text alternative. Charts of one `group` share the
// cursor.
//
// A series: { label, color (a custom property), dash?, isFilled? }. `format` writes a value for the legend, the axis
// and the text.

import { drawMarks } from './marks.js';
import { h, setHidden, setText } from './dom.js';
import { clock } from './format.js';
import { color } from './palette.js';

/** Steps of an axis of sizes: 512 MiB, 1 GiB, not 954 MiB. */
export const BinarySteps = Array.from({ length: 45 }, (_, power) => 2 ** power);

/** Steps of an axis of percents. */
export const PercentSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** Steps of an axis of rates, which have one decimal, and of one of counts, which have none. */
export const RateSteps = Array.from({ length: 12 }, (_, power) =>
  [0.1, 0.2, 0.5].map((step) => step * 10 ** power),
).flat();
export const CountSteps = RateSteps.filter((step) => step >= 1);

const Height = 168;
const SecondsShownBelow = 600; // a shorter range has seconds on its axis
const DescribeMilliseconds = 10_000; // a screen reader's text need not change with each event

export class Chart {
  #plot = null;
  #options;
  #data;
  #values;
  #at = h('span', { class: 'chart-at' });
  #empty = h('p', { class: 'chart-empty' }, 'A line begins with the second sample.');
  #canvas = h('div', { class: 'chart-canvas', 'aria-hidden': 'true' }, this.#empty);
  #description = h('p', { class: 'visually-hidden' });
  #describedAt = 0;
  #width = 0; // 0 on a page that is not shown; as observed, for asking the element would force a layout

  /**
   * `options`: title, unit, series, format, group, axisFormat?, steps?, range?(lowest, highest, data) → [from, to],
   * marks?() → happened events, onCursor?(milliseconds or null).
   */
  constructor(options) {
    this.#options = options;
    this.#data = noData(options.series);
    this.#values = options.series.map(() => h('span', { class: 'legend-value' }));
    const legend = h(
      'ul',
      { class: 'legend', 'aria-hidden': 'true' },
      options.series.map((series, index) => {
        const line = h('span', { class: 'legend-line' });
        line.style.borderColor = `var(${series.color})`;
        line.style.borderTopStyle = series.dash ? 'dashed' : 'solid';
        return h('li', null, line, series.label, this.#values[index]);
      }),
    );
    this.element = h(
      'figure',
      { class: 'card chart' },
      h('figcaption', null, h('h3', null, options.title, h('span', { class: 'unit' }, ` ${options.unit}`)), this.#at),
      legend,
      this.#canvas,
      this.#description,
    );
    new ResizeObserver(([entry]) => this.#resize(Math.floor(entry.contentRect.width))).observe(this.#canvas);
  }

  /** Shows other data: times in milliseconds, and an array for each series. */
  update(times, ...values) {
    const isLine = times.length > 1;
    this.#data = isLine ? [times.map((time) => time / 1000), ...values] : noData(this.#options.series);
    setHidden(this.#empty, isLine);
    this.#draw();
    this.#showValues();
    this.#describe();
  }

  /** Draws again: another theme, or other marks. */
  redraw() {
    this.#plot?.redraw(false);
  }

  #resize(width) {
    this.#width = width;
    if (this.#plot !== null && width > 0 && this.#plot.width !== width) {
      this.#plot.setSize({ width, height: Height });
    }
    this.#draw();
  }

  // Not on a page that is not shown, and not before there is a line: uPlot's axes have no range then.
  #draw() {
    if (this.#width === 0 || (this.#plot === null && this.#data[0].length === 0)) {
      return;
    }
    if (this.#plot === null) {
      this.#plot = new uPlot(this.#plotOptions(this.#width), this.#data, this.#canvas);
    } else {
      this.#plot.setData(this.#data);
    }
  }

  #plotOptions(width) {
    const { series, group, format, axisFormat = format, steps, range = fromZero, marks } = this.#options;
    const axis = {
      stroke: () => color('--ink-3'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: () => color('--grid'), width: 1 },
      ticks: { show: false },
    };
    return {
      width,
      height: Height,
      padding: [12, 26, 0, 0], // half of the last time is beyond the line's end
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: group }, points: { size: 7 } },
      scales: { x: { time: true }, y: { range: (plot, lowest, highest) => range(lowest, highest, plot.data) } },
      axes: [
        { ...axis, size: 20, gap: 4, space: 70, values: timesOf },
        { ...axis, size: 58, gap: 6, space: 32, incrs: steps, values: (_, splits) => splits.map(axisFormat) },
      ],
      series: [
        {},
        ...series.map((one) => ({
          stroke: () => color(one.color),
          fill: one.isFilled ? () => withAlpha(color(one.color), 0.13) : undefined,
          width: 1.5,
          dash: one.dash,
          points: { show: false },
        })),
      ],
      hooks: {
        draw: [(plot) => drawMarks(plot, marks?.() ?? [])],
        setCursor: [(plot) => this.#onCursor(plot)],
      },
    };
  }

  #onCursor(plot) {
    this.#showValues();
    const isOver = plot.cursor.left >= 0;
    this.#options.onCursor?.(isOver ? 1000 * plot.posToVal(plot.cursor.left, 'x') : null, plot);
  }

  #showValues() {
    const index = this.#plot?.cursor.left >= 0 ? this.#plot.cursor.idx : null;
    setText(this.#at, index === null || index === undefined ? '' : clock(1000 * this.#data[0][index]));
    this.#values.forEach((value, series) => {
      const data = this.#data[series + 1] ?? [];
      setText(value, this.#options.format(index === null ? last(data) : (data[index] ?? null)));
    });
  }

  #describe() {
    if (Date.now() - this.#describedAt < DescribeMilliseconds) {
      return;
    }
    this.#describedAt = Date.now();
    const { series, format } = this.#options;
    setText(
      this.#description,
      series.map(({ label }, index) => `${label}: ${extremes(this.#data[index + 1], format)}.`).join(' '),
    );
  }
}

function timesOf(plot, splits) {
  const { min, max } = plot.scales.x;
  const isShort = max - min < SecondsShownBelow;
  return splits.map((at) => clock(at * 1000).slice(-8, isShort ? undefined : -3));
}

function extremes(values, format) {
  const known = values.filter((value) => value !== null);
  return known.length === 0
    ? 'not known'
    : `now ${format(known.at(-1))}, lowest ${format(Math.min(...known))}, highest ${format(Math.max(...known))}`;
}

const noData = (series) => [[], ...series.map(() => [])];
const fromZero = (_, highest) => [0, highest > 0 ? 1.08 * highest : 1];
const last = (values) => values.findLast((value) => value !== null) ?? null;
const withAlpha = (rgb, alpha) => rgb.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
