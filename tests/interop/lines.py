#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules of nftables' own tests, one by one.

    lines.py SOURCE PROGRAM KNOWN [--write] [--every N] [FILTER ...]

SOURCE has nftables' tests, PROGRAM is built from rule_lines.c. Each rule that a tests/py/*/*.t calls `ok` is loaded by the
nft of this machine. Checked is

    decode   that each expression which the kernel has then gets a name
    print    that we print the rule as nft lists it
    again    that what we print is read as that rule
    parse    that nft's words are read as that rule
    golden   that the rule we make of nft's words is in the kernel what nft's rule is there: instructions and elements of
             anonymous sets as `nft --debug=netlink list` prints them
    payload  that it is what the *.payload file beside the *.t says

KNOWN lists what is known to fail, with reasons: what fails beside that fails the run, what does not fail any more is named.
--write writes the list anew, --details says of each failure why it is one. --every N takes each Nth case only. FILTER: cases whose name or family has it.
"""
import collections
import os
import re
import subprocess
import sys

import nftables

# What fails a check fails those behind it; only the first is listed.
CONSEQUENCES = {"parse": ("golden", "payload"), "golden": ("payload",)}
CHECKS = ("decode", "print", "again", "parse", "golden", "payload")
HEAD = """\
# Rules of the tests of nftables 1.0.6 on which we and nft differ: `CHECK FILE FAMILY: LINE...`. Written by lines.py --write.
"""


# ---- instructions ----

def _normal(instruction):
    """One form for what several versions of libnftnl print differently, and what only a rule alone has is left out."""
    instruction = re.sub(r"\s+", " ", instruction.strip())
    instruction = re.sub(r"__(set|map|objmap)(%d|\d+)", r"__\1", instruction)
    instruction = re.sub(r" 0x0 \]$", " ]", instruction)  # lookup without flags
    return instruction


def _elements(line):
    return [re.sub(r"\s+", " ", e).strip() for e in re.findall(r"element (.*?)\[end\]", line)]


class Sets:
    """The elements of anonymous sets."""

    def __init__(self):
        self.of = {}

    def add(self, name, line):
        self.of.setdefault(name, []).extend(_elements(line))

    def used_by(self, instructions):
        found = []
        for name in re.findall(r"\b(?:__set|__map|__objmap)(?:\d+|%d)", "\n".join(instructions)):
            found.append(sorted(self.of.get(name, [])))
        return found


def _joined(elements):
    """Without the ends of intervals at which another one begins: nft leaves out some of them."""
    begun = {e.split(" : ")[0] for e in elements if not e.endswith(": 1")}
    return [e for e in elements if not e.endswith(": 1") or e.split(" : ")[0] not in begun]


def _meaning(instructions, sets):
    return [_normal(i) for i in instructions], [_joined(e) for e in sets.used_by(instructions)]


def chain_instructions(family, table, chain):
    """What `nft --debug=netlink list` says of each rule of a chain."""
    listing = nftables.nft("list chain %s %s %s" % (family, table, chain), debug=nftables.DEBUG_NETLINK)
    sets, rules, name = Sets(), [], None
    for line in listing.split("\ntable ")[0].split("\n"):
        head = re.match(r"\S+ \S+ @(\S+)", line)
        if head:
            name = head.group(1)
        elif line.startswith("\telement"):
            sets.add(name, line)
        elif line.startswith("  ["):
            rules[-1].append(line)
        elif re.match(r"\S+ \S+ \S+ \d+", line):
            rules.append([])
    return [_meaning(r, sets) for r in rules]


def payloads(path, family):
    """Words of a rule -> what the file beside a *.t says it is."""
    for candidate in (path + ".payload." + family, path + ".payload"):
        if os.path.exists(candidate):
            break
    else:
        return {}
    found = {}
    with open(candidate, encoding="utf-8") as text:
        for block in re.split(r"\n\s*\n", text.read()):
            lines = block.strip("\n").split("\n")
            words = [l[2:].strip() for l in lines if l.startswith("# ")]
            sets, name = Sets(), None
            for line in lines:
                head = re.match(r"(__(?:set|map)%d)", line)
                if head:
                    name = head.group(1)
                elif "element" in line:
                    sets.add(name, line)
            meaning = _meaning([l for l in lines if l.lstrip().startswith("[")], sets)
            found.update((w, meaning) for w in words)
    return found


# ---- one case ----

def _listed(family, table, chain):
    """The rules of a chain, a line each."""
    listing = nftables.nft("list chain %s %s %s" % (family, table, chain))
    listing = re.sub(r"\n\t\t\t+ +", " ", listing)
    return [l.strip() for l in listing.split("\n") if l.startswith("\t\t") and not l.startswith("\t\ttype ")]


def _golden(case, answers):
    """For each line the kernel's instructions of our rule, None where there is none."""
    added = iter(chain_instructions(case.family, case.table, "ours"))
    return [next(added, None) if a[4] == "added" else None for a in answers]


def _difference(ours, theirs):
    for a, b in zip(*([*m[0], "nothing"] for m in (ours, theirs))):
        if a != b:
            return "ours %s, nft's %s" % (a, b)
    return "elements %s, nft's %s" % (ours[1], theirs[1])


