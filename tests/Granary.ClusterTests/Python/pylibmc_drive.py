"""Drives every command of pylibmc's client (libmemcached) against HOST PORT [--binary], in the text protocol or in the binary
one; stops at the first wrong result."""

import sys

import pylibmc

from checks import LIMIT, Checks


def main(host, port, binary=False):
    address = f"{host}:{port}"
    client = connect(address, binary)
    check = Checks()
    client.flush_all()
    for part in (values, keys, conditions, cas, numbers, expiry, limits, server):
        part(client, check)
    noreply(connect(address, binary, _noreply=True), client, check)
    flush(client, check)
    check.finish()


def connect(address, binary, **behaviors):
    return pylibmc.Client([address], binary=binary, behaviors={
        "cas": True, "tcp_nodelay": True, "connect_timeout": 10_000, "receive_timeout": 10_000_000, **behaviors})


def values(client, check):
    check.equal("get of nothing", client.get("absent"), None)
    # pylibmc writes the type of a value into its flags.
    for name, value in {"empty": b"", "bytes": bytes(range(256)), "lines": b"a\r\nEND\r\n", "text": "\u00e9t\u00e9",
                        "integer": -42, "truth": True, "pickled": {"a": [1, 2.5, None]}}.items():
        check.equal(f"set of {name}", client.set(name, value), True)
        check.equal(f"get of {name}", client.get(name), value)
    check.equal("set compressed", client.set("compressed", b"a" * 100_000, min_compress_len=1000), True)
    check.equal("get compressed", client.get("compressed"), b"a" * 100_000)
    check.equal("delete", client.delete("text"), True)
    check.equal("delete again", client.delete("text"), False)
    check.equal("get after delete", client.get("text"), None)


def keys(client, check):
    longest = "k" * 250
    check.equal("set of the longest key", client.set(longest, b"long"), True)
    check.equal("get of the longest key", client.get(longest), b"long")
    many = {f"many-{number}": b"value-%d" % number for number in range(1000)}
    check.equal("set_multi", client.set_multi(many), [])
    check.equal("get_multi", client.get_multi(list(many)), many)
    check.equal("get_multi with misses", client.get_multi(["many-1", "absent", "many-2"]),
                {"many-1": b"value-1", "many-2": b"value-2"})
    check.equal("get_multi with a prefix", client.get_multi(["1", "2"], key_prefix="many-"),
                {"1": b"value-1", "2": b"value-2"})
    check.equal("get_multi of misses", client.get_multi(["absent", "absent-2"]), {})
    check.equal("delete_multi", client.delete_multi(["many-5", "many-6"]), True)
    check.equal("get_multi after delete_multi", client.get_multi(["many-5", "many-6"]), {})


def conditions(client, check):
    check.equal("add", client.add("added", b"first"), True)
    check.equal("add again", client.add("added", b"second"), False)
    check.equal("replace", client.replace("added", b"third"), True)
    check.equal("get after replace", client.get("added"), b"third")
    check.equal("replace of nothing", refused(lambda: client.replace("absent", b"v")), False)
    check.equal("append", client.append("added", b"-after"), True)
    check.equal("prepend", client.prepend("added", b"before-"), True)
    check.equal("get after append and prepend", client.get("added"), b"before-third-after")
    check.equal("append to nothing", client.append("absent", b"v"), False)
    check.equal("prepend to nothing", client.prepend("absent", b"v"), False)


# The binary protocol says why, and pylibmc with it.
def refused(action):
    try:
        return action()
    except pylibmc.NotFound:
        return False


def cas(client, check):
    client.set("cas", b"1")
    value, token = client.gets("cas")
    check.equal("gets", value, b"1")
    check.equal("cas with the token", client.cas("cas", b"2", token), True)
    check.equal("cas with the old token", client.cas("cas", b"3", token), False)
    check.equal("get after cas", client.get("cas"), b"2")
    check.raises("cas of nothing", pylibmc.NotFound, lambda: client.cas("absent", b"v", token))


def numbers(client, check):
    client.set("number", 10)
    check.equal("incr", client.incr("number", 5), 15)
    check.equal("decr", client.decr("number", 6), 9)
    check.equal("decr below 0", client.decr("number", 100), 0)
    check.raises("incr of nothing", pylibmc.NotFound, lambda: client.incr("absent"))
    check.raises("decr of nothing", pylibmc.NotFound, lambda: client.decr("absent"))
    client.set("number", b"word")
    check.raises("incr of a word", pylibmc.Error, lambda: client.incr("number"))
    check.equal("get after a refused incr", client.get("number"), b"word")


def expiry(client, check):
    client.set("short", b"v", time=1)
    client.set("touched", b"v", time=1)
    check.equal("touch", client.touch("touched", 1000), True)
    check.equal("touch of nothing", client.touch("absent", 1000), False)
    check.eventually("expiry after 1 s", lambda: client.get("short") is None)
    check.equal("get after a longer touch", client.get("touched"), b"v")
    check.equal("touch to 1 s", client.touch("touched", 1), True)
    check.eventually("expiry after touch", lambda: client.get("touched") is None)
    check.equal("add after expiry", client.add("short", b"again"), True)


def limits(client, check):
    below = (b"0123456789abcdef" * (LIMIT // 16))[: LIMIT - 1024]
    check.equal("set below the limit", client.set("big", below), True)
    check.true("get below the limit", client.get("big") == below)
    check.raises("set above the limit", pylibmc.Error, lambda: client.set("big", b"x" * (LIMIT + 1024)))
    check.equal("get after a refused set", client.get("absent"), None)


def server(client, check):
    [(_, statistics)] = client.get_stats()
    for name in ("pid", "uptime", "curr_items", "get_hits", "get_misses", "limit_maxbytes", "evictions", "version"):
        check.true(f"stats has no {name}", name in statistics or name.encode() in statistics)


# With noreply nothing says that the server has read a command; another connection sees its effect soon.
def noreply(quiet, client, check):
    quiet.set("quiet", b"1")
    check.eventually("a quiet set", lambda: client.get("quiet") == b"1")
    check.equal("a quiet add, refused without a word", quiet.add("quiet", b"2"), True)
    quiet.append("quiet", b"2")
    check.eventually("a quiet append", lambda: client.get("quiet") == b"12")
    quiet.delete("quiet")
    check.eventually("a quiet delete", lambda: client.get("quiet") is None)


def flush(client, check):
    client.set("flushed", b"v")
    check.equal("flush_all", client.flush_all(), True)
    check.equal("get after flush_all", client.get("flushed"), None)
    check.equal("set after flush_all", client.set("flushed", b"v"), True)
    check.equal("get of what was set after flush_all", client.get("flushed"), b"v")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), binary="--binary" in sys.argv)
