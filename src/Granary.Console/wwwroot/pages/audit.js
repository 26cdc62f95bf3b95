// Who did what with this console, on any silo.

import { h, setAttribute, setHidden, setText } from '../parts/dom.js';
import { clock, counted, Unknown } from '../parts/format.js';
import { Table } from '../parts/table.js';
import { get } from '../data/server.js';

const ReadMilliseconds = 10_000;
const Tones = { done: 'none', refused: 'warning', failed: 'critical' };

export function createAuditPage() {
  let entries = null;
  let timer = 0;
  const search = h('input', {
    type: 'search',
    id: 'audit-filter',
    placeholder: 'Filter',
    'aria-label': 'Filter the audit',
    title: 'Filter (/)',
    oninput: () => update(),
  });
  const count = h('p', { class: 'section-note' });
  const problem = h('p', { class: 'notice', 'data-severity': 'warning', hidden: true });
  const text = (id, title, width) => ({
    id,
    title,
    isText: true,
    width,
    sort: (row) => row[id],
    text: (row) => row[id] ?? Unknown,
  });
  const table = new Table(
    [
      { id: 'at', title: 'Time', isText: true, width: 8, sort: (row) => row.at, text: (row) => clock(row.at) },
      text('who', 'Who', 7),
      text('action', 'Action', 6),
      text('about', 'About', 10),
      text('detail', 'Detail', 14),
      { id: 'outcome', title: 'Outcome', isText: true, width: 16, sort: (row) => row.outcome, cell: outcomeCell },
      text('silo', 'By silo', 6),
    ],
    {
      label: 'Audit',
      testId: 'audit',
      key: (row) => row.id,
      sort: ['at', true],
      empty: h(
        'p',
        { class: 'card empty' },
        'Nothing is listed. What operators do with this console, and what was refused to them, is listed here.',
      ),
    },
  );
  const element = h(
    'div',
    { class: 'page', id: 'audit' },
    h('div', { class: 'page-head' }, h('h1', null, 'Audit'), count, search),
    problem,
    table.element,
  );

  const read = async () => {
    try {
      entries = (await get('audit')).entries.map((entry, index, all) => ({
        ...entry,
        id: `${entry.at} ${entry.who} ${entry.action} ${all.length - index}`,
      }));
      setHidden(problem, true);
      update();
    } catch (error) {
      setText(problem, `The audit cannot be read now. ${error.message}`);
      setHidden(problem, false);
    }
  };
  const update = () => {
    if (entries === null) {
      return;
    }
    const wanted = search.value.trim().toLowerCase();
    const shown = entries.filter(
      (row) =>
        wanted === '' ||
        `${row.who} ${row.action} ${row.about} ${row.detail} ${row.outcome}`.toLowerCase().includes(wanted),
    );
    setText(count, `${counted(entries.length, 'entry', 'entries')}, latest first`);
    table.update(shown);
  };
  return {
    element,
    open() {
      read();
      clearInterval(timer);
      timer = setInterval(read, ReadMilliseconds);
    },
    close: () => clearInterval(timer),
    update() {},
  };
}

function outcomeCell() {
  const word = h('span', { class: 'state' });
  const reason = h('span', { class: 'sub' });
  return {
    node: h('span', { class: 'two-lines' }, word, reason),
    update(row) {
      setText(word, row.outcome.charAt(0).toUpperCase() + row.outcome.slice(1));
      setAttribute(word, 'data-tone', Tones[row.outcome] ?? 'none');
      setText(reason, row.reason ?? '');
      setHidden(reason, !row.reason);
    },
  };
}
