// Numbers as people read them: three digits, a unit always, widths that do not jump. null is not known: a dash.

export const Unknown = '–';

const Decimal = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];
const Binary = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
];
const grouped = new Intl.NumberFormat('en');
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const isUnknown = (value) => value === null || value === undefined || Number.isNaN(value);

function threeDigits(value) {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** 7, 950, 12.3k, 4.56M: a count. */
export function compact(value) {
  if (isUnknown(value)) {
    return Unknown;
  }
  const [factor, suffix] = Decimal.find(([size]) => value >= 0.9995 * size) ?? [1, ''];
  return factor === 1 ? value.toFixed(0) : threeDigits(value / factor) + suffix;
}

/** As a count, with one decimal below ten: what happens per second. */
export function rate(value) {
  return isUnknown(value) || value >= 9.95 || value < 0.05 ? compact(value) : value.toFixed(1);
}

/** A rate with its unit. */
export const perSecond = (value) => (isUnknown(value) ? Unknown : `${rate(value)}/s`);

/** 12,345: a count to the last one. */
export const exact = (value) => (isUnknown(value) ? Unknown : grouped.format(value));

/** "1 message", "12,345 messages". */
export const counted = (count, noun, nouns = `${noun}s`) => `${exact(count)} ${count === 1 ? noun : nouns}`;

/** A size as [number, unit]. */
export function bytesParts(value) {
  if (isUnknown(value)) {
    return [Unknown, ''];
  }
  const found = Binary.find(([size]) => value >= 0.9995 * size);
  return found ? [threeDigits(value / found[0]), found[1]] : [value.toFixed(0), 'B'];
}

export const bytes = (value) => bytesParts(value).join('\u00a0').trim();

/** A time span given in seconds. */
export function duration(seconds) {
  if (isUnknown(seconds)) {
    return Unknown;
  }
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)}\u00a0s`;
  }
  if (seconds < 120) {
    return `${seconds.toFixed(0)}\u00a0s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) {
    return `${minutes}\u00a0min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours}\u00a0h ${minutes % 60}\u00a0min`
    : `${Math.floor(hours / 24)}\u00a0d ${hours % 24}\u00a0h`;
}

/** A latency given in milliseconds. */
export function milliseconds(value) {
  if (isUnknown(value)) {
    return Unknown;
  }
  return value >= 999.5 ? `${threeDigits(value / 1000)}\u00a0s` : `${threeDigits(value)}\u00a0ms`;
}

/** A part of one as a percentage. */
export const percent = (part) => (isUnknown(part) ? Unknown : `${percentNumber(part)}\u00a0%`);
export const percentNumber = (part) => (isUnknown(part) ? Unknown : part >= 0.9995 ? '100' : (100 * part).toFixed(1));

/** The part that `some` is of `all`; null if there are none. */
export const ratio = (some, all) => (all > 0 ? some / all : null);

/** The time of day, with the day if it is another one. */
export function clock(at) {
  if (isUnknown(at)) {
    return Unknown;
  }
  const time = clockFormat.format(at);
  return new Date(at).toDateString() === new Date().toDateString() ? time : `${dayFormat.format(at)} ${time}`;
}

/** "leaseSeconds" → "Lease": what an option of the data is called in words. */
export function words(name) {
  const spaced = name.replace(/(Seconds|Bytes)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