def _judge(answer, listed, ours, theirs, payload):
    """check -> None, or why not; checks that do not apply are not there."""
    decoded, text, again, parsed, added = answer[:5]
    result = {"decode": None if decoded == "named" else decoded,
              "parse": None if parsed == "equal" else parsed}
    if decoded == "named":
        result["print"] = None if text == listed else "we print %s, nft %s" % (text, listed)
        result["again"] = None if again == "equal" else "%s: %s" % (text, again)
    for check, wanted in (("golden", theirs), ("payload", payload)):
        if wanted is None:
            continue
        if ours is None:
            result[check] = added
        elif ours != wanted and (check == "golden" or ours != theirs):
            result[check] = _difference(ours, wanted)
        else:
            result[check] = None
    return result


def run_case(argument):
    """([(number, words, what _judge() says)], how many lines were refused)"""
    case, program, wanted = argument
    setup = nftables.add_all(nftables.setup_commands(case))
    chain = case.chains[0]
    where = "%s %s" % (case.family, case.table)
    head = next((c for c in setup if c.startswith("add chain %s %s " % (where, chain))), None)
    if head is None:
        return [], len(wanted)
    nftables.nft(head.replace("%s %s" % (where, chain), where + " ours"))
    add = "add rule %s %s " % (where, chain)
    lines = nftables.add_all(wanted, lambda line: add + line[1])
    if not lines:
        return [], len(wanted)
    listed = _listed(case.family, case.table, chain)
    theirs = chain_instructions(case.family, case.table, chain)
    res = subprocess.run([program, case.family, case.table, chain, "ours"], input="".join(w + "\n" for _, w in lines),
                         capture_output=True, text=True, errors="replace", check=False)
    answers = [l.split("\t") for l in res.stdout.split("\n")[:-1]]
    if res.returncode or len(answers) != len(lines) or len(listed) != len(lines) or len(theirs) != len(lines):
        raise RuntimeError("%d lines, %d answers (exit status %d: %s), %d listed, %d dumped" % (
            len(lines), len(answers), res.returncode, res.stderr.strip(), len(listed), len(theirs)))
    payload = payloads(case.path, case.family)
    ours = _golden(case, answers)
    judged = [(*line, _judge(*rest, payload.get(line[1])))
              for line, *rest in zip(lines, answers, listed, ours, theirs)]
    return judged, len(wanted) - len(lines)


# ---- all of them ----

def reason_of(check, why):
    """What failures have in common: their reason without what it speaks of."""
    if check == "print":
        return "printed otherwise than nft does"
    if check in ("golden", "payload"):
        why = re.sub(r"^(ours|elements) .*", "in the kernel it is another rule than nft's", why)
    why = re.sub(r"^table .*?, (rule \d+: )?|^.*: (?=differs)", "", why)
    return re.sub(r"'[^']*'", "'..'", why)


class Totals:
    def __init__(self):
        self.passed, self.tried = collections.Counter(), collections.Counter()
        self.failed = {}  # (check and case, number of the line) -> why
        self.words = {}
        self.seen = set()
        self.refused = 0
        self.broken = []

    def add(self, case, result):
        lines, refused = result
        self.refused += refused
        for number, words, checks in lines:
            for check, why in checks.items():
                follows = any(checks.get(c) and check in CONSEQUENCES[c] for c in CONSEQUENCES)
                place = ("%s %s %s" % (check, case.name, case.family), number)
                self.seen.add(place)
                self.words[place] = words
                self.tried[check] += 1
                if why is None:
                    self.passed[check] += 1
                elif not follows:
                    self.failed[place] = why

    def reasons(self):
        return {place: reason_of(place[0].split()[0], why) for place, why in self.failed.items()}

    def show(self):
        print("nft %s; %d more lines are refused by it or by this kernel" % (nftables.version(), self.refused))
        for check in CHECKS:
            print("  %-8s %4d of %4d" % (check, self.passed[check], self.tried[check]))
        for (check, reason), n in collections.Counter(
                (place[0].split()[0], reason) for place, reason in self.reasons().items()).most_common():
            print("  %4d %-8s %s" % (n, check, reason))
        for line in self.broken:
            print("BROKEN", line)


def run_all(chosen, program):
    """A case in which nft itself aborts is halved until the line is found that is to blame."""
    totals, left = Totals(), [(c, program, list(nftables.rule_lines(c))) for c in chosen]
    while left:
        again = []
        for (case, _, lines), well, result in nftables.each(run_case, left, os.cpu_count() or 2):
            if well:
                totals.add(case, result)
            elif well is None and len(lines) > 1:
                again += [(case, program, lines[:len(lines) // 2]), (case, program, lines[len(lines) // 2:])]
            elif well is None:
                totals.refused += 1
            else:
                totals.broken.append("%s, %s: %s" % (case.name, case.family, result))
        left = again
    return totals


def main():
    given = nftables.arguments(__doc__).parse_args()
    chosen = [c for c in nftables.cases(given.source)
              if not given.filters or any(f in (c.name + " " + c.family) for f in given.filters)][::given.every]
    totals = run_all(chosen, os.path.abspath(given.program))
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
