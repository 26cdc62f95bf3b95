// Goes through the pages of the console while a generated cluster is told to it: the page's code is that of the silo at
// ADDRESS, all that it asks for below /console/ comes from generated-cluster.mjs.
// node pages.mjs PACKAGES CHROMIUM RESULT ADDRESS SECONDS

import { writeFileSync } from 'node:fs';
import { heard, launch, open } from './browser.mjs';
import { GeneratedCluster } from './generated-cluster.mjs';
import { differences } from './likeness.mjs';
import { serve } from './serve.mjs';

const StalledFrame = 100; // milliseconds: what a person sees as a stall
const Opening = 1000; // what a page does in its first milliseconds is its opening, what it does later an update

const [packages, executablePath, result, address, seconds] = process.argv.slice(2);
const cluster = new GeneratedCluster(2026);
const errors = await differences(cluster, address);
const server = await serve(cluster);
const browser = await launch(packages, executablePath);
const page = await open(browser, errors);
await page.route('**/console/**', (route) => {
  const { pathname, search } = new URL(route.request().url());
  return route.continue({ url: `${server.address}${pathname}${search}` });
});
const profile = await page.context().newCDPSession(page);
await profile.send('Performance.enable');

const rows = [];
const [silo] = cluster.siloNames;
await page.goto(address);
await heard(page);
const loaded = await page.evaluate(() => performance.now());
await stay('overview', 0, null, await metrics());
await visit('silos and shard map', '#/silos', 'silos');
await visit('one silo', `#/silos/${silo}`, 'silos');
await visit('cache: hot keys, latency', '#/cache', 'cache');
await visit('queues', '#/queues', 'queues');
await visit('one queue', `#/queues/${cluster.failingQueue}`, 'queue');
await visit('audit', '#/audit', 'audit');
await visit('overview again', '#/', 'overview');
writeFileSync(result, JSON.stringify({ browser: browser.version(), rows, errors }));
await browser.close();
server.close();

async function visit(subject, hash, id) {
  const before = await metrics();
  const [start, shown] = await page.evaluate(
    async ([to, expected]) => {
      const frame = () => new Promise(requestAnimationFrame);
      const now = performance.now();
      location.hash = to;
      do {
        await frame();
      } while (location.hash !== to || document.querySelector('#main > .page')?.id !== expected);
      await frame(); // it was drawn in the one before
      return [now, performance.now() - now];
    },
    [hash, id],
  );
  await stay(subject, start, shown, before);
}

async function stay(subject, start, shown, before) {
  await page.waitForTimeout(1000 * seconds);
  const after = await metrics();
  const noted = await page.evaluate(() => window.noted);
  const since = (entries, from) => entries.filter(([at]) => at >= from).map(([, duration]) => duration);
  const most = (durations) => Math.max(0, ...durations);
  const later = (shown === null ? loaded : start) + Opening;
  rows.push({
    subject,
    figures: {
      ...(shown === null ? {} : { 'shown ms': shown }),
      'longest task, opening': most(noted.tasks.filter(([at]) => at >= start && at < later).map(([, took]) => took)),
      updates: since(noted.updates, later).length,
      'longest update ms': most(since(noted.updates, later)),
      'tasks > 50 ms': since(noted.tasks, later).length,
      'longest task ms': most(since(noted.tasks, later)),
      'frames > 100 ms': since(noted.frames, later).filter((duration) => duration > StalledFrame).length,
      'longest frame ms': most(since(noted.frames, later)),
      'CPU %': (100 * (after.TaskDuration - before.TaskDuration)) / (after.Timestamp - before.Timestamp),
      'heap MiB': after.JSHeapUsedSize / 2 ** 20,
    },
  });
}

async function metrics() {
  const { metrics: list } = await profile.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}
