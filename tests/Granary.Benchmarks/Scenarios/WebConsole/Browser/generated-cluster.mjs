// A cluster of 16 silos, 256 shards and 200 queues that does not exist: busy, with silos that are full, shards that move
// and queues that fail, so that every page has as much to show as it ever will. All figures change with each event.

import { GeneratedQueues } from './generated-queues.mjs';
import { Chance } from './chance.mjs';

const Silos = 16;
const Shards = 256;
const HotKeys = 20;
const Namespaces = 63;
const Slow = 50;
const Happened = 50;
const HistoryPoints = 361;
const StepSeconds = 10;
const AuditEntries = 200;
const Budget = 64 * 2 ** 30;
const Kinds = ['moved', 'joined', 'left', 'lost', 'draining', 'flushed'];

export class GeneratedCluster {
  #chance;
  #queues;
  #turn = 0;
  #happened = [];
  #slow = [];
  #servedBy;

  constructor(seed) {
    this.#chance = new Chance(seed);
    this.#queues = new GeneratedQueues(this.#chance);
    this.siloNames = Array.from({ length: Silos }, (_, silo) => `granary-${silo}`);
    this.#servedBy = Array.from({ length: Shards }, () => this.#chance.below(Silos));
    for (let age = 3600; age > 0; age -= 3600 / Happened) {
      this.#happen(Date.now() - 1000 * age);
    }
    for (let count = 0; count < Slow; count++) {
      this.#beSlow(Date.now() - 60_000 * (Slow - count));
    }
  }

  get failingQueue() {
    return this.#queues.failing;
  }

  /** What passes until the next event. */
  step(seconds) {
    this.#turn++;
    this.#queues.step(seconds);
    this.#servedBy[this.#chance.below(Shards)] = this.#chance.below(Silos);
    this.#beSlow(Date.now());
    if (this.#turn % 5 === 0) {
      this.#happen(Date.now());
    }
  }

  me() {
    return {
      name: 'anybody',
      role: 'operator',
      open: true,
      silo: this.siloNames[0],
      version: '0.1.0',
      links: { dashboard: '/dashboard', logout: null },
    };
  }

