// 1 to 5 for the pages, / for the filter, ? for the help. None while somebody types, and none that a browser uses.

const Pages = ['#/', '#/silos', '#/cache', '#/queues', '#/audit'];

export function startShortcuts() {
  const help = document.getElementById('help');
  const showHelp = () => help.open || help.showModal();
  document.getElementById('help-button').addEventListener('click', showHelp);
  document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault(); // "#main" is no page
    document.getElementById('main').focus();
  });

  document.addEventListener('keydown', (event) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isTyping(event.target) ||
      document.querySelector('dialog[open]')
    ) {
      return;
    }
    if (event.key === '?') {
      showHelp();
    } else if (event.key === '/') {
      const filter = [...document.querySelectorAll('input[type=search]')].find((input) => input.offsetParent !== null);
      if (filter) {
        event.preventDefault();
        filter.focus();
        filter.select();
      }
    } else if (event.key >= '1' && event.key <= `${Pages.length}`) {
      location.hash = Pages[event.key - 1];
    }
  });
}

const isTyping = (element) =>
  element.matches('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]');
