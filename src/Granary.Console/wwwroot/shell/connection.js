// Says when the connection is lost, and how old is what is still shown.

import { setHidden, setText } from '../parts/dom.js';
import { duration } from '../parts/format.js';
import { live } from '../data/live.js';

export function showConnection() {
  const banner = document.getElementById('connection');
  const main = document.getElementById('main');
  setHidden(banner, !live.isLost);
  main.classList.toggle('stale', live.isLost && live.receivedAt > 0);
  if (live.isLost) {
    const age = Math.max(0, (Date.now() - live.receivedAt) / 1000);
    setText(
      banner,
      live.receivedAt === 0
        ? 'Connection lost, trying again. Nothing has come yet.'
        : `Connection lost, trying again. What you see is ${duration(Math.round(age) || 1).replace('.0', '')} old.`,
    );
  }
}
