// Drives memjs (binary protocol): PACKAGES HOST:PORT [USER PASSWORD], with SASL if there is a user.

import { createRequire } from 'node:module';
import { Checks } from './checks.mjs';

const [, , packages, address, user, password] = process.argv;
const { Client } = createRequire(`${packages}/`)('memjs');
const check = new Checks();
const connect = (options) => Client.create(address, { retries: 1, timeout: 10, ...options });
const text = ({ value }) => value?.toString() ?? null;

if (user) {
  const stranger = connect({ username: user, password: 'no' });
  await check.rejects('set with a wrong password', () => stranger.set('key', 'value', {}));
  stranger.close();
}

const client = connect(user ? { username: user, password } : {});
await client.flush();

check.equal('get of nothing', text(await client.get('absent')), null);
const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
check.equal('set of bytes', await client.set('bytes', bytes, {}), true);
check.equal('get of bytes', (await client.get('bytes')).value, bytes);
check.equal('set of text', await client.set('text', 'été', { expires: 1000 }), true);
check.equal('get of text', text(await client.get('text')), 'été');
check.equal('set of nothing', await client.set('empty', '', {}), true);
check.equal('get of nothing in it', text(await client.get('empty')), '');
const long = '0123456789abcdef'.repeat(60_000);
check.equal('set of a long value', await client.set('long', long, {}), true);
check.equal('get of a long value', text(await client.get('long')) === long, true);
const longest = 'k'.repeat(250);
check.equal('set of the longest key', await client.set(longest, 'v', {}), true);
check.equal('get of the longest key', text(await client.get(longest)), 'v');

check.equal('add', await client.add('added', 'first', {}), true);
check.equal('add again', await client.add('added', 'second', {}), false);
check.equal('replace', await client.replace('added', 'third', {}), true);
check.equal('replace of nothing', await client.replace('absent', 'v', {}), false);
check.equal('append', await client.append('added', '>'), true);
check.equal('get after all', text(await client.get('added')), 'third>');
await check.rejects('append to nothing', () => client.append('absent', 'v'));
check.equal('delete', await client.delete('added'), true);
check.equal('delete again', await client.delete('added'), false);

check.equal('increment of nothing', (await client.increment('number', 5, { initial: 10 })).value, 10);
check.equal('increment', (await client.increment('number', 5, {})).value, 15);
check.equal('decrement', (await client.decrement('number', 6, {})).value, 9);
check.equal('decrement below 0', (await client.decrement('number', 100, {})).value, 0);

check.equal('touch', await client.touch('text', 1), true);
check.equal('touch of nothing', await client.touch('absent', 1), false);
await check.eventually('expiry after touch', async () => text(await client.get('text')) === null);

const gets = await Promise.all(Array.from({ length: 200 }, (_, index) => client.set(`many-${index}`, `${index}`, {})));
check.equal('sets under way together', gets.every(Boolean), true);
const many = await Promise.all(Array.from({ length: 200 }, (_, index) => client.get(`many-${index}`).then(text)));
check.equal('gets under way together', many, Array.from({ length: 200 }, (_, index) => `${index}`));

const statistics = await new Promise((resolve, reject) =>
  client.stats((error, _, all) => (error ? reject(error) : resolve(all))));
check.equal('stats', ['pid', 'curr_items', 'get_hits'].every((name) => name in statistics), true);
check.equal('flush', Object.values(await client.flush()).every(Boolean), true);
check.equal('get after flush', text(await client.get('bytes')), null);
check.finish();
