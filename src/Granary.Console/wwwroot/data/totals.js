// What the silos add up to. A silo that does not answer just now counts for nothing.

const Summed = [
  'entries',
  'usedBytes',
  'budgetBytes',
  'shards',
  'movingShards',
  'movingBytesLeft',
  'unprotectedShards',
];
const Rates = ['reads', 'hits', 'misses', 'stores', 'deletes', 'evictions', 'expirations', 'forwarded'];

/** The cluster's figures: sums; the youngest eviction age; the p99 of the slowest silo (percentiles do not add up). */
export function sum(silos) {
  const answering = silos.filter((silo) => silo.rates !== null);
  const total = {};
  for (const name of Summed) {
    total[name] = answering.reduce((before, silo) => before + silo[name], 0);
  }
  for (const name of Rates) {
    total[name] = answering.reduce((before, silo) => before + silo.rates[name], 0);
  }
  total.operations = total.reads + total.stores + total.deletes;
  total.evictionAgeSeconds = extreme(
    Math.min,
    answering.map((silo) => silo.evictionAgeSeconds),
  );
  total.p99Milliseconds = extreme(
    Math.max,
    answering.map(
      ({ latency }) =>
        Math.max(latency?.local.p99 ?? 0, latency?.forwarded.p99 ?? 0, latency?.replicated.p99 ?? 0) || null,
    ),
  );
  return total;
}

/** The queues' depths together; the oldest of their ages. Topics hold nothing of their own to work on. */
export function sumQueues(queues) {
  const worked = queues.filter((queue) => queue.kind !== 'topic');
  return {
    ready: worked.reduce((before, queue) => before + queue.ready, 0),
    leased: worked.reduce((before, queue) => before + queue.leased, 0),
    dead: worked.reduce((before, queue) => before + queue.dead, 0),
    oldestReadySeconds: extreme(
      Math.max,
      worked.map((queue) => queue.oldestReadySeconds),
    ),
  };
}

function extreme(choose, values) {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : choose(...known);
}
