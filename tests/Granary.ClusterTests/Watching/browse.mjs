// Opens the console in Chromium as a person does. node browse.mjs PACKAGES CHROMIUM ADDRESS QUEUE SHOTS
// Says what it found as one line of JSON: pages that were opened, violations of accessibility rules, errors, requests to
// others than the silo, bytes of the first load.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [packages, executablePath, address, queue, shots] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(packages), 'node_modules', 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const pages = ['', 'silos', 'silos/a', 'cache', 'queues', `queues/${queue}`, 'audit'];
const told = { opened: [], violations: [], errors: [], strangers: [], firstBytes: 0, verdict: '', acted: '' };

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
for (const colorScheme of ['light', 'dark']) {
  // axe is a script of ours in the page, which its policy forbids.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme, reducedMotion: 'reduce', bypassCSP: true });
  for (const hash of pages) {
    const page = await open(context, hash);
    told.opened.push(`${colorScheme} /${hash}`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
    told.violations.push(...violations.map(({ id, nodes }) => `${colorScheme} /${hash} ${id}: ${nodes[0].html.slice(0, 200)}`));
    if (colorScheme === 'light') {
      await page.screenshot({ path: path.join(shots, `${hash.replaceAll('/', '-') || 'overview'}.png`), fullPage: true });
    }
    await page.close();
  }
  await context.close();
}

// With the policy in force, and by the keyboard alone.
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
const page = await open(context, '', (bytes) => (told.firstBytes += bytes));
told.verdict = await page.locator('#verdict').textContent();
await page.keyboard.press('4');
await page.waitForSelector('#queues');
await page.keyboard.press('/');
await page.keyboard.type(queue);
await page.locator(`tr[data-queue="${queue}"] a`).press('Enter');
await page.locator('[data-action=redrive]').press('Enter');
await page.locator('[data-action=confirm]').press('Enter');
await page.waitForFunction(() => document.querySelector('dialog [data-action=cancel]')?.textContent === 'Close');
told.acted = await page.locator('.dialog-status').textContent();
await browser.close();
console.log(JSON.stringify(told));

async function open(context, hash, count = () => {}) {
  const page = await context.newPage();
  page.on('pageerror', (error) => told.errors.push(`/${hash} ${error.stack}`));
  page.on('console', (message) => message.type() === 'error' && told.errors.push(`/${hash} ${message.text()}`));
  page.on('request', (request) => request.url().startsWith(address) || told.strangers.push(request.url()));
  page.on('response', async (response) => {
    const isOfThePage = !response.url().includes('/console/');
    count(isOfThePage ? (await response.body().catch(() => '')).length : 0);
  });
  await page.goto(`${address}#/${hash}`);
  await page.waitForFunction(() => document.querySelector('#verdict-pill-text').textContent !== 'Connecting');
  await page.waitForSelector('#main .page, #main .card');
  await page.waitForTimeout(500); // what the page asks for beside the events
  return page;
}
