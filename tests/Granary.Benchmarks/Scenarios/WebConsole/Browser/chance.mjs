/** Numbers by chance that are the same in each run. */
export class Chance {
  #state;

  constructor(seed) {
    this.#state = seed;
  }

  /** From 0 to 1: mulberry32, of Tommy Ettinger. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below a limit. */
  below(limit) {
    return Math.floor(limit * this.next());
  }

  /** One of a list. */
  of(list) {
    return list[this.below(list.length)];
  }

  /** Within a tenth of a number. */
  near(middle) {
    return middle * (0.9 + 0.2 * this.next());
  }
}
