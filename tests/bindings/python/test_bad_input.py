# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python may pass by mistake raises, each with a fitting exception, and harms nothing."""
import inspect
import os
import random
import time

import fwcore
import pytest
from conftest import enter_netns, nft
from fwcore import Field, Value

HUGE = 1 << 100
TABLE = [
    # what, the exceptions that fit
    (lambda r, c, k: r.add_table(None), TypeError),
    (lambda r, c, k: r.add_table(b"t"), TypeError),
    (lambda r, c, k: r.add_table("a\0b"), ValueError),
    (lambda r, c, k: r.add_table("\ud800"), ValueError),
    (lambda r, c, k: r.add_table("t", "nothing"), ValueError),
    (lambda r, c, k: r.add_table("t", HUGE), OverflowError),
    (lambda r, c, k: r.add_table("t", -1), OverflowError),
    (lambda r, c, k: r.add_table("t", 1.5), TypeError),
    (lambda r, c, k: r.add_table("t", fwcore.Hook.INPUT), TypeError),
    (lambda r, c, k: r.add_table("t", True), TypeError),
    (lambda r, c, k: r.add_table("t", flags=[None]), TypeError),
    (lambda r, c, k: r.find_table("inet", 3), TypeError),
    (lambda r, c, k: r["t"].add_chain("d", priority=3), TypeError),
    (lambda r, c, k: r["t"].add_chain("d", size=3), TypeError),
    (lambda r, c, k: r["t"].add_chain("d", reserved=3), TypeError),
    (lambda r, c, k: r["t"].add_set("s", None), TypeError),
    (lambda r, c, k: r["t"].add_set("s", "mark", timeout_ms=HUGE), OverflowError),
    (lambda r, c, k: r["t"].add_set("s", "mark", max_elements=-1), OverflowError),
    (lambda r, c, k: r["t"].chains[1 << 200], IndexError),
    (lambda r, c, k: r["t"].chains[-5], IndexError),
    (lambda r, c, k: r["t"].chains[None], TypeError),
    (lambda r, c, k: r["t"].chains[b"c"], TypeError),
    (lambda r, c, k: r["t"].chains["none"], KeyError),
    (lambda r, c, k: c.append(b"accept"), TypeError),
    (lambda r, c, k: c.append(3), TypeError),
    (lambda r, c, k: c.append("accept\0drop"), ValueError),
    (lambda r, c, k: c[0.5], TypeError),
    (lambda r, c, k: c[1 << 64], IndexError),
    (lambda r, c, k: c.append().match(None, 1), TypeError),
    (lambda r, c, k: c.append().match("tcp dport", None), TypeError),
    (lambda r, c, k: c.append().match("tcp dport", True), TypeError),
    (lambda r, c, k: c.append().match("tcp dport", b"22"), TypeError),
    (lambda r, c, k: c.append().match("tcp dport", HUGE), OverflowError),
    (lambda r, c, k: c.append().match("tcp dport", -1), OverflowError),
    (lambda r, c, k: c.append().match("tcp dport", range(0)), ValueError),
    (lambda r, c, k: c.append().match("tcp dport", range(0, 10, 2)), ValueError),
    (lambda r, c, k: c.append().match("tcp dport", 1, "equals"), ValueError),
    (lambda r, c, k: c.append().match(Field.TCP_DPORT, 1, None), TypeError),
    (lambda r, c, k: c.append().match_bits("tcp flags", "x", 1), TypeError),
    (lambda r, c, k: c.append().target(None), TypeError),
    (lambda r, c, k: c.append().target("counter", bytes=HUGE), OverflowError),
    (lambda r, c, k: c.append().target("counter", packets="x"), TypeError),
    (lambda r, c, k: c.append().target("log", prefix=3), TypeError),
    (lambda r, c, k: c.append().target(10 ** 9), ValueError),
    (lambda r, c, k: c.append().limit(HUGE), OverflowError),
    (lambda r, c, k: c.append().jump(b"d"), TypeError),
    (lambda r, c, k: c.append().dnat("10.0.0.1", 1 << 16), OverflowError),
    (lambda r, c, k: c.append().dnat(7), TypeError),
    (lambda r, c, k: c.append().dnat("10.0.0.1", "80"), TypeError),
    (lambda r, c, k: Value(), TypeError),
    (lambda r, c, k: fwcore.Rule(), TypeError),
    (lambda r, c, k: fwcore.Watch(), TypeError),
    (lambda r, c, k: fwcore.Interfaces(), TypeError),
    (lambda r, c, k: Value.list(None), TypeError),
    (lambda r, c, k: Value.concat(), ValueError),
    (lambda r, c, k: Value.concat(*range(9)), ValueError),
    (lambda r, c, k: Value.pairs([1]), TypeError),
    (lambda r, c, k: Value.field(10 ** 6), ValueError),
    (lambda r, c, k: Value.range(None, 1), TypeError),
    (lambda r, c, k: fwcore.parse_address(b"10.0.0.1"), TypeError),
    (lambda r, c, k: fwcore.format_address(1), TypeError),
    (lambda r, c, k: Value.prefix("10.0.0.0/33"), ValueError),
    (lambda r, c, k: fwcore.Ruleset.parse(b"add table t"), TypeError),
    (lambda r, c, k: fwcore.Ruleset.parse("add table inet t\0"), ValueError),
    (lambda r, c, k: r.format("nothing"), ValueError),
    (lambda r, c, k: k.apply(None), TypeError),
    (lambda r, c, k: k.apply(c), TypeError),
    (lambda r, c, k: k.apply(r, retries=HUGE), OverflowError),
    (lambda r, c, k: k.commit(r), TypeError),
    (lambda r, c, k: k.plan("add table inet t"), TypeError),
    (lambda r, c, k: k.load(3), TypeError),
    (lambda r, c, k: k.forwarding("arp"), fwcore.FwcoreError),
    (lambda r, c, k: k.forwarding(interface=b"lo"), TypeError),
    (lambda r, c, k: k.interfaces().find_index(-1), OverflowError),
    (lambda r, c, k: k.attach("n", "c", None), TypeError),
    (lambda r, c, k: k.attach("n", "c", -1), ValueError),
    (lambda r, c, k: k.attach("n", "c", 1 << 40), OverflowError),
    (lambda r, c, k: k.attach("n", "c", 0, ports=[(80, 80)]), TypeError),
    (lambda r, c, k: k.publish("n", "c", fwcore.Port(1 << 16, 80)), OverflowError),
    (lambda r, c, k: k.publish("n", "c", fwcore.Port(80, 80, "icmp")), ValueError),
    (lambda r, c, k: k.publish("n", "c", (80, 80)), TypeError),
    (lambda r, c, k: k.create_network("n", subnet4=3), TypeError),
    (lambda r, c, k: k.create_network("n", subnet4=b"10.0.0.0/8"), TypeError),
    (lambda r, c, k: fwcore.Kernel(netns=b"x"), TypeError),
    (lambda r, c, k: fwcore.Kernel(netns=True), TypeError),
    (lambda r, c, k: fwcore.Kernel(owner="a b"), fwcore.FwcoreError),
    (lambda r, c, k: fwcore.Kernel(owner=3), TypeError),
    (lambda r, c, k: fwcore.Batch().add_rule("t", "c", before=HUGE), OverflowError),
    (lambda r, c, k: fwcore.Batch().add_rule(None, "c").accept(), fwcore.FwcoreError),
    (lambda r, c, k: fwcore.Batch().del_rule("t", "c", "x"), TypeError),
    (lambda r, c, k: fwcore.Batch().declare(None), TypeError),
    (lambda r, c, k: fwcore.Batch().add_element("t", "s", None), TypeError),
    (lambda r, c, k: __import__("copy").copy(r), TypeError),
    (lambda r, c, k: __import__("pickle").dumps(c), TypeError),
    (lambda r, c, k: len(fwcore.Ruleset.__new__(fwcore.Ruleset)), AttributeError),
]


