// Colours for canvases, as the style sheet says them, and the look of each silo in the shard map.

// Paul Tol's "light" scheme, made for filling cells that have dark letters in them, also for the colour-blind
// (https://sronpersonalpages.nl/~pault/).
const SiloColors = ['#77aadd', '#ee8866', '#eedd88', '#99ddff', '#44bb99', '#ffaabb', '#bbcc33', '#c9b8e8'];
export const SiloInk = '#1c1d1f';

const resolved = new Map();
const looks = new Map(); // by silo's name, for as long as the page is open: a colour does not change hands
let probe = null;

/** The colour of a custom property of console.css, such as '--ink', in the theme of now. */
export function color(property) {
  let value = resolved.get(property);
  if (value === undefined) {
    probe ??= document.body.appendChild(Object.assign(document.createElement('span'), { hidden: true }));
    probe.style.color = `var(${property})`;
    value = getComputedStyle(probe).color;
    resolved.set(property, value);
  }
  return value;
}

/** To be called when the theme has changed. */
export const forgetColors = () => resolved.clear();

/** What a silo looks like: a colour, whether hatched (beyond eight silos), and one or two letters. */
export function lookOf(name) {
  return looks.get(name) ?? { color: '#dddddd', isHatched: false, letter: '?' };
}

/** Gives the silos that are new a look. */
export function learnSilos(names) {
  const fresh = names
    .filter((name) => !looks.has(name))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  if (fresh.length === 0) {
    return;
  }
  const short = shorten([...looks.keys(), ...fresh]);
  for (const name of fresh) {
    const slot = looks.size;
    looks.set(name, {
      color: SiloColors[slot % SiloColors.length],
      isHatched: Math.floor(slot / SiloColors.length) % 2 === 1,
      letter: short.get(name) ?? letter(slot),
    });
  }
}

// "granary-0" … "granary-15" are 0 … 15, "a" is A; names that differ in more are lettered in turn.
function shorten(names) {
  let common = names[0].length;
  for (const name of names) {
    while (!name.startsWith(names[0].slice(0, common))) {
      common--;
    }
  }
  if (names.length === 1) {
    common = 0;
  }
  while (common > 0 && /[0-9]/.test(names[0][common - 1])) {
    common--; // "silo-10" and "silo-11" have the 1 in common, too
  }
  const rests = names.map((name) => name.slice(common).toUpperCase());
  const isShort = rests.every((rest) => rest.length > 0 && rest.length <= 2) && new Set(rests).size === rests.length;
  return new Map(isShort ? names.map((name, index) => [name, rests[index]]) : []);
}

const letter = (slot) => String.fromCharCode(65 + (slot % 26)) + (slot < 26 ? '' : Math.floor(slot / 26));
