# SPDX-License-Identifier: LGPL-2.1-or-later
"""The outside programs in Python: what they do is read with nft and ip. Those of C are in tests/kernel/test_examples.c."""
import os
import signal
import subprocess
import sys
import tempfile
import time

import fwcore
import pytest
from conftest import SOURCE, nft, sh

FOLDER = os.path.join(SOURCE, "bindings", "python", "examples")


def until(condition):
    """Waits, long enough for a machine that is busy."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within two minutes")


def run(name, *args):
    return subprocess.run([sys.executable, os.path.join(FOLDER, name), *args], capture_output=True, text=True)


class Running:
    """A program that goes on until it is interrupted, after it said its first line."""

    def __init__(self, name, *args):
        self.process = subprocess.Popen([sys.executable, os.path.join(FOLDER, name), *args], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def line(self):
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate()
        assert self.process.returncode == 0


def test_knock_opens_somebody_elses_firewall_and_leaves_the_rest(netns):
    theirs = "add table inet filter; add chain inet filter input { type filter hook input priority 0; policy drop; }; " \
             "add rule inet filter input ct state established accept"
    sh("nft '%s'" % theirs)
    before = nft("list", "ruleset")
    # By the event, not by the listing: on a machine that is busy, thirty seconds may be over when nft lists.
    with fwcore.Kernel() as kernel, kernel.watch() as watch:
        for address in ("192.0.2.1", "192.0.2.2"):
            assert run("knock.py", address).returncode == 0
            assert [e.name for e in watch if e.object == fwcore.Object.ELEMENT and e.kind == fwcore.EventKind.ADDED] == ["knock"]
    listing = nft("list", "ruleset")
    assert "ip saddr @knock tcp dport 22 ct state new accept" in listing
    assert listing.index("@knock") < listing.index("established")
    wrong = run("knock.py", "not-an-address")
    assert wrong.returncode == 1 and wrong.stderr.startswith("knock: 'not-an-address'") and "Traceback" not in wrong.stderr
    assert run("knock.py", "--clear").returncode == 0 and nft("list", "ruleset") == before


def test_killswitch_puts_its_table_back_and_is_taken_away(netns):
    with Running("killswitch.py", "2001:db8::1", "4000") as switch:
        assert switch.line() == "killswitch: on"
        listing = nft("-s", "list", "ruleset")
        assert "ip6 daddr 2001:db8::1 udp dport 4000 accept" in listing and listing.count("policy drop") == 2
        nft("flush", "ruleset")
        until(lambda: nft("-s", "list", "ruleset") == listing)
        nft("add", "rule", "inet", "killswitch", "in", "accept")
        until(lambda: nft("-s", "list", "ruleset") == listing)
    assert nft("-s", "list", "ruleset") == listing
    assert run("killswitch.py", "--off").returncode == 0 and nft("list", "ruleset") == ""
    assert run("killswitch.py").returncode == 2 and run("killswitch.py", "192.0.2.1", "0").returncode == 2


def test_runtime_attaches_namespaces_and_takes_everything_back(netns):
    before = sh("ip -o link; sysctl net.ipv4.ip_forward")
    holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdout.readline()
    path = "/proc/%d/ns/net" % holder.pid
    with Running("runtime.py", path) as runtime:
        assert runtime.line() == "c1 has 172.29.0.2, published on port 8081"
        assert runtime.line().startswith("Press Enter")
        assert "172.29.0.2/24" in sh("nsenter --net=%s ip -4 addr show dev eth0" % path) and "8081" in nft("list", "ruleset")
        runtime.process.stdin.write("\n")
        runtime.process.stdin.flush()
        assert runtime.process.wait() == 0
    assert sh("ip -o link; sysctl net.ipv4.ip_forward") == before and nft("list", "ruleset") == ""
    failed = run("runtime.py", "/no/such/namespace")
    assert failed.returncode == 1 and "Traceback" not in failed.stderr
    assert sh("ip -o link; sysctl net.ipv4.ip_forward") == before and nft("list", "ruleset") == ""
    holder.stdin.close()
    holder.wait()


def test_asyncio_guard_puts_a_flushed_table_back_once(netns):
    words = tempfile.NamedTemporaryFile("w", suffix=".nft")
    words.write("add table inet g\nadd chain inet g c { type filter hook input priority filter; policy drop; }\n"
                     "add rule inet g c ct state established accept\n")
    words.flush()
    with Running("guard.py", words.name) as guard:
        assert guard.line() == "guard: on"
        listing = nft("list", "ruleset")
        for _ in range(2):
            nft("flush", "ruleset")
            assert guard.line() == "guard: nft wrote, 3 steps put back"
            assert nft("list", "ruleset") == listing
        # Had it woken itself, it would have said so between the two, or now.
        nft("add", "table", "ip", "other")
        assert guard.line() == "guard: nft wrote, 0 steps put back"


@pytest.mark.parametrize("name", sorted(n for n in os.listdir(FOLDER) if n.endswith(".py")))
def test_example_says_how_it_is_used(name):
    result = run(name, "--help" if name not in ("guard.py",) else "one", *(["two"] if name == "guard.py" else []))
    assert "usage" in result.stdout + result.stderr
