#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rulesets of nftables' own tests, as wholes.

    rulesets.py SOURCE FWCTL KNOWN [--write] [--details] [--every N] [--json] [--scale] [FILTER ...]

SOURCE has nftables' tests. A ruleset is a tests/shell/**/*.nft, or all that a tests/py/*/*.t says for one table; counted are
those that the nft of this machine loads. Checked is

    text     that what `fwctl show` prints is loaded by nft, and `nft -s list ruleset` then says what it said before
    json     with --json: the same with `fwctl show --json`
    back     with --json: the same, loaded by `fwctl apply`
    apply    with --json: the same with what `nft -j list ruleset` prints, loaded by `fwctl apply`

With --scale, as nft-text and nft-json, the same with what nft itself prints and loads. KNOWN, --write, --every,
FILTER: as for lines.py.
"""
import argparse
import collections
import difflib
import glob
import os
import re
import subprocess
import sys

import nftables

HEAD = """\
# Rulesets of the tests of nftables 1.0.6 that do not come back as they were: `CHECK RULESET: 0`. Written by rulesets.py --write.
#
# What differs is mostly what nft leaves out of its JSON (apply) or takes otherwise (json): flags dynamic, typeof, auto-merge, comments of
# tables and chains, counters of elements. In text it is the order of flags like `syn | ack`, which nft turns each time that it loads
# and lists them, and `flags dynamic`, which it gives a set that rules fill and that did not have it.
"""

class Way:
    """Who prints a ruleset, and who loads it."""

    def __init__(self, printed, loaded, as_json):
        self.printed, self.loaded = printed, loaded  # "fwctl" or "nft"
        self.options = ("--json",) if as_json else ()
        self.flags = nftables.OUTPUT_JSON if as_json else 0

    def prints(self, fwctl):
        if self.printed == "nft":
            return nftables.nft("list ruleset", self.flags)
        return _run(fwctl, "show", *self.options)

    def load(self, fwctl, text):
        if self.loaded == "nft":
            nftables.nft(text, self.flags)
        else:
            _run(fwctl, "apply", "-", text=text)


WAYS = {
    "text": Way("fwctl", "nft", False),
    "json": Way("fwctl", "nft", True),
    "back": Way("fwctl", "fwctl", True),
    "apply": Way("nft", "fwctl", True),
}
THEIRS = {"nft-text": Way("nft", "nft", False), "nft-json": Way("nft", "nft", True)}
DEVICES = (("dummy0", "eth0"), ("d0", "d23"), ("wan", "lan"))  # that some chains stand at


class File:
    """A file of tests/shell."""

    def __init__(self, source, path):
        self.path = path
        self.name = os.path.relpath(path, source + "/tests/shell/testcases")

    def load(self):
        with open(self.path, encoding="utf-8") as text:
            nftables.nft(text.read())


class Table(nftables.Case):
    """What a file of tests/py says for one table."""

    def __init__(self, path, table_line):
        super().__init__(path, table_line)
        self.name += " " + self.family

    def load(self):
        nftables.add_all(nftables.setup_commands(self))
        add = "add rule %s %s %s " % (self.family, self.table, self.chains[0])
        nftables.add_all(list(nftables.rule_lines(self)), lambda line: add + line[1])


def rulesets(source):
    yield from (File(source, path) for path in sorted(glob.glob(source + "/tests/shell/**/*.nft", recursive=True)))
    yield from nftables.cases(source, Table)


def _listed():
    """What nft lists, but for how long elements have left: time goes on between two listings."""
    return re.sub(r" expires [0-9a-z]+", "", nftables.nft("list ruleset", flags=nftables.OUTPUT_STATELESS))


def _run(fwctl, command, *arguments, text=""):
    res = subprocess.run([fwctl, command, *arguments], input=text, capture_output=True, text=True, errors="replace", check=False)
    if res.returncode:
        raise nftables.Refused("Error: fwctl %s: %s" % (command, re.sub(r"^fwctl: (-:\d+:\d+: )?", "", res.stderr.strip())))
    return res.stdout


def _first_difference(before, after):
    lines = [l for l in difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")][3:]
    gone = next((l[1:].strip() for l in lines if l[0] == "-"), "nothing")
    new = next((l[1:].strip() for l in lines if l[0] == "+"), "nothing")
    return "differs: %s, and was %s" % (new, gone)


def _why_refused(text, refusal):
    opaque = sorted(set(re.findall(r"<[\w ]+: \d+ bytes>|<keys of [^>]*>", text)))
    if opaque:
        return "opaque: " + " ".join(re.sub(r"<(.*?):? ?\d* ?\w*>", r"\1", o) for o in opaque)
    if str(refusal).startswith("fwctl "):
        return str(refusal)
    at = re.match(r"<?\S*?:(\d+):", refusal.where)
    line = text.split("\n")[int(at.group(1)) - 1].strip() if at and text[0] != "{" else ""
    return "nft refuses: %s: %s" % (refusal, line)


def _comes_back(way, fwctl, before):
    """None, or why not."""
    text = ""
    try:
        text = way.prints(fwctl)
        nftables.nft("flush ruleset")
        way.load(fwctl, text)
    except nftables.Refused as refusal:
        return _why_refused(text, refusal)
    after = _listed()
    return None if after == before else _first_difference(before, after)


def run_ruleset(argument):
    """None, or why it does not come back; nothing where nft does not load the ruleset."""
    ruleset, fwctl, _, way = argument
    subprocess.run(["ip", "-batch", "-"], text=True, check=True, input="link set lo up\n" + "".join(
        "link add %s type veth peer name %s\n" % d for d in DEVICES))
    try:
        ruleset.load()
        before = _listed()
    except nftables.Refused:
        return ()
    return (_comes_back(way, fwctl, before),) if before.strip() else ()


def reason_of(why):
    """Without what is of this ruleset alone: names, places, and what would be allowed."""
    why = re.sub(r"^(fwctl \w+): (?:(?:table|chain|set|map|rule|nftables|t)\b[^:]*: )+", r"\1: ", why)
    why = re.sub(r"^(fwctl \w+: [^:]*): .*", r"\1", why)
    return re.sub(r"(differs): .*", r"\1", re.sub(r"(nft refuses: [^:]*): .*", r"\1", why))


def main():
    arguments = nftables.arguments(__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--scale", action="store_true")
    given = arguments.parse_intermixed_args()
    chosen = [r for r in rulesets(given.source) if not given.filters or any(f in r.name for f in given.filters)]
    passed, tried, failed, broken = collections.Counter(), collections.Counter(), {}, []
    program, seen = os.path.abspath(given.program), set()
    checks = {**(WAYS if given.json else {"text": WAYS["text"]}), **(THEIRS if given.scale else {})}
    work = [(r, program, check, way) for check, way in checks.items() for r in chosen[::given.every]]
    for (ruleset, _, check, _), well, result in nftables.each(run_ruleset, work, os.cpu_count() or 2):
        if well is False:
            broken.append("%s %s: %s" % (check, ruleset.name, result))
            continue
        if well is None:
            # One that nft cannot list as text does not count.
            result = ("nft aborts",) if ruleset.name in seen else ()
        if check == "text" and result:
            seen.add(ruleset.name)
        for why in result:
            tried[check] += 1
            passed[check] += why is None
            if why is not None:
                failed["%s %s" % (check, ruleset.name), 0] = why
    mine = {place: why for place, why in failed.items() if not place[0].startswith("nft-")}
    if given.details:
        for place, why in failed.items():
            print("%s\n\t%s" % (place[0], why))
    for check, n in tried.items():
        print("  %-8s %4d of %4d" % (check, passed[check], n))
    for reason, n in collections.Counter((place[0].split()[0], reason_of(why)) for place, why in mine.items()).most_common():
        print("  %4d %s %s" % (n, *reason))
    for line in broken:
        print("BROKEN", line)
    places = {("%s %s" % (check, name), 0) for check in tried for name in seen}
    if given.write:
        nftables.write_known(given.known, HEAD, places, {place: reason_of(why) for place, why in mine.items()})
        return 0
    status = nftables.compare(given.known, places, mine)
    return 1 if broken or not tried else status


if __name__ == "__main__":
    sys.exit(main())
