// A table that is sorted by a click on a heading and changed in place: a row keeps its elements for as long as its key
// is there. Rows do not move under the pointer or the focus: who is about to click a row would hit another one.
//
// A column: { id, title, hint?, isText?, isName? (a number that counts nothing), width (rem),
//   sort(row) → number, string or null,
//   and either text(row) → string, or cell() → { node, update(row) } for anything richer }.

import { h, isSelected, keyed, setAttribute, setHidden, setText } from './dom.js';
import { Unknown } from './format.js';

const collator = new Intl.Collator('en', { numeric: true }); // localeCompare would make one for each comparison

export class Table {
  #columns;
  #options;
  #sort;
  #rows = [];
  #body = h('tbody');
  #headings = new Map();
  #isTouched = false;

  /**
   * `options`: label, key(row), sort: [column id, descending], attributes(row)?, testId?, empty? (a node for no rows).
   */
  constructor(columns, options) {
    this.#columns = columns;
    this.#options = options;
    this.#sort = options.sort;

    const width = columns.reduce((sum, column) => sum + column.width, 0);
    const group = h(
      'colgroup',
      null,
      columns.map((column) => {
        const col = h('col');
        col.style.width = `${column.width}rem`; // what the table is wider is shared out in proportion
        return col;
      }),
    );
    this.table = h(
      'table',
      { class: 'table', 'data-testid': options.testId },
      h('caption', { class: 'visually-hidden' }, options.label),
      group,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((column) => this.#heading(column)),
        ),
      ),
      this.#body,
    );
    this.table.style.minWidth = `${width}rem`;
    this.frame = h(
      'div',
      { class: 'table-frame', role: 'group', 'aria-label': options.label, tabindex: '0' },
      this.table,
    );
    this.element = h('div', { class: 'table-box' }, this.frame, options.empty ?? null);
    this.#keepStillWhileTouched();
    this.#showSort();
  }

  update(rows) {
    this.#rows = rows;
    setHidden(this.frame, rows.length === 0);
    if (this.#options.empty) {
      setHidden(this.#options.empty, rows.length > 0);
    }
    keyed(this.#body, this.#sorted(), this.#options.key, () => this.#row(), this.#isTouched || isSelected(this.#body));
  }

  #sorted() {
    const [id, isDescending] = this.#sort;
    const { sort } = this.#columns.find((column) => column.id === id);
    const sign = isDescending ? -1 : 1;
    return this.#rows
      .map((row) => ({ row, value: sort(row), key: this.#options.key(row) }))
      .sort((one, other) => {
        if (one.value === null || other.value === null) {
          // what is not known comes last, either way
          return (one.value === null) - (other.value === null) || compare(one.key, other.key);
        }
        return sign * compare(one.value, other.value) || compare(one.key, other.key);
      })
      .map(({ row }) => row);
  }

  #heading(column) {
    const button = h(
      'button',
      { type: 'button', title: column.hint ?? null, onclick: () => this.#sortBy(column) },
      column.title,
    );
    const heading = h(
      'th',
      { scope: 'col', class: column.isText ? 'text' : 'number' },
      column.sort ? button : column.title,
    );
    this.#headings.set(column.id, heading);
    return heading;
  }

  #sortBy(column) {
    const [id, isDescending] = this.#sort;
    this.#sort = [column.id, id === column.id ? !isDescending : !column.isText]; // numbers: the largest first
    this.#showSort();
    this.#isTouched = false;
    this.update(this.#rows);
  }

  #showSort() {
    for (const [id, heading] of this.#headings) {
      setAttribute(heading, 'aria-sort', id !== this.#sort[0] ? null : this.#sort[1] ? 'descending' : 'ascending');
    }
  }

  #row() {
    const cells = this.#columns.map(cellOf);
    const node = h(
      'tr',
      null,
      cells.map((cell) => cell.element),
    );
    return {
      node,
      update: (row) => {
        for (const cell of cells) {
          cell.update(row);
        }
        for (const [name, value] of Object.entries(this.#options.attributes?.(row) ?? {})) {
          setAttribute(node, name, value);
        }
      },
    };
  }

  #keepStillWhileTouched() {
    const settle = () => {
      this.#isTouched = this.#body.matches(':hover') || this.#body.contains(document.activeElement);
    };
    for (const event of ['pointerover', 'pointerleave', 'focusin', 'focusout']) {
      this.#body.addEventListener(event, settle);
    }
  }
}

function cellOf(column, index) {
  const element = h(index === 0 ? 'th' : 'td', {
    class: column.isText ? 'text' : 'number',
    scope: index === 0 ? 'row' : null,
  });
  if (column.cell) {
    const cell = column.cell();
    element.append(cell.node);
    return { element, update: cell.update };
  }
  let shown = null;
  return {
    element,
    update: (row) => {
      const text = column.text(row);
      if (text !== shown) {
        shown = text;
        setText(element, text);
        element.classList.toggle('faint', text === Unknown || (text === '0' && !column.isText && !column.isName));
      }
    },
  };
}

function compare(one, other) {
  return typeof one === 'string' ? collator.compare(one, other) : one - other;
}
