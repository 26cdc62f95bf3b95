// Drives memcached of npm's (text protocol): PACKAGES HOST:PORT.

import { createRequire } from 'node:module';
import { Checks } from './checks.mjs';

const [, , packages, address] = process.argv;
const Memcached = createRequire(`${packages}/`)('memcached');
const check = new Checks();
const client = new Memcached(address, { retries: 0, timeout: 10_000, maxValue: 1 << 20 });
const call = (name, ...words) =>
  new Promise((resolve, reject) =>
    client[name](...words, (error, answer) => (error ? reject(error) : resolve(answer))));

await call('flush');

check.equal('get of nothing', await call('get', 'absent'), undefined);
for (const [name, value] of Object.entries({ text: 'été', number: 42, object: { a: [1, null] }, truth: true, empty: '' })) {
  check.equal(`set of ${name}`, await call('set', name, value, 1000), true);
  check.equal(`get of ${name}`, await call('get', name), value);
}
const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
check.equal('set of bytes', await call('set', 'bytes', bytes, 0), true);
check.equal('get of bytes', await call('get', 'bytes'), bytes);
const longest = 'k'.repeat(250);
check.equal('set of the longest key', await call('set', longest, 'v', 0), true);
check.equal('get of the longest key', await call('get', longest), 'v');

check.equal('add', await call('add', 'added', 'first', 0), true);
await check.rejects('add again', () => call('add', 'added', 'second', 0));
check.equal('replace', await call('replace', 'added', 'third', 0), true);
await check.rejects('replace of nothing', () => call('replace', 'absent', 'v', 0));
check.equal('append', await call('append', 'added', '>'), true);
check.equal('prepend', await call('prepend', 'added', '<'), true);
check.equal('get after all', await call('get', 'added'), '<third>');

const { cas } = await call('gets', 'added');
check.equal('cas', await call('cas', 'added', 'fourth', cas, 0), true);
check.equal('cas with the old one', await call('cas', 'added', 'fifth', cas, 0), false);
check.equal('del', await call('del', 'added'), true);
check.equal('del again', await call('del', 'added'), false);

check.equal('incr', await call('incr', 'number', 5), 47);
check.equal('decr', await call('decr', 'number', 6), 41);
check.equal('incr of nothing', await call('incr', 'absent', 1), false);
check.equal('touch', await call('touch', 'text', 1), true);
check.equal('touch of nothing', await call('touch', 'absent', 1), false);
await check.eventually('expiry after touch', async () => (await call('get', 'text')) === undefined);

const names = Array.from({ length: 200 }, (_, index) => `many-${index}`);
await Promise.all(names.map((name) => call('set', name, name, 0)));
check.equal('getMulti', await call('getMulti', [...names, 'absent']), Object.fromEntries(names.map((name) => [name, name])));

const [statistics] = await call('stats');
check.equal('stats', ['pid', 'curr_items', 'get_hits'].every((name) => name in statistics), true);
const [settings] = await call('settings');
check.equal('settings', 'item_size_max' in settings, true);
const sum = (classes, name) => Object.values(classes).reduce((all, one) => all + (one[name] ?? 0), 0);
const [slabs] = await call('slabs');
check.equal('slabs', sum(slabs, 'used_chunks'), statistics.curr_items);
const [items] = await call('items');
check.equal('items', sum(items, 'number'), statistics.curr_items);
const [version] = await call('version');
check.equal('version', /^\d+\.\d+\.\d+/.test(version.version), true);

check.equal('flush', (await call('flush'))[0], true);
check.equal('get after flush', await call('get', 'number'), undefined);
check.finish();
