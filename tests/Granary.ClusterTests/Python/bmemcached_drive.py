"""Drives every command of python-binary-memcached's client (binary protocol) against HOST PORT [USER PASSWORD], with SASL if
there is a user; stops at the first wrong result."""

import sys

import bmemcached
from bmemcached.exceptions import AuthenticationNotSupported, InvalidCredentials, MemcachedException

from checks import LIMIT, Checks


def main(host, port, user=None, password=None):
    address = f"{host}:{port}"
    check = Checks()
    if user:
        strangers(address, user, check)
    client = bmemcached.Client([address], user, password, socket_timeout=10)
    client.flush_all()
    for part in (values, conditions, cas, numbers, expiry, limits, server, flush):
        part(client, check)
    check.finish()


def strangers(address, user, check):
    for name, credentials in {"a wrong password": (user, "no"), "no password": (user, "")}.items():
        client = bmemcached.Client([address], *credentials, socket_timeout=10)
        check.raises(f"set with {name}", (InvalidCredentials, AuthenticationNotSupported, MemcachedException),
                     lambda: client.set("key", "value"))
        client.disconnect_all()


def values(client, check):
    check.equal("get of nothing", client.get("absent"), None)
    for name, value in {"empty": b"", "bytes": bytes(range(256)), "text": "\u00e9t\u00e9", "integer": 42,
                        "pickled": {"a": [1, 2.5, None]}}.items():
        check.equal(f"set of {name}", client.set(name, value), True)
        check.equal(f"get of {name}", client.get(name), value)
    check.equal("set compressed", client.set("compressed", "a" * 100_000), True)
    check.equal("get compressed", client.get("compressed"), "a" * 100_000)
    longest = "k" * 250
    check.equal("set of the longest key", client.set(longest, "long"), True)
    check.equal("get of the longest key", client.get(longest), "long")
    check.equal("delete", client.delete("text"), True)
    check.equal("get after delete", client.get("text"), None)
    many = {f"many-{number}": f"value-{number}" for number in range(500)}
    check.equal("set_multi", client.set_multi(many), [])
    check.equal("get_multi", client.get_multi([*many, "absent"]), many)
    check.equal("delete_multi", client.delete_multi(["many-5", "many-6"]), True)
    check.equal("get_multi after delete_multi", client.get_multi(["many-5", "many-6", "many-7"]), {"many-7": "value-7"})


def conditions(client, check):
    check.equal("add", client.add("added", "first"), True)
    check.equal("add again", client.add("added", "second"), False)
    check.equal("replace", client.replace("added", "third"), True)
    check.equal("get after replace", client.get("added"), "third")
    check.equal("replace of nothing", client.replace("absent", "v"), False)


def cas(client, check):
    client.set("cas", "1")
    value, token = client.gets("cas")
    check.equal("gets", value, "1")
    check.equal("cas with the token", client.cas("cas", "2", token), True)
    check.equal("cas with the old token", client.cas("cas", "3", token), False)
    check.equal("get after cas", client.get("cas"), "2")
    check.equal("cas of nothing", client.cas("absent", "v", token), False)
    check.equal("delete with the old token", client.delete("cas", token), False)
    check.equal("delete with the token", client.delete("cas", client.gets("cas")[1]), True)


def numbers(client, check):
    client.delete("number")
    check.equal("incr of nothing", client.incr("number", 5, default=10), 10)
    check.equal("incr", client.incr("number", 5), 15)
    check.equal("decr", client.decr("number", 6), 9)
    check.equal("decr below 0", client.decr("number", 100), 0)


def expiry(client, check):
    client.set("short", "v", time=1)
    client.set("long", "v", time=1000)
    check.eventually("expiry after 1 s", lambda: client.get("short") is None)
    check.equal("get of what expires later", client.get("long"), "v")


def limits(client, check):
    below = "0123456789abcdef" * (LIMIT // 16 - 64)
    check.equal("set below the limit", client.set("big", below, compress_level=0), True)
    check.true("get below the limit", client.get("big") == below)
    check.equal("get of another key", client.get("absent"), None)


def server(client, check):
    [statistics] = client.stats().values()
    for name in ("pid", "uptime", "curr_items", "get_hits", "get_misses", "limit_maxbytes", "evictions", "version"):
        check.true(f"stats has no {name}", name in statistics or name.encode() in statistics)


def flush(client, check):
    client.set("flushed", "v")
    check.equal("flush_all", client.flush_all(), True)
    check.equal("get after flush_all", client.get("flushed"), None)
    check.equal("set after flush_all", client.set("flushed", "v"), True)
    check.equal("get of what was set after flush_all", client.get("flushed"), "v")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
