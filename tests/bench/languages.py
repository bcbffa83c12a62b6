#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cost of other languages beside C: languages.py ROUNDS LANGUAGE COMMAND... (the first is what the others are compared with)

A command prints what calls.c prints: processor time, kernel included, so that a machine that is busy tells the same. Each run has a process and a network namespace of its own; the languages take turns, and a
ratio is the median of the rounds' ratios.
"""
import shlex
import statistics
import subprocess
import sys

ROWS = (("call", "reading a property", 1, "ns"), ("rule", "building a rule: two matches, a counter, a verdict", 1e3, "us"),
        ("built and applied", "10,000 rules built and applied", 1e6, "ms"),
        ("loaded and printed", "10,000 rules loaded, each as text", 1e6, "ms"))


def run(command):
    output = subprocess.check_output(["unshare", "-n"] + shlex.split(command), text=True)
    return {name: float(number) for name, number in (line.split(": ") for line in output.splitlines())}


def main():
    rounds = int(sys.argv[1])
    languages = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    found = {language: [] for language in languages}
    for _ in range(rounds):
        for language, command in languages.items():
            found[language].append(run(command))
    first = next(iter(languages))
    print("\n### Other languages: processor time, %d rounds\n" % rounds)
    print("| | " + " | ".join("%s, median" % one + ("" if one == first else " | to %s" % first) for one in languages) + " |")
    print("|---" * (2 * len(languages)) + "|")
    for key, title, unit, name in ROWS:
        cells = []
        for language, samples in found.items():
            cells.append("%.1f %s" % (statistics.median(s[key] for s in samples) / unit, name))
            if language != first:
                cells.append("%.2fx" % statistics.median(s[key] / f[key] for s, f in zip(samples, found[first])))
        print("| %s | %s |" % (title, " | ".join(cells)))


if __name__ == "__main__":
    main()
