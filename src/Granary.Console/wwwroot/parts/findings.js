// The verdict and what it rests on: each finding with what helps, and a link to what it is about.

import { h, icon, keyed, setAttribute, setHidden, setIcon, setText } from './dom.js';
import { counted } from './format.js';
import { live } from '../data/live.js';
import { placeOf } from '../shell/router.js';
import { verdictOf } from '../shell/verdict.js';

const SeverityWords = { critical: 'Critical', warning: 'Warning', info: 'Note' };

export function createFindings() {
  const image = icon('none');
  const title = h('h1', { id: 'verdict-title' }, 'Connecting');
  const summary = h('p', { class: 'verdict-summary' });
  const list = h('ol', { class: 'findings', 'data-testid': 'findings' });
  const element = h(
    'section',
    {
      class: 'verdict',
      id: 'verdict',
      'data-testid': 'verdict',
      'data-severity': 'none',
      'aria-labelledby': 'verdict-title',
    },
    h('div', { class: 'verdict-head' }, image, h('div', null, title, summary)),
    list,
  );
  return {
    element,
    update() {
      const { findings } = live.cluster;
      const { severity, text } = verdictOf(findings);
      setAttribute(element, 'data-severity', severity);
      setIcon(image, severity);
      setText(title, text);
      setText(summary, summaryOf(live.cluster));
      setHidden(list, findings.length === 0);
      keyed(list, findings, (finding) => `${finding.code} ${finding.about}`, createFinding);
    },
  };
}

function createFinding() {
  const image = icon('none');
  const word = h('span', { class: 'severity' });
  const text = h('span', { class: 'finding-text' });
  const hint = h('span', { class: 'hint' });
  const link = h('a', { class: 'finding-link' });
  const node = h('li', null, image, h('p', null, word, text, hint), link);
  return {
    node,
    update(finding) {
      setAttribute(node, 'data-severity', finding.severity);
      setAttribute(node, 'data-code', finding.code);
      setIcon(image, finding.severity);
      setText(word, SeverityWords[finding.severity]);
      setText(text, finding.text);
      setText(hint, finding.hint ?? '');
      const place = placeOf(finding.about);
      setHidden(link, place === null);
      if (place !== null) {
        setAttribute(link, 'href', place.address);
        setText(link, place.text);
      }
    },
  };
}

function summaryOf(cluster) {
  const { shardCount, replicas } = cluster.cluster;
  const served = cluster.shards.servedBy.filter((silo) => silo >= 0).length;
  const active = cluster.silos.filter((silo) => silo.state !== 'silent').length;
  const silos =
    active === cluster.silos.length ? counted(active, 'silo') : `${active} of ${counted(cluster.silos.length, 'silo')}`;
  const shards = served === shardCount ? `all ${shardCount}` : `${served} of ${shardCount}`;
  const sentences = [
    `${silos} ${active === 1 ? 'serves' : 'serve'} ${shards} shards.`,
    replicas === 'none' ? 'Shards have no replicas.' : `Shards have ${replicas} replicas.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
