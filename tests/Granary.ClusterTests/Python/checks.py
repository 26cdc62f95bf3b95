"""What the two drivers share: count checks, stop at the first wrong one, wait for a condition with a deadline."""

import sys
import time

LIMIT = 1 << 20  # memcached's default -I
EXPIRY_DEADLINE_SECONDS = 10


class Checks:
    def __init__(self):
        self.count = 0

    def equal(self, name, actual, expected):
        if actual != expected:
            self.fail(f"{name}: {shorten(actual)}, expected {shorten(expected)}")
        self.count += 1

    def true(self, name, condition):
        if not condition:
            self.fail(name)
        self.count += 1

    def raises(self, name, errors, action):
        try:
            result = action()
        except errors:
            self.count += 1
            return
        self.fail(f"{name}: {shorten(result)}, expected {errors}")

    def eventually(self, name, condition):
        deadline = time.monotonic() + EXPIRY_DEADLINE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                self.fail(f"{name}: not so after {EXPIRY_DEADLINE_SECONDS} s")
            time.sleep(0.05)
        self.count += 1

    def fail(self, message):
        sys.exit(f"check {self.count + 1} failed: {message}")

    def finish(self):
        print(f"ok {self.count} checks")


def shorten(value):
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:100]}... ({len(text)} characters)"