@pytest.fixture(scope="module")
def one_kernel():
    enter_netns()
    with fwcore.Kernel() as kernel:
        yield kernel
        assert nft("list", "ruleset") == ""


@pytest.mark.parametrize("at", range(len(TABLE)))
def test_bad_call(at, one_kernel):
    call, wanted = TABLE[at]
    ruleset = fwcore.Ruleset()
    chain = ruleset.add_table("t").add_chain("c")
    with pytest.raises(wanted):
        call(ruleset, chain, one_kernel)
    if wanted is not fwcore.FwcoreError:
        assert ruleset.error is None  # refused before the library was called


def test_lists_that_are_deep_end_in_an_exception():
    deep = 1
    for _ in range(100000):
        deep = [deep]
    with pytest.raises((RecursionError, ValueError)):
        Value.list(deep)


# ---- fuzz: any method with any argument ----

class Fuzz:
    """Calls methods of whatever came out of earlier calls, with whatever came out of earlier calls."""

    def __init__(self, seed, kernel):
        self.random = random.Random(seed)
        self.junk = [None, True, 0, 1, 22, -1, 1 << 31, 1 << 32, 1 << 63, 1 << 64, HUGE, 0.5, "", "t", "c", "s", "\0", "\ud800", "é" * 300,
                     "inet", "ip", "input", "filter", "drop", "accept", "jump", "tcp dport", "ip saddr", "meta mark", "ipv4_addr", "verdict",
                     "10.0.0.1", "10.0.0.0/8", "2001:db8::1", "{ 1, 2 }", "@s", "1-9", "tcp dport 22 accept", "ip saddr @s drop", b"", b"x",
                     [], [1, 2], (1, 2), {1: 2}, {"10.0.0.1": "accept"}, range(1, 9), range(0), object(), lambda *a: None, float("nan"),
                     *fwcore.Field, *fwcore.TargetKind, *fwcore.Verdict, *fwcore.SetFlags, *fwcore.Op]
        self.kernel = kernel
        self.objects = []

    def fresh(self):
        ruleset = fwcore.Ruleset()
        table = ruleset.add_table("t")
        chain = table.add_chain("c", hook="input")
        sets = table.add_set("s", "ipv4_addr")
        return [ruleset, table, chain, sets, chain.append(), fwcore.Batch(), fwcore.Target(self.random.choice(list(fwcore.TargetKind))),
                fwcore.Ruleset.parse("add table inet t\nadd chain inet t c\nadd rule inet t c tcp dport { 1, 5-9 } drop\n"),
                fwcore.Value, self.kernel]

    def argument(self):
        return self.random.choice(self.junk if self.random.random() < 0.6 or not self.objects else self.objects)

    def step(self):
        if not self.objects or self.random.random() < 0.01:
            self.objects += self.fresh()
        on = self.random.choice(self.objects)
        names = [n for n in dir(on) if not n.startswith("_") or n in ("__len__", "__iter__", "__getitem__", "__str__", "__repr__", "__and__",
                                                                     "__contains__", "__eq__", "__hash__", "__enter__")]
        # Little is closed and cleared, or nothing would be left to call.
        name = self.random.choice([n for n in names if n not in ("close", "clear", "__exit__") or self.random.random() < 0.05] or names)
        if on is self.kernel and name in ("close", "set_forwarding", "change_forwarding", "load", "create_network"):
            return
        try:
            found = getattr(on, name)
            if callable(found) and not inspect.isclass(found):
                keywords = {k: self.argument() for k in self.random.sample(
                    ["comment", "tag", "flags", "family", "hook", "policy", "priority", "timeout_ms", "data_type", "port", "prefix"], 2)}
                found = found(*(self.argument() for _ in range(self.random.randrange(4))),
                              **(keywords if self.random.random() < 0.1 else {}))
                if inspect.isgenerator(found):
                    found = [next(found, None) for _ in range(3)]
            elif isinstance(on, fwcore._core.Object) and self.random.random() < 0.1:
                setattr(on, name, self.argument())
        except (ValueError, TypeError, OverflowError, KeyError, IndexError, AttributeError, OSError, RecursionError, MemoryError,
                RuntimeError, AssertionError):
            return
        for one in found if isinstance(found, (list, tuple)) else [found]:
            if isinstance(one, fwcore._core.Object):
                self.objects.append(one)
        if len(self.objects) > 60:
            del self.objects[self.random.randrange(len(self.objects))]


def test_any_method_with_any_argument_raises_or_works(netns):
    # FWC_TEST_FUZZ=SECONDS: new seeds, that long. Without, always the same calls.
    seconds = float(os.environ.get("FWC_TEST_FUZZ") or 0)
    until = time.monotonic() + seconds
    seed = time.time_ns() if seconds else 0
    rounds = 0
    while rounds < 20 or time.monotonic() < until:
        with fwcore.Kernel(owner="fuzz") as kernel:
            fuzz = Fuzz(seed + rounds, kernel)
            try:
                for _ in range(1000):
                    fuzz.step()
            except BaseException as failure:
                raise AssertionError("seed %d" % (seed + rounds)) from failure
        nft("flush", "ruleset")
        rounds += 1
    if seconds:
        print("%d calls" % (rounds * 1000))