  cluster() {
    const silos = this.siloNames.map((name, silo) => this.#silo(name, silo));
    const moving = Array.from({ length: 6 }, (_, one) => (7 * this.#turn + 41 * one) % Shards);
    return {
      time: Date.now(),
      cluster: { viewVersion: 40 + Math.floor(this.#turn / 5), shardCount: Shards, replicas: 'sync' },
      findings: this.#findings(silos),
      silos,
      shards: {
        servedBy: [...this.#servedBy],
        wantedBy: this.#servedBy.map((silo, shard) => (moving.includes(shard) ? (silo + 1) % Silos : silo)),
        moving: moving.toSorted((one, other) => one - other),
        unprotected: [(3 * this.#turn) % Shards],
      },
      hotKeys: Array.from({ length: HotKeys }, (_, rank) => this.#hotKey(rank)),
      namespaces: Array.from({ length: Namespaces }, (_, one) => this.#namespace(one)),
      slow: this.#slow,
      happened: this.#happened,
    };
  }

  queues() {
    return this.#queues.list();
  }

  detail(name) {
    return this.#queues.detail(name);
  }

  messages(state) {
    return this.#queues.messages(state);
  }

  history() {
    const step = 1000 * StepSeconds;
    const last = Math.floor(Date.now() / step) * step;
    const times = Array.from({ length: HistoryPoints }, (_, point) => last - step * (HistoryPoints - 1 - point));
    const series = (middle) => times.map(() => this.#chance.near(middle));
    const silos = this.siloNames.map((name) => [name, { usedBytes: series(0.9 * Budget), operations: series(90_000) }]);
    return {
      stepSeconds: StepSeconds,
      times,
      hits: series(1_100_000),
      misses: series(90_000),
      stores: series(190_000),
      evictions: series(4_000),
      expirations: series(900),
      forwarded: series(1_200_000),
      usedBytes: series(Silos * 0.9 * Budget),
      entries: series(7e9),
      evictionAgeSeconds: series(7200),
      p99Milliseconds: series(3),
      silos: Object.fromEntries(silos),
      happened: this.#happened,
    };
  }

  audit() {
    return {
      entries: Array.from({ length: AuditEntries }, (_, entry) => ({
        at: Date.now() - 90_000 * entry,
        who: `operator ${entry % 7}`,
        silo: this.siloNames[entry % Silos],
        action: ['redrive', 'purge', 'pause', 'resume', 'drain'][entry % 5],
        about: `orders-${entry % 40}`,
        detail: 'state dead, at most 100 a second',
        outcome: ['done', 'done', 'refused', 'failed'][entry % 4],
        reason: entry % 4 < 2 ? null : 'The queue is paused by another operator.',
      })),
    };
  }

  #silo(name, silo) {
    const served = this.#servedBy.filter((one) => one === silo).length;
    const isFull = silo % 4 === 0;
    const hits = this.#chance.near(70_000);
    const misses = this.#chance.near(6_000);
    return {
      name,
      address: `10.0.0.${silo + 1}:11111`,
      gateway: `10.0.0.${silo + 1}:30000`,
      state: silo === 5 ? 'draining' : 'active',
      ready: true,
      startedAt: Date.now() - 86_400_000 - 60_000 * silo,
      version: '0.1.0',
      shards: served,
      expectedShards: Shards / Silos,
      movingShards: silo === 5 ? 6 : 0,
      movingBytesLeft: silo === 5 ? Math.round(this.#chance.near(3e9)) : 0,
      movingSecondsLeft: silo === 5 ? this.#chance.near(40) : null,
      protectedShards: served - (silo === 3 ? 1 : 0),
      unprotectedShards: silo === 3 ? 1 : 0,
      entries: Math.round(this.#chance.near(430_000_000)),
      entryBytes: Math.round(this.#chance.near(0.44 * Budget)),
      copyEntries: Math.round(this.#chance.near(430_000_000)),
      copyBytes: Math.round(this.#chance.near(0.44 * Budget)),
      usedBytes: Math.round((isFull ? 0.995 : this.#chance.near(0.9)) * Budget),
      budgetBytes: Budget,
      evictionAgeSeconds: isFull ? this.#chance.near(900) : null,
      residentBytes: Math.round(this.#chance.near(1.1 * Budget)),
      cpuCores: this.#chance.near(3.4),
      gen2Collections: 20 + silo,
      memcachedConnections: Math.round(this.#chance.near(1500)),
      cutOffSilos: silo === 9 ? 1 : 0,
      clockSkewMilliseconds: Math.round(this.#chance.near(3)),
      rates: {
        reads: hits + misses,
        hits,
        misses,
        stores: this.#chance.near(12_000),
        deletes: this.#chance.near(300),
        evictions: isFull ? this.#chance.near(900) : 0,
        expirations: this.#chance.near(60),
        forwarded: this.#chance.near(71_000),
      },
      latency: {
        local: this.#latency(880_000, 0.06),
        forwarded: this.#latency(720_000, 0.5),
        replicated: this.#latency(9_000, 0.7),
      },
    };
  }

  #latency(count, middle) {
    const p50 = this.#chance.near(middle);
    return { count: Math.round(this.#chance.near(count)), p50, p99: 9 * p50, p999: 40 * p50 };
  }

  #findings(silos) {
    const full = silos
      .filter((silo) => silo.evictionAgeSeconds !== null)
      .map(({ name, rates }) => ({
        severity: 'warning',
        code: 'silo-full',
        text: `Silo ${name} is full: it evicts ${Math.round(rates.evictions)}/s entries, last used 15 min ago.`,
        hint: 'If that is too young, give it more memory (--memory) or add a silo.',
        about: `silo:${name}`,
      }));
    const key = this.#hotKey(0);
    const hot = {
      severity: 'warning',
      code: 'key-hot',
      text: `Key ${key.key} is hot: ${Math.round(key.readsPerSecond)}/s, on silo ${key.silo}.`,
      hint: 'Keep it in the clients for a second, or divide it into several keys.',
      about: `key:${key.key}`,
    };
    const queue = {
      severity: 'critical',
      code: 'queue-failing',
      text: `Queue ${this.failingQueue}: messages wait behind one of their group that fails again and again.`,
      hint: null,
      about: `queue:${this.failingQueue}`,
    };
    return [queue, ...full, hot];
  }

  #namespace(one) {
    const quotaBytes = one % 5 === 4 ? 0 : 8 * 2 ** 30;
    const isFull = quotaBytes > 0 && one % 7 === 0;
    return {
      name: `application-${one}`,
      prefix: `application-${one}:`,
      isBinary: false,
      quotaBytes,
      entries: Math.round(this.#chance.near(30_000_000)),
      entryBytes: isFull ? quotaBytes : Math.round(this.#chance.near(4 * 2 ** 30)),
      readsPerSecond: this.#chance.near(18_000),
      hitRatio: Math.min(1, this.#chance.near(0.9)),
      evictionsPerSecond: isFull ? this.#chance.near(70) : 0,
    };
  }

  #hotKey(rank) {
    const reads = this.#chance.near(280_000 / (rank + 1));
    const shard = (97 * rank) % Shards;
    return {
      key: `user:${1000 + 37 * rank}:profile`,
      isBinary: false,
      shard,
      silo: this.siloNames[this.#servedBy[shard]],
      readsPerSecond: reads,
      writesPerSecond: reads / 50,
      share: reads / 1_400_000,
    };
  }

  #happen(at) {
    const silo = this.siloNames[this.#chance.below(Silos)];
    const kind = this.#chance.of(Kinds);
    this.#happened = [{ at, silo, kind, text: `Silo ${silo}: ${kind}.` }, ...this.#happened].slice(0, Happened);
  }

  #beSlow(at) {
    const one = {
      at,
      silo: this.siloNames[this.#chance.below(Silos)],
      operation: this.#chance.of(['get', 'set', 'delete']),
      key: `user:${this.#chance.below(1e6)}:profile`,
      milliseconds: this.#chance.near(140),
      why: this.#chance.of([null, 'waited for its replica', 'the shard moved']),
    };
    this.#slow = [one, ...this.#slow].slice(0, Slow);
  }
}
