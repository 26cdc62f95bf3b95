// Light, dark, or as the system: a button that goes through them, and is remembered.

import { icon, setIcon } from '../parts/dom.js';
import { forgetColors } from '../parts/palette.js';

const Key = 'granary.theme';
const Themes = ['auto', 'light', 'dark'];
const Titles = { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' };

/** Makes the button work; `changed()` draws canvases again. */
export function startTheme(changed) {
  const button = document.getElementById('theme');
  const image = icon('auto');
  button.append(image);

  const show = () => {
    const theme = current();
    setIcon(image, theme);
    button.title = Titles[theme];
    button.setAttribute('aria-label', Titles[theme]);
  };
  const apply = () => {
    forgetColors();
    changed();
  };
  button.addEventListener('click', () => {
    choose(Themes[(Themes.indexOf(current()) + 1) % Themes.length]);
    show();
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  show();
}

const current = () => document.documentElement.dataset.theme ?? 'auto';

function choose(theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  try {
    localStorage.setItem(Key, theme);
  } catch {
    // Not remembered then.
  }
}
