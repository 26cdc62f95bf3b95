// The last hour: fetched once, then continued from the events, one point for each step. A point of now is the mean of
// its step so far, so that the charts move with each event and do not jump when the step ends.

import { get } from './server.js';
import { sum } from './totals.js';

const MaxPoints = 361;
const Names = [
  'hits',
  'misses',
  'stores',
  'evictions',
  'expirations',
  'usedBytes',
  'entries',
  'evictionAgeSeconds',
  'p99Milliseconds',
];

export const history = {
  stepSeconds: 10,
  times: [], // milliseconds
  silos: {}, // by name: usedBytes, operations
  happened: [], // latest first
  isLoaded: false,
};
for (const name of Names) {
  history[name] = [];
}

let samples = 0; // in the last point

/** Fetches the hour; what came by events meanwhile stays at its end. */
export async function load() {
  const hour = await get('history');
  const from = hour.times.at(-1) ?? 0;
  const first = history.times.findIndex((time) => time >= from + 1000 * hour.stepSeconds);
  const kept = first < 0 ? history.times.length : first;
  const fill = hour.times.map(() => null);

  history.stepSeconds = hour.stepSeconds;
  for (const name of Names) {
    history[name] = [...hour[name], ...history[name].slice(kept)];
  }
  for (const name of new Set([...Object.keys(hour.silos), ...Object.keys(history.silos)])) {
    history.silos[name] = {
      usedBytes: [...(hour.silos[name]?.usedBytes ?? fill), ...(history.silos[name]?.usedBytes.slice(kept) ?? [])],
      operations: [...(hour.silos[name]?.operations ?? fill), ...(history.silos[name]?.operations.slice(kept) ?? [])],
    };
  }
  history.times = [...hour.times, ...history.times.slice(kept)];
  for (const series of Object.values(history.silos)) {
    pad(series.usedBytes, history.times.length);
    pad(series.operations, history.times.length);
  }
  history.happened = hour.happened;
  history.isLoaded = true;
  samples = Math.max(samples, 1);
  trim();
}

/** Continues the hour by a `cluster` event. */
export function append(cluster) {
  const step = 1000 * history.stepSeconds;
  const time = Math.floor(cluster.time / step) * step;
  const last = history.times.at(-1) ?? 0;
  if (time > last) {
    if (last > 0 && time - last > 3 * step) {
      push(last + step); // nothing was heard: the line breaks
    }
    push(time);
    samples = 0;
  }

  const total = sum(cluster.silos);
  const answering = cluster.silos.filter((silo) => silo.rates !== null);
  samples++;
  for (const name of Names) {
    mix(history[name], total[name]);
  }
  for (const silo of answering) {
    const series = (history.silos[silo.name] ??= { usedBytes: nulls(), operations: nulls() });
    mix(series.usedBytes, silo.usedBytes);
    mix(series.operations, silo.rates.reads + silo.rates.stores + silo.rates.deletes);
  }

  const known = new Set(history.happened.map(keyOf));
  history.happened.unshift(...cluster.happened.filter((event) => !known.has(keyOf(event))));
  trim();
}

const keyOf = (event) => `${event.at} ${event.silo} ${event.text}`;
const nulls = () => history.times.map(() => null);

function push(time) {
  history.times.push(time);
  for (const series of all()) {
    series.push(null);
  }
}

function mix(series, value) {
  const index = series.length - 1;
  const before = series[index];
  series[index] = before === null || value === null ? (value ?? before) : before + (value - before) / samples;
}

function pad(series, length) {
  while (series.length < length) {
    series.push(null);
  }
}

function trim() {
  const excess = history.times.length - MaxPoints;
  if (excess > 0) {
    history.times.splice(0, excess);
    for (const series of all()) {
      series.splice(0, excess);
    }
  }
  const oldest = history.times[0] ?? 0;
  history.happened = history.happened
    .filter((event) => event.at >= oldest)
    .sort((one, other) => other.at - one.at)
    .slice(0, 200);
  for (const [name, series] of Object.entries(history.silos)) {
    if (series.usedBytes.every((value) => value === null)) {
      delete history.silos[name]; // gone for an hour
    }
  }
}

function* all() {
  for (const name of Names) {
    yield history[name];
  }
  for (const { usedBytes, operations } of Object.values(history.silos)) {
    yield usedBytes;
    yield operations;
  }
}
