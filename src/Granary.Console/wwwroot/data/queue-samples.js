// Depth and rates of each queue since the console was opened: silos keep no history of queues.

const MaxSamples = 360; // half an hour of `queues` events, one in 5 s
const MaxQueues = 1000;
const Depths = ['ready', 'leased', 'dead'];
const Rates = ['sent', 'completed', 'failed'];

const samples = new Map(); // by queue name

/** The samples of a queue: times in milliseconds, and an array for each depth and rate. */
export const samplesOf = (name) => samples.get(name) ?? empty();

/** Adds a `queues` event. */
export function collect(event) {
  if (!event.available) {
    return;
  }
  const names = new Set();
  for (const queue of event.queues.slice(0, MaxQueues)) {
    names.add(queue.name);
    let series = samples.get(queue.name);
    if (series === undefined) {
      series = empty();
      samples.set(queue.name, series);
    }
    push(series, event.time, queue);
  }
  for (const name of samples.keys()) {
    if (!names.has(name)) {
      samples.delete(name);
    }
  }
}

function empty() {
  const series = { times: [] };
  for (const name of [...Depths, ...Rates]) {
    series[name] = [];
  }
  return series;
}

function push(series, time, queue) {
  series.times.push(time);
  for (const name of Depths) {
    series[name].push(queue[name]);
  }
  for (const name of Rates) {
    series[name].push(queue.rates[name]);
  }
  if (series.times.length > MaxSamples) {
    for (const values of Object.values(series)) {
      values.shift();
    }
  }
}
