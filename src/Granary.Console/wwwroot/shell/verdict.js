// The verdict in words: in the document's title, in the header, and to screen readers when it becomes another one.

import { setAttribute, setText } from '../parts/dom.js';
import { counted } from '../parts/format.js';
import { live } from '../data/live.js';

let said = null;

/** `{ severity, short, text }` of the findings. */
export function verdictOf(findings) {
  const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
  const [critical, warnings, notes] = ['critical', 'warning', 'info'].map(count);
  const noted = notes === 0 ? '' : counted(notes, 'note');
  if (critical + warnings === 0) {
    return { severity: 'ok', short: 'Healthy', text: noted ? `Healthy, with ${noted}` : 'Healthy' };
  }
  const warned = warnings === 0 ? '' : counted(warnings, 'warning');
  const join = (...parts) => parts.filter(Boolean).join(', ');
  return {
    severity: critical > 0 ? 'critical' : 'warning',
    short: join(critical > 0 ? `${critical} critical` : '', warned),
    text: join(critical > 0 ? counted(critical, 'critical finding') : '', warned, noted),
  };
}

/** Shows the verdict wherever it is shown on every page. */
export function showVerdict() {
  const pill = document.getElementById('verdict-pill');
  const text = document.getElementById('verdict-pill-text');
  const findings = live.cluster?.findings ?? null;
  const verdict =
    findings === null ? { severity: 'none', short: 'Connecting', text: 'Connecting' } : verdictOf(findings);
  const { severity, short } = live.isLost ? { severity: 'none', short: 'Connection lost' } : verdict;

  setAttribute(pill, 'data-severity', severity);
  setText(text, short);
  const first = severity === 'critical' || severity === 'warning' ? ` · ${findings[0].text}` : '';
  const title = `${short}${first} · Granary`;
  if (document.title !== title) {
    document.title = title;
  }

  // Texts have numbers that change with each event; what is found and about what tells whether it is another verdict.
  const key = live.isLost
    ? 'lost'
    : (findings?.map((finding) => `${finding.severity} ${finding.code} ${finding.about}`).join() ?? 'none');
  if (findings !== null && key !== said) {
    said = key;
    const sentences = live.isLost
      ? ['Connection lost, trying again.']
      : [`${verdict.text}.`, ...findings.map((finding) => finding.text)];
    setText(document.getElementById('verdict-live'), sentences.join(' '));
  }
}
