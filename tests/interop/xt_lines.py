#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules of iptables' own tests, one by one.

    xt_lines.py SOURCE PROGRAM KNOWN --fwctl FWCTL [--write] [--details] [--every N] [FILTER ...]

SOURCE has iptables' tests (extensions/*.t), PROGRAM is built from xt_rules.c. Each line that they call OK is loaded by the
iptables-nft of this machine. Checked is

    print    that we print the rule as iptables-nft-save does
    write    that iptables-nft-save prints the rule that we make of the words as it prints its own
    bytes    that the rule we make is in the kernel what iptables-nft's is: instructions, and the structs of extensions
    refuse   that a line which they call FAIL is refused by us, too

KNOWN lists what is known to fail, as that of lines.py does. Of the chains that a file names each line is tried in the first.
"""
import collections
import glob
import json
import os
import re
import subprocess
import sys

import nftables

CHECKS = ("print", "write", "bytes", "refuse")
CONSEQUENCES = {"write": ("bytes",)}
KNOWN_IPTABLES = "1.8.9"
HEAD = """\
# Rules of the tests of iptables 1.8.9 on which we and iptables-nft differ: `CHECK FILE FAMILY: LINE...`. Written by
# xt_lines.py --write.
"""
CHAIN_LINE = re.compile(r"(?:\[\d+:\d+\] )?-A ")


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


class Group:
    """Lines of a file that stand in the same table and chain."""

    def __init__(self, name, family, table, chain):
        self.name, self.family, self.table, self.chain = name, family, table, chain
        self.good, self.bad = [], []  # (number, words)

    @property
    def program(self):
        return {"ip6": "ip6tables-nft", "arp": "arptables-nft"}.get(self.family, "iptables-nft")


def groups(path):
    """The groups of a file. Lines that need a command beside iptables are left out."""
    name = os.path.basename(path)
    family = "ip6" if name.startswith("libip6t_") else "arp" if name.startswith("libarpt_") else "ip"
    table, chain, found = "filter", None, {}
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            line = line.rstrip("\n")
            if not line.strip() or line[0] in "#@%":
                continue
            if line[0] == "*":
                table = line[1:]
            elif line[0] == ":":
                chain = line[1:].split(",")[0]
            else:
                words, _, result, *variant = line.split(";")
                if variant[:1] == ["LEGACY"]:
                    result = variant[1] if len(variant) > 1 else {"OK": "FAIL", "FAIL": "OK"}[result.strip()]
                group = found.setdefault((table, chain), Group(name, family, table, chain))
                if result.strip() in ("OK", "NOMATCH"):
                    group.good.append((number, words))
                elif result.strip() == "FAIL":
                    group.bad.append((number, words))
    return list(found.values())


def saved(group):
    """The rules that iptables-nft-save prints."""
    table = [] if group.family == "arp" else ["-t", group.table]  # which arptables-nft-save has one of
    status, out, why = run(group.program.replace("-nft", "-nft-save"), *table)
    if status:
        raise RuntimeError(why)
    return [l for l in out.split("\n") if CHAIN_LINE.match(l)]


def printed(group, fwctl):
    status, out, why = run(fwctl, "show", "--format", "iptables", "--stateless", group.family, group.table)
    if status:
        return None, why.strip()
    return [l for l in out.split("\n") if CHAIN_LINE.match(l)], None


def in_kernel(group, fwctl):
    """What the kernel has of each rule: instructions as nft prints them, structs as we do."""
    _, out, _ = run("nft", "--debug=netlink", "list", "chain", group.family, group.table, group.chain)
    instructions, current = [], None
    for line in out.split("\n"):
        if re.match(r"\S+ \S+ \S+ \d+", line):
            current = []
            instructions.append(current)
        elif line.startswith("  [") and current is not None:
            current.append(re.sub(r"\s+", " ", line.strip()))
    status, out, _ = run(fwctl, "show", "--json", group.family, group.table)
    if status:  # there is no such table: nothing was added
        return []
    rules = [r["rule"]["expr"] for r in json.loads(out)["nftables"] if "rule" in r and r["rule"]["chain"] == group.chain]
    return [(i, [json.dumps(e) for e in r if "xt" in e]) for i, r in zip(instructions, rules)]


def run_group(argument):
    """([(number, words, check -> None or why not)], how many lines iptables-nft refused)"""
    group, program, fwctl = argument
    judged = {}
    lines = [l for l in group.good if not run("sh", "-c", "%s -t %s -A %s %s" % (
        group.program, group.table, group.chain, l[1]))[0]]
    theirs = saved(group) if lines else []
    if len(theirs) != len(lines):
        raise RuntimeError("%d lines, %d saved" % (len(lines), len(theirs)))
    ours, why = printed(group, fwctl) if lines else ([], None)
    for i, line in enumerate(lines):
        text = ours[i] if ours and i < len(ours) else why
        judged[line] = {"print": None if text == theirs[i] else "we print %s, iptables-nft %s" % (text, theirs[i])}
    kernel = in_kernel(group, fwctl) if lines else []
    run("nft", "delete", "table", group.family, group.table)
    _, out, why = run(program, group.family, group.table, group.chain, text="".join(w + "\n" for _, w in lines))
    answers = out.split("\n")[:-1]
    if len(answers) != len(lines):
        raise RuntimeError("%d lines, %d answers: %s" % (len(lines), len(answers), why))
    added = [l for l, a in zip(lines, answers) if a == "added"]
    again, made = dict(zip(added, saved(group))), dict(zip(added, in_kernel(group, fwctl)))
    for i, (line, answer) in enumerate(zip(lines, answers)):
        checks = judged[line]
        if line not in made:
            checks["write"] = checks["bytes"] = answer
            continue
        checks["write"] = None if again[line] == theirs[i] else "it prints %s, of its own %s" % (again[line], theirs[i])
        checks["bytes"] = None if made[line] == kernel[i] else "ours %s, iptables-nft's %s" % (made[line], kernel[i])
    for line in group.bad:
        _, out, _ = run(program, group.family, group.table, group.chain, text=line[1] + "\n")
        judged[line] = {"refuse": "it is taken" if out.strip() == "added" else None}
    return [(*line, checks) for line, checks in judged.items()], len(group.good) - len(lines)


def reason_of(check, why):
    """What failures have in common."""
    if check == "print":
        return "printed otherwise than iptables-nft-save does"
    if check == "bytes":
        return "in the kernel it is another rule than iptables-nft's" if why.startswith("ours ") else why
    if check == "write" and why.startswith("it prints"):
        return "iptables-nft-save prints it otherwise"
    return re.sub(r"^table .*?, chain [^:]*: |rule \d+: ", "", re.sub(r"'[^']*'", "'..'", why))


class Totals:
    def __init__(self):
        self.passed, self.tried = collections.Counter(), collections.Counter()
        self.failed, self.words, self.seen, self.broken = {}, {}, set(), []
        self.refused = 0

    def add(self, group, result):
        lines, refused = result
        self.refused += refused
        for number, words, checks in lines:
            for check, why in checks.items():
                place = ("%s %s %s" % (check, group.name, group.family), number)
                self.seen.add(place)
                self.words[place] = words
                self.tried[check] += 1
                if why is None:
                    self.passed[check] += 1
                elif not any(checks.get(c) and check in CONSEQUENCES[c] for c in CONSEQUENCES):
                    self.failed[place] = why

    def reasons(self):
        return {place: reason_of(place[0].split()[0], why) for place, why in self.failed.items()}

    def show(self):
        print("%d more lines are refused by iptables-nft or by this kernel" % self.refused)
        for check in CHECKS:
            print("  %-8s %4d of %4d" % (check, self.passed[check], self.tried[check]))
        for line in self.broken:
            print("BROKEN", line)


def main():
    parser = nftables.arguments(__doc__)
    parser.add_argument("--fwctl", required=True)
    given = parser.parse_intermixed_args()
    _, out, _ = run("iptables-nft", "--version")
    if KNOWN_IPTABLES not in out:
        print("iptables-nft is %s: what is known to fail is listed for %s" % (out.strip() or "not there", KNOWN_IPTABLES))
        return 77
    paths = [p for p in sorted(glob.glob(given.source + "/extensions/*.t"))
             if not re.match(r"libebt_", os.path.basename(p))]
    chosen = [g for p in paths for g in groups(p) if not given.filters or any(f in p for f in given.filters)][::given.every]
    totals = Totals()
    for (group, *_), well, result in nftables.each(run_group, [(g, os.path.abspath(given.program), os.path.abspath(given.fwctl))
                                                               for g in chosen], os.cpu_count() or 2):
        if well:
            totals.add(group, result)
        else:
            totals.broken.append("%s, %s %s: %s" % (group.name, group.table, group.chain, result))
    if given.details:
        for place, why in totals.failed.items():
            print("%s:%d %s\n\t%s" % (*place, totals.words[place], why))
    totals.show()
    if given.write:
        nftables.write_known(given.known, HEAD, totals.seen, totals.reasons())
        return 0
    status = nftables.compare(given.known, totals.seen, totals.failed)
    return 1 if totals.broken or not totals.tried else status


if __name__ == "__main__":
    sys.exit(main())
