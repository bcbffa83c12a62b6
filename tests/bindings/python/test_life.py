# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory, descriptors, threads: nothing leaks, nothing is used after it went."""
import gc
import ipaddress
import os
import signal
import threading

import fwcore
import pytest
from conftest import nft
from fwcore import Value
from fwcore._library import lib

ROUNDS = 10000


def resident():
    """Bytes in memory."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def calls(name):
    return lib.noted[name].calls if name in lib.noted else 0


def one_round():
    """Something of every kind, with failures, all of it dropped or closed."""
    ruleset = fwcore.Ruleset()
    table = ruleset.add_table("t")
    table.add_set("s", "ipv4_addr", flags="interval").add(ipaddress.ip_network("10.0.0.0/8"), comment="x")
    rule = table.add_chain("c", hook="input").append().match("tcp dport", [22, range(80, 90)])
    rule.target("log", prefix="p").comment = "c"
    assert len(str(rule)) > 10 and len(list(rule)) == 2
    parsed = fwcore.Ruleset.parse(ruleset.format("commands"))
    batch = fwcore.Batch()
    batch.add_rule("t", "c", "accept")
    batch.clear()
    for wrong in (lambda: rule.match("tcp dport", 70000), lambda: Value.concat(1), lambda: fwcore.Ruleset.parse("x"),
                  lambda: Value.list([1, "a\0"]), lambda: fwcore.Target("log", nothing=1)):
        with pytest.raises((fwcore.FwcoreError, ValueError)):
            wrong()
    parsed.close()


def test_ten_thousand_rounds_leak_nothing():
    for _ in range(500):  # until caches and arenas have their size
        one_round()
    gc.collect()
    names = {free: calls(free) for free in ("fwc_ruleset_free", "fwc_batch_free", "fwc_target_free", "fwc_value_free")}
    before = resident()
    for _ in range(ROUNDS):
        one_round()
    gc.collect()
    # A ruleset is kilobytes: one lost in each round would be tens of megabytes.
    assert resident() - before < 8 << 20
    freed = {free: (calls(free) - count) / ROUNDS for free, count in names.items()}
    # Values: 22 and the range of two numbers, their list, the field; then the number and the text of those that fail.
    assert freed == {"fwc_ruleset_free": 2, "fwc_batch_free": 2, "fwc_target_free": 2, "fwc_value_free": freed["fwc_value_free"]}
    assert freed["fwc_value_free"] == int(freed["fwc_value_free"]) > 5


def test_kernels_and_watches_leave_no_descriptor(netns):
    nft("add table inet t; nft add chain inet t c; nft add rule inet t c drop")
    wanted = fwcore.Ruleset.parse("add table inet t\nadd chain inet t c\nadd rule inet t c drop\n")

    def once(close):
        kernel = fwcore.Kernel()
        watch, plan, loaded, links = kernel.watch(), kernel.plan(wanted), kernel.load(), kernel.interfaces()
        assert (len(plan), len(loaded), len(links)) == (0, 1, 1) and watch.next() is None
        if close:
            for one in (watch, plan, loaded, links, kernel):
                one.close()

    once(False)
    gc.collect()
    descriptors, before = len(os.listdir("/proc/self/fd")), resident()
    for i in range(300):
        once(i % 2)
        assert len(os.listdir("/proc/self/fd")) == descriptors
    assert resident() - before < 8 << 20


def test_closed_kernel_has_no_descriptor_even_while_its_failure_is_kept(netns):
    descriptors = len(os.listdir("/proc/self/fd"))
    kernel = fwcore.Kernel()
    with pytest.raises(fwcore.FwcoreError) as kept:
        kernel.load("nothing")
    kernel.close()
    assert len(os.listdir("/proc/self/fd")) == descriptors and kept.value.errno


def test_garbage_in_cycles_is_released_in_any_order(netns):
    kernel = fwcore.Kernel()
    cycle = {"kernel": kernel, "watch": kernel.watch(), "plan": kernel.plan(fwcore.Ruleset())}
    cycle["self"] = cycle
    closed = calls("fwc_kernel_close"), calls("fwc_watch_close"), calls("fwc_plan_free")
    del cycle, kernel
    gc.collect()
    assert (calls("fwc_kernel_close"), calls("fwc_watch_close"), calls("fwc_plan_free")) == tuple(n + 1 for n in closed)


def in_threads(*functions):
    """Runs them at the same time. What they raise is raised here."""
    failures = []

    def run(function):
        try:
            function()
        except BaseException as failure:  # noqa: B902
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(f,)) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_threads_share_a_ruleset():
    ruleset = fwcore.Ruleset()
    chain = ruleset.add_table("t").add_chain("c")

    def build():
        for port in range(1, 300):
            chain.append().match("tcp dport", [port, port + 1]).accept()

    def read():
        for _ in range(20):
            for rule in chain:
                len(rule)

    in_threads(build, build, read, read, lambda: [len(str(ruleset)) for _ in range(20)])
    assert len(chain) == 2 * 299 and str(ruleset).count("accept") == 2 * 299


def test_ruleset_that_another_thread_closes_raises():
    for _ in range(30):
        ruleset = fwcore.Ruleset()
        chain = ruleset.add_table("t").add_chain("c")
        started = threading.Event()
        seen = []

        def build():
            try:
                while True:
                    chain.append("tcp dport 22 accept")
                    started.set()
            except ValueError as failure:
                seen.append(str(failure))

        in_threads(build, build, lambda: (started.wait(), ruleset.close()))
        assert seen == ["the ruleset is closed"] * 2


def test_batch_that_another_thread_clears_raises():
    batch = fwcore.Batch()
    for _ in range(30):
        rule = batch.add_rule("t", "c")
        started = threading.Event()

        def build():
            try:
                while True:
                    rule.match("tcp dport", [1, 2])
                    str(rule)
                    started.set()
            except (ValueError, fwcore.FwcoreError):
                started.set()

        in_threads(build, lambda: (started.wait(), batch.clear()))


def test_threads_share_a_kernel(netns):
    kernel, other = fwcore.Kernel(), fwcore.Kernel()
    wanted = fwcore.Ruleset.parse("add table inet t\nadd chain inet t c\nadd rule inet t c drop\n")
    watch = kernel.watch()

    def apply():
        for _ in range(10):
            kernel.apply(wanted)
            with other.batch() as batch:
                batch.add_rule("t", "c", "accept")

    kernel.apply(wanted)
    in_threads(apply, apply, lambda: [len(kernel.load()) for _ in range(10)], lambda: [list(watch) for _ in range(50)],
               lambda: [len(kernel.interfaces()) for _ in range(10)])
    kernel.apply(wanted)
    assert [str(r) for r in kernel.load("t")["t"].chains["c"]] == ["drop"]


def test_plan_and_ruleset_in_either_order_do_not_deadlock(netns):
    kernel = fwcore.Kernel()
    rulesets = [fwcore.Ruleset.parse("add table inet t%d\n" % i) for i in range(2)]

    def plan(order):
        for _ in range(30):
            for i in order:
                assert len(kernel.plan(rulesets[i])) == 1

    in_threads(lambda: plan((0, 1)), lambda: plan((1, 0)))


def test_signal_handler_may_use_and_close_what_it_interrupts():
    ruleset = fwcore.Ruleset()
    chain = ruleset.add_table("t").add_chain("c")
    hits = []

    def handler(*_):
        hits.append(1)
        if len(hits) == 50:
            ruleset.close()
        elif len(hits) < 50:
            chain.append("accept")

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        with pytest.raises(ValueError, match="the ruleset is closed"):
            while True:
                chain.append("drop")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(hits) >= 50


def test_other_threads_run_during_a_call(netns):
    # The GIL is released: a thread goes on while another is in the kernel for as long as a large load takes.
    text = "add table inet t\nadd chain inet t c\n" + "add rule inet t c tcp dport 22 accept\n" * 20000
    ran, finished = [], threading.Event()

    def count():
        while not finished.is_set():
            ran.append(1)

    thread = threading.Thread(target=count)
    thread.start()
    before = len(ran)
    parsed = lib.fwc_ruleset_parse(text.encode(), len(text), 1, fwcore._core.ffi.NULL)
    after = len(ran)
    finished.set()
    thread.join()
    lib.fwc_ruleset_free(parsed)
    assert after > before
