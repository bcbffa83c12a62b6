#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same steps in every language: what they say, and what nft and ip see afterwards, is the same as in C.

run.py LANGUAGE COMMAND...   (run.py c build/scenario python "python3 scenario.py")

A language is one program: `COMMAND STEP CONTAINER` does the step of that name in the network namespace it is started in, with the
owner "scenario", and prints what scenario.c prints. CONTAINER is the path of a second namespace. The first language is what the
others are compared with. A command that is empty is skipped: what it needs was not there. TAP comes out, a test a language and step.
"""
import difflib
import json
import os
import shlex
import subprocess
import sys

STEPS = ("declare", "change", "again", "load", "operate", "load", "untag", "watch", "refused", "interfaces", "forward", "network",
         "no-network", "absent")
# Not what no two runs share: numbers of interfaces, hardware addresses, states that the kernel reaches when it comes to it.
LINK = ("ifname", "mtu", "link_type", "group")
ADDRESS = ("family", "local", "prefixlen", "scope", "label", "broadcast")


class Namespace:
    """A network namespace that a process holds."""

    def __init__(self):
        unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        self.holder = subprocess.Popen(unshare + ["sh", "-c", "ip link set lo up; echo up; exec cat"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.made = self.holder.stdout.readline() == "up\n"
        self.path = "/proc/%d/ns/net" % self.holder.pid

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()


def seen(container):
    """What others see: the ruleset without counters, the interfaces here and in the container."""
    def run(command):
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    lines = run(["nft", "-s", "list", "ruleset"]).splitlines()
    for enter in ([], ["nsenter", "--net=" + container]):
        for link in sorted(json.loads(run(enter + ["ip", "-j", "addr", "show"])), key=lambda row: row["ifname"]):
            addresses = [{k: a.get(k) for k in ADDRESS} for a in link["addr_info"] if a["scope"] != "link"]
            lines.append(json.dumps([{k: link.get(k) for k in LINK}, addresses], sort_keys=True))
    lines.append("ip_forward " + run(["sysctl", "-n", "net.ipv4.ip_forward"]).strip())
    return lines


def steps_of(command):
    """What each step said and left, in namespaces of its own: lists of lines. Runs in a child that entered them."""
    container = Namespace()
    found = []
    for step in STEPS:
        done = subprocess.run(shlex.split(command) + [step, container.path], capture_output=True, text=True)
        said = done.stdout.splitlines() + ["! " + line for line in done.stderr.splitlines()]
        found.append(["exit status %d" % done.returncode] + said + seen(container.path))
    container.close()
    return found


def in_namespace(command):
    enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
    inner = [sys.executable, os.path.abspath(__file__), "--inside", command]
    done = subprocess.run(enter + ["sh", "-c", "ip link set lo up && exec \"$@\"", "sh"] + inner, capture_output=True, text=True)
    if done.returncode:
        return [["the scenario did not end: " + done.stderr]] * len(STEPS)
    return json.loads(done.stdout)


def main(pairs):
    number = failed = skipped = 0
    wanted, first = None, ""
    for language, command in pairs:
        if command:
            found = in_namespace(command)
        if wanted is None:
            wanted, first = found, language
        for at, step in enumerate(STEPS):
            number += 1
            name = "%s_%d_%s_is_as_in_%s" % (language, at + 1, step.replace("-", "_"), first)
            if not command:
                skipped += 1
                print("ok %d - %s # SKIP no program of %s was built" % (number, name, language))
                continue
            # The first language is compared with nobody: its steps succeed, and are those that another one is compared with.
            good = found[at] == wanted[at] and found[at][0] == "exit status 0" and len(found[at]) > 3
            print("%sok %d - %s" % ("" if good else "not ", number, name))
            if not good:
                failed += 1
                for line in list(difflib.unified_diff(wanted[at], found[at], first, language, lineterm="", n=1))[:40] or found[at]:
                    print("#", line)
    print("1..%d" % number)
    return 1 if failed or not number else 77 if skipped == number else 0


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        json.dump(steps_of(sys.argv[2]), sys.stdout)
        sys.exit(0)
    probe = Namespace()
    probe.close()
    if not probe.made:
        print("ok 1 - scenario # SKIP no namespaces may be made here\n1..1")
        sys.exit(77)
    sys.exit(main(list(zip(sys.argv[1::2], sys.argv[2::2]))))
