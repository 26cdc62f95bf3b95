// What the scripts have in common: a browser, and what each of its pages notes of itself.

import { createRequire } from 'node:module';
import path from 'node:path';

/** Starts Chromium; `packages`: the folder in which npm has installed playwright-core. */
export function launch(packages, executablePath) {
  const require = createRequire(path.join(path.resolve(packages), 'node_modules', 'x.js'));
  const { chromium } = require('playwright-core');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page with an empty cache. Errors are listed in `errors`: figures of a page that is broken count for nothing. */
export async function open(browser, errors) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.stack));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.addInitScript(note);
  return page;
}

/** Waits until the page has said how the cluster is. */
export const heard = (page) =>
  page.waitForFunction(() => document.querySelector('#verdict-pill-text').textContent !== 'Connecting');

// In the page, before its own scripts: tasks of over 50 ms, frames, and updates of the console.
function note() {
  const noted = (window.noted = { tasks: [], frames: [], updates: [] });
  const collect = (list, kind) =>
    new PerformanceObserver((entries) =>
      list.push(...entries.getEntries().map(({ startTime, duration }) => [startTime, duration])),
    ).observe({ type: kind, buffered: true });
  collect(noted.tasks, 'longtask');
  collect(noted.updates, 'measure');
  let last = performance.now();
  const frame = (now) => {
    if (now - last > 20) {
      noted.frames.push([last, now - last]); // of those in time there are sixty a second
    }
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
