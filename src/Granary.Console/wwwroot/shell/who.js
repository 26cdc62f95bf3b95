// Who looks, and where else to go: the right of the header, and the foot of the page.

import { setAttribute, setHidden, setText } from '../parts/dom.js';
import { live } from '../data/live.js';

export function showWho() {
  const { name, role, open, silo, version, links } = live.me;
  const who = document.getElementById('who');
  setText(who, open ? 'open to this machine' : `${name} · ${role}`);
  setAttribute(
    who,
    'title',
    open ? 'Nobody has to log in here: you may look and act.' : `Your token has the role ${role}.`,
  );

  const dashboard = document.getElementById('dashboard-link');
  setHidden(dashboard, links.dashboard === null);
  setAttribute(dashboard, 'href', links.dashboard);

  const logout = document.getElementById('logout');
  setHidden(logout, links.logout === null);
  setAttribute(logout, 'action', links.logout);

  setText(document.getElementById('foot'), `Granary ${version}, told by silo ${silo}. Times are in your time zone.`);
}
