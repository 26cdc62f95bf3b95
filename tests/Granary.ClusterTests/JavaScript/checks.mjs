// Counts checks, and ends the script at the first wrong result.

import assert from 'node:assert/strict';

const PATIENCE_MS = 5000;

export class Checks {
  #count = 0;

  equal(what, actual, expected) {
    assert.deepEqual(actual, expected, `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    this.#count++;
  }

  async rejects(what, call) {
    await assert.rejects(call, undefined, `${what}: no error`);
    this.#count++;
  }

  async eventually(what, isTrue) {
    for (const end = Date.now() + PATIENCE_MS; !(await isTrue()); ) {
      assert.ok(Date.now() < end, `${what}: not after ${PATIENCE_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#count++;
  }

  finish() {
    console.log(`ok ${this.#count} checks`);
    process.exit(0); // whatever a client's timers have left to do
  }
}
