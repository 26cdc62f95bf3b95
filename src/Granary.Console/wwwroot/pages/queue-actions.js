// What an operator may do to a queue. Every act says first what it will do, in numbers as of now.

import { act } from '../parts/dialog.js';
import { h, setHidden } from '../parts/dom.js';
import { counted } from '../parts/format.js';
import { post } from '../data/server.js';
import { live, mayAct } from '../data/live.js';

const MaxOfStep = 1000; // of the contract: a request does at most so many
const Purgeable = ['dead', 'ready', 'delayed', 'deferred'];
const Words = { dead: 'dead letter', ready: 'ready message', delayed: 'delayed message', deferred: 'deferred message' };

/**
 * `{ element, update(queue), redriveOne(message), purgeOne(message, state), canPurge(state) }`; `after()` follows each
 * act.
 */
export function createQueueActions(name, after) {
  let queue = null;
  const button = (action, text, onclick, type = '') =>
    h('button', { type: 'button', class: type, 'data-action': action, onclick }, text);
  const redrive = button('redrive', 'Redrive dead letters…', redriveAll, 'primary');
  const purge = button('purge', 'Purge…', purgeAll, 'danger-quiet');
  const pause = button('pause', 'Pause…', () => setPaused(true));
  const resume = button('resume', 'Resume…', () => setPaused(false), 'primary');
  const look = h('p', { class: 'section-note' }, 'You may look, not act: your token has the role viewer.');
  const element = h(
    'div',
    { class: 'actions', role: 'group', 'aria-label': 'Actions' },
    look,
    redrive,
    purge,
    pause,
    resume,
  );

  function redriveAll() {
    act({
      title: `Redrive the dead letters of ${name}`,
      says: [
        `${counted(queue.dead, 'dead letter')} will be ready again, with no failures counted.`,
        `Workers take ${queue.dead === 1 ? 'it' : 'them'} as soon as they can.`,
        'What made them fail should be mended first, or they come back.',
      ],
      button: `Redrive ${counted(queue.dead, 'dead letter')}`,
      total: () => queue.dead,
      step: () => post('queues/redrive', { queue: name, position: null, max: MaxOfStep }),
      done: (count) => `Redrove ${counted(count, 'dead letter')} of ${name}`,
      after,
    });
  }

  function purgeAll() {
    const choices = Purgeable.filter((state) => queue[state] > 0).map((state) => ({
      value: state,
      label: counted(queue[state], Words[state]),
    }));
    act({
      title: `Purge ${name}`,
      says: [
        'The messages of one state are deleted for good. Nobody gets them, and there is no way back.',
        'Leased messages are left alone.',
      ],
      choices,
      button: 'Delete them',
      isDangerous: true,
      typed: name,
      total: (state) => queue[state],
      step: (state) => post('queues/purge', { queue: name, state, position: null, max: MaxOfStep }),
      done: (count, state) => `Deleted ${counted(count, Words[state])} of ${name}`,
      after,
    });
  }

  function setPaused(isPaused) {
    act({
      title: `${isPaused ? 'Pause' : 'Resume'} ${name}`,
      says: [
        isPaused
          ? 'Workers get no more messages of it until it is resumed. Sends go on. What is leased may be completed.'
          : `Workers get its messages again. ${counted(queue.ready, 'message')} ready now.`,
      ],
      button: isPaused ? 'Pause it' : 'Resume it',
      step: () => post(`queues/${isPaused ? 'pause' : 'resume'}`, { queue: name }),
      done: () => `${isPaused ? 'Paused' : 'Resumed'} ${name}`,
      after,
    });
  }

  return {
    element,
    canPurge: (state) => Purgeable.includes(state),
    redriveOne(message) {
      act({
        title: `Redrive message ${message.position}`,
        says: [`This dead letter of ${name} will be ready again, with no failures counted.`],
        button: 'Redrive it',
        step: () => post('queues/redrive', { queue: name, position: message.position, max: 1 }).then(single),
        done: (count) =>
          count > 0
            ? `Redrove message ${message.position} of ${name}`
            : `Message ${message.position} was not there any more`,
        after,
      });
    },
    purgeOne(message, state) {
      act({
        title: `Delete message ${message.position}`,
        says: [`This message of ${name} is deleted for good. Nobody gets it, and there is no way back.`],
        button: 'Delete it',
        isDangerous: true,
        step: () => post('queues/purge', { queue: name, state, position: message.position, max: 1 }).then(single),
        done: (count) =>
          count > 0
            ? `Deleted message ${message.position} of ${name}`
            : `Message ${message.position} was not there any more`,
        after,
      });
    },
    update(latest) {
      queue = latest;
      const isTopic = queue.kind === 'topic';
      setHidden(look, live.me === null || mayAct());
      setHidden(redrive, !mayAct() || isTopic || queue.dead === 0);
      setHidden(purge, !mayAct() || isTopic || !Purgeable.some((state) => queue[state] > 0));
      setHidden(pause, !mayAct() || isTopic || queue.paused);
      setHidden(resume, !mayAct() || isTopic || !queue.paused);
    },
  };
}

const single = ({ count }) => ({ count, more: false }); // of one position there is one message
