// Opens the console of a silo that nobody has asked for it, with an empty cache; then once more, with another one.
// node load.mjs PACKAGES CHROMIUM RESULT ADDRESS

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { heard, launch, open } from './browser.mjs';

const [packages, executablePath, result, address] = process.argv.slice(2);
const errors = [];
const browser = await launch(packages, executablePath);
const rows = [];
await warm();
for (const subject of ['silo just started', 'silo asked before']) {
  rows.push({ subject, figures: await load() });
}
writeFileSync(result, JSON.stringify({ browser: browser.version(), rows, errors }));
await browser.close();

// A person's browser runs already, and has been at some page.
async function warm() {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><title>A page</title><link rel="icon" href="data:,">');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await open(browser, errors);
  await page.goto(`http://127.0.0.1:${server.address().port}`, { waitUntil: 'load' });
  await page.context().close();
  server.close();
}

async function load() {
  const page = await open(browser, errors);
  await page.goto(address, { waitUntil: 'load' });
  await heard(page);
  const figures = await page.evaluate(() => {
    const [document] = performance.getEntriesByType('navigation');
    const files = performance.getEntriesByType('resource').filter(({ name }) => !name.includes('/console/'));
    const paints = performance.getEntriesByType('paint');
    return {
      'first byte ms': document.responseStart,
      'DOMContentLoaded ms': document.domContentLoadedEventEnd,
      'first paint ms': paints.find(({ name }) => name === 'first-contentful-paint')?.startTime ?? null,
      'figures shown ms': performance.now(),
      requests: 1 + files.length,
      KiB: files.reduce((sum, file) => sum + file.encodedBodySize, document.encodedBodySize) / 1024,
      'longest task ms': Math.max(0, ...window.noted.tasks.map(([, duration]) => duration)),
    };
  });
  await page.context().close();
  return figures;
}
