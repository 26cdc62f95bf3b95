"""Read-through replay of a trace: for each request and each clone of its key a get, and a set of what missed. Some
requests for different keys are one call, as a page of an application that shows several things makes it.

A key is "<key>#<clone>"; its value is "<key>#<clone>|" again and again, so that no other key has it: any other value is
wrong. Prints "progress <requests>" lines and at the end "<requests> <hits> <misses> <wrong>", counted in keys; with
--tolerate-errors a fifth number, the calls that failed.
"""

import argparse
import lzma
import struct
from concurrent.futures import ThreadPoolExecutor

from pymemcache.client.base import Client
from pymemcache.exceptions import MemcacheError

MOST_ERRORS = 1000  # a server that is gone does not come back: end soon
MOST_KEYS_OF_A_CALL = 8
LANES = 4  # connections; a key is always in the same one
PROGRESS = 5000


def main():
    arguments = parse()
    trace = read_trace(arguments.trace)[: arguments.max_requests]
    with ThreadPoolExecutor(LANES) as threads:
        lanes = threads.map(lambda lane: replay(arguments, trace, lane), range(LANES))
        print(*[sum(counts) for counts in zip(*lanes)])


def replay(arguments, trace, lane):
    lane_replay = Replay(arguments)
    done = 0
    for keys in calls_of([key for key in trace if key % LANES == lane]):
        lane_replay.request(keys)
        done += len(keys)
        if done % PROGRESS < len(keys):
            print(f"progress {done}\n", end="", flush=True)
    return lane_replay.result()


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("trace", help="xz; one big-endian int32 key a request")
    parser.add_argument("value_bytes", type=int)
    parser.add_argument("clones", type=int)
    parser.add_argument("max_requests", type=int, nargs="?")
    parser.add_argument("--tolerate-errors", action="store_true", help="count failed calls instead of ending")
    return parser.parse_args()


def read_trace(path):
    with lzma.open(path) as trace:
        return [key for (key,) in struct.iter_unpack(">i", trace.read())]


def calls_of(keys):
    """Cuts a trace into calls of different keys, in its order."""
    call = []
    for key in keys:
        if key in call or len(call) == MOST_KEYS_OF_A_CALL:
            yield call
            call = []
        call.append(key)
    if call:
        yield call


class Replay:
    # pymemcache, not pylibmc: it writes all sets of a call at once and only then reads the answers.
    def __init__(self, arguments):
        self.client = Client((arguments.host, arguments.port), connect_timeout=10, timeout=10, no_delay=True)
        self.value_bytes = arguments.value_bytes
        self.clones = range(arguments.clones)
        self.tolerate_errors = arguments.tolerate_errors
        self.requests = self.hits = self.wrong = self.errors = 0

    def request(self, keys):
        names = [f"{key}#{clone}" for key in keys for clone in self.clones]
        found = self.attempt(lambda: self.client.get_many(names), {})
        self.requests += len(names)
        self.hits += len(found)
        self.wrong += sum(value != self.value(name) for name, value in found.items())
        missed = {name: self.value(name) for name in names if name not in found}
        if missed:
            refused = self.attempt(lambda: self.client.set_many(missed, noreply=False), [])
            if refused:
                self.count_error(f"The server did not store {refused}.")

    def attempt(self, call, instead):
        try:
            return call()
        except (MemcacheError, OSError) as error:
            self.client.close()
            self.count_error(error)
            return instead

    def count_error(self, error):
        self.errors += 1
        if not self.tolerate_errors or self.errors > MOST_ERRORS:
            raise SystemExit(f"After {self.requests} requests, error {self.errors}: {error!r}")

    def value(self, name):
        unit = f"{name}|".encode()
        return (unit * (self.value_bytes // len(unit) + 1))[: self.value_bytes]

    def result(self):
        counts = (self.requests, self.hits, self.requests - self.hits, self.wrong)
        return (*counts, self.errors) if self.tolerate_errors else counts


if __name__ == "__main__":
    main()
