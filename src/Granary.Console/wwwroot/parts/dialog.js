// The one way to act: a dialog that says what will happen, then how far it is, then what came of it. A long action is
// many requests of a bounded size each; between two of them it can be stopped.

import { h, setHidden, setText } from './dom.js';
import { counted, exact } from './format.js';
import { announce } from '../shell/result.js';

/**
 * Asks, and acts if the answer is yes.
 * `title`; `says`: paragraphs (strings); `button`: the words on it; `isDangerous`; `typed`: what has to be typed first;
 * `choices`: [{ value, label }] to choose one of; `total(choice)`: of the messages there are, if it is messages;
 * `step(choice)` acts once and answers { count, more }; `done(count, choice)` says what was done, a sentence without
 * its full stop; `after()` follows.
 */
export function act(action) {
  const dialog = new ActionDialog(action);
  document.body.append(dialog.element);
  dialog.element.showModal();
}

class ActionDialog {
  #action;
  #isStopped = false;
  #isRunning = false;
  #choice = null;
  #typed = null;
  #bar = h('progress', { class: 'progress', 'aria-label': 'Progress', hidden: true });
  #status = h('p', { class: 'dialog-status', role: 'status' });
  #cancel;
  #confirm;
  #form;

  constructor(action) {
    this.#action = action;
    this.#cancel = h(
      'button',
      { type: 'button', 'data-action': 'cancel', onclick: () => this.#stopOrClose() },
      'Cancel',
    );
    this.#confirm = h(
      'button',
      { class: action.isDangerous ? 'danger' : 'primary', 'data-action': 'confirm' },
      action.button,
    );
    this.#form = h(
      'form',
      { method: 'dialog', onsubmit: (event) => this.#submit(event) },
      action.says.map((text) => h('p', null, text)),
      this.#choices(),
      this.#typing(),
    );
    this.element = h(
      'dialog',
      { class: 'action', 'aria-labelledby': 'action-title', 'data-testid': 'action-dialog' },
      h('h2', { id: 'action-title' }, action.title),
      this.#form,
      this.#bar,
      this.#status,
      h('div', { class: 'dialog-buttons' }, this.#cancel, this.#confirm),
    );
    this.#form.id = 'action-form';
    this.#confirm.setAttribute('form', 'action-form');
    this.element.addEventListener('cancel', (event) => {
      if (this.#isRunning) {
        event.preventDefault(); // Esc stops; it does not hide what goes on
        this.#isStopped = true;
      }
    });
    this.element.addEventListener('close', () => this.element.remove());
  }

  #choices() {
    const { choices } = this.#action;
    if (!choices) {
      return null;
    }
    this.#choice = choices[0].value;
    return h(
      'fieldset',
      { class: 'choices' },
      h('legend', null, 'Which messages'),
      choices.map((choice, index) =>
        h(
          'label',
          null,
          h('input', {
            type: 'radio',
            name: 'choice',
            checked: index === 0,
            onchange: () => {
              this.#choice = choice.value;
            },
          }),
          choice.label,
        ),
      ),
    );
  }

  #typing() {
    const { typed } = this.#action;
    if (!typed) {
      return null;
    }
    this.#confirm.disabled = true;
    this.#typed = h('input', {
      type: 'text',
      autocomplete: 'off',
      spellcheck: 'false',
      'data-testid': 'typed',
      oninput: () => {
        this.#confirm.disabled = this.#typed.value !== typed;
      },
    });
    return h('label', { class: 'typed' }, h('span', null, 'Type ', h('code', null, typed), ' to confirm'), this.#typed);
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    setHidden(this.#form, true);
    setHidden(this.#confirm, true);
    setText(this.#cancel, 'Stop');
    this.#cancel.focus();
    const sentence = await this.#run();
    this.#isRunning = false;
    setHidden(this.#bar, true);
    setText(this.#status, sentence);
    setText(this.#cancel, 'Close');
    announce(sentence);
    this.#action.after?.();
  }

  async #run() {
    const total = this.#action.total?.(this.#choice) ?? null;
    let count = 0;
    this.#showProgress(count, total);
    try {
      for (let more = true; more && !this.#isStopped;) {
        const answer = await this.#action.step(this.#choice);
        count += answer.count;
        more = answer.more && answer.count > 0; // a step that does nothing would be repeated for ever
        this.#showProgress(count, total);
      }
      return `${this.#action.done(count, this.#choice)}${this.#isStopped ? ', then stopped' : ''}.`;
    } catch (error) {
      this.#status.dataset.severity = 'critical';
      return count > 0
        ? `${this.#action.done(count, this.#choice)}, then: ${error.message}`
        : `Not done. ${error.message}`;
    }
  }

  #showProgress(count, total) {
    setHidden(this.#bar, false);
    if (total !== null && total > 0) {
      this.#bar.max = Math.max(total, count);
      this.#bar.value = count;
    }
    setText(this.#status, total === null ? 'Under way.' : `${exact(count)} of about ${counted(total, 'message')}.`);
  }

  #stopOrClose() {
    if (this.#isRunning) {
      this.#isStopped = true;
      setText(this.#status, 'Stopping after this step.');
    } else {
      this.element.close();
    }
  }
}
