"""Drives every command of pymemcache's client against HOST PORT; stops at the first wrong result."""

import sys

from pymemcache.client.base import Client
from pymemcache.exceptions import (
    MemcacheClientError,
    MemcacheIllegalInputError,
    MemcacheServerError,
    MemcacheUnknownCommandError,
)

from checks import LIMIT, Checks

WAIT = {"noreply": False}  # pymemcache does not wait for the answer unless told


class FlagsSerde:
    """Bytes in, bytes out; remembers the flags of the last value."""

    last_flags = None

    def serialize(self, key, value):
        return value, 0

    def deserialize(self, key, value, flags):
        self.last_flags = flags
        return value


def main(host, port):
    client = Client((host, port), serde=FlagsSerde(), connect_timeout=10, timeout=10)
    check = Checks()
    client.flush_all(**WAIT)
    for part in (values, keys, conditions, cas, numbers, expiry, limits, noreply, server, flush):
        part(client, check)
    client.quit()
    check.finish()


def values(client, check):
    check.equal("get of nothing", client.get("absent"), None)
    check.equal("get with a default", client.get("absent", b"default"), b"default")
    for name, value in {"empty": b"", "text": b"value", "binary": bytes(range(256)), "lines": b"a\r\nEND\r\n"}.items():
        check.equal(f"set of {name}", client.set(name, value, **WAIT), True)
        check.equal(f"get of {name}", client.get(name), value)
    check.equal("set over", client.set("text", b"other", **WAIT), True)
    check.equal("get after set over", client.get("text"), b"other")
    check.equal("set with flags", client.set("flags", b"v", flags=0xFFFFFFFF, **WAIT), True)
    client.get("flags")
    check.equal("flags", client.serde.last_flags, 0xFFFFFFFF)
    check.equal("delete", client.delete("text", **WAIT), True)
    check.equal("delete again", client.delete("text", **WAIT), False)
    check.equal("get after delete", client.get("text"), None)


def keys(client, check):
    longest = "k" * 250
    check.equal("set of the longest key", client.set(longest, b"long", **WAIT), True)
    check.equal("get of the longest key", client.get(longest), b"long")
    for name, key in {"too long": "k" * 251, "with a space": "a b", "with a line feed": "a\nb"}.items():
        check.raises(f"get of a key {name}", MemcacheIllegalInputError, lambda key=key: client.get(key))
    many = {f"many-{number}": b"value-%d" % number for number in range(1000)}
    check.equal("set_many", client.set_many(many, **WAIT), [])
    check.equal("get_many", client.get_many(list(many)), many)
    check.equal("get_many with misses", client.get_many(["many-1", "absent", "many-2"]),
                {"many-1": b"value-1", "many-2": b"value-2"})
    check.equal("get_many of misses", client.get_many(["absent", "absent-2"]), {})
    check.equal("gets_many", {key: value for key, (value, _) in client.gets_many(["many-3", "many-4"]).items()},
                {"many-3": b"value-3", "many-4": b"value-4"})
    check.equal("delete_many", client.delete_many(["many-5", "many-6"], **WAIT), True)
    check.equal("get_many after delete_many", client.get_many(["many-5", "many-6"]), {})


def conditions(client, check):
    check.equal("add", client.add("added", b"first", **WAIT), True)
    check.equal("add again", client.add("added", b"second", **WAIT), False)
    check.equal("get after add", client.get("added"), b"first")
    check.equal("replace", client.replace("added", b"third", **WAIT), True)
    check.equal("get after replace", client.get("added"), b"third")
    check.equal("replace of nothing", client.replace("absent", b"v", **WAIT), False)
    check.equal("append", client.append("added", b"-after", **WAIT), True)
    check.equal("prepend", client.prepend("added", b"before-", **WAIT), True)
    check.equal("get after append and prepend", client.get("added"), b"before-third-after")
    check.equal("append to nothing", client.append("absent", b"v", **WAIT), False)
    check.equal("prepend to nothing", client.prepend("absent", b"v", **WAIT), False)


def cas(client, check):
    client.set("cas", b"1", **WAIT)
    value, token = client.gets("cas")
    check.equal("gets", value, b"1")
    check.equal("cas with the token", client.cas("cas", b"2", token, **WAIT), True)
    check.equal("cas with the old token", client.cas("cas", b"3", token, **WAIT), False)
    check.equal("get after cas", client.get("cas"), b"2")
    check.equal("cas of nothing", client.cas("absent", b"v", token, **WAIT), None)
    check.equal("gets of nothing", client.gets("absent"), (None, None))


def numbers(client, check):
    client.set("number", b"10", **WAIT)
    check.equal("incr", client.incr("number", 5), 15)
    check.equal("decr", client.decr("number", 6), 9)
    check.equal("decr below 0", client.decr("number", 100), 0)
    check.equal("incr of nothing", client.incr("absent", 1), None)
    check.equal("decr of nothing", client.decr("absent", 1), None)
    client.set("number", b"18446744073709551615", **WAIT)
    check.equal("incr over 64 bits", client.incr("number", 2), 1)
    client.set("number", b"word", **WAIT)
    check.raises("incr of a word", MemcacheClientError, lambda: client.incr("number", 1))


def expiry(client, check):
    client.set("short", b"v", expire=1, **WAIT)
    client.set("touched", b"v", expire=1, **WAIT)
    check.equal("touch", client.touch("touched", 1000, **WAIT), True)
    check.equal("touch of nothing", client.touch("absent", 1000, **WAIT), False)
    check.equal("get before expiry", client.get("touched"), b"v")
    check.eventually("expiry after 1 s", lambda: client.get("short") is None)
    check.equal("get after a longer touch", client.get("touched"), b"v")
    check.equal("touch to 1 s", client.touch("touched", 1, **WAIT), True)
    check.eventually("expiry after touch", lambda: client.get("touched") is None)
    check.equal("add after expiry", client.add("short", b"again", **WAIT), True)
    check.equal("set with a negative expiry", client.set("past", b"v", expire=-1, **WAIT), True)
    check.equal("get with a negative expiry", client.get("past"), None)


def limits(client, check):
    below = (b"0123456789abcdef" * (LIMIT // 16))[: LIMIT - 1024]
    check.equal("set below the limit", client.set("big", below, **WAIT), True)
    check.true("get below the limit", client.get("big") == below)
    check.raises("set above the limit", (MemcacheServerError, MemcacheClientError),
                 lambda: client.set("big", b"x" * (LIMIT + 1024), **WAIT))
    check.equal("get after a refused set", client.get("absent"), None)


def noreply(client, check):
    client.set("quiet", b"1", noreply=True)
    check.equal("get after a quiet set", client.get("quiet"), b"1")
    client.append("quiet", b"2", noreply=True)
    client.prepend("quiet", b"0", noreply=True)
    client.add("quiet", b"no", noreply=True)
    check.equal("get after quiet changes", client.get("quiet"), b"012")
    client.incr("quiet", 8, noreply=True)
    client.touch("quiet", 1000, noreply=True)
    check.equal("get after a quiet incr", client.get("quiet").strip(), b"20")
    client.delete("quiet", noreply=True)
    check.equal("get after a quiet delete", client.get("quiet"), None)


def server(client, check):
    check.true("version", client.version())
    statistics = client.stats()
    for name in (b"pid", b"uptime", b"curr_items", b"get_hits", b"get_misses", b"cmd_get", b"cmd_set", b"limit_maxbytes",
                 b"evictions", b"bytes", b"total_items", b"version"):
        check.true(f"stats has no {name}", name in statistics)
    check.true("stats counts hits", int(statistics[b"get_hits"]) > 0)
    check.true("stats counts misses", int(statistics[b"get_misses"]) > 0)
    check.raises("an unknown command", MemcacheUnknownCommandError,
                 lambda: client._misc_cmd([b"nonsense\r\n"], b"nonsense", False))
    check.equal("get after an unknown command", client.get("absent"), None)


def flush(client, check):
    client.set("flushed", b"v", **WAIT)
    check.equal("flush_all", client.flush_all(**WAIT), True)
    check.equal("get after flush_all", client.get("flushed"), None)
    check.equal("set after flush_all", client.set("flushed", b"v", **WAIT), True)
    check.equal("get of what was set after flush_all", client.get("flushed"), b"v")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
