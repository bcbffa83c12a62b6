#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts single tests, not programs.

totals.py add RESULTS LABEL TESTLOG   reads meson's testlog.json, whose programs print TAP; in the label, %s is a
                                      program's suite
totals.py programs RESULTS LABEL LOG PROGRAM...   reads what tests/vm/suites.sh wrote
totals.py one RESULTS LABEL NAME STATUS [REASON]   adds one result: passed, failed or skipped
totals.py show RESULTS                prints the table; the last line is `N passed, N failed, N skipped`
"""
import json
import re
import sys

LINE = re.compile(r"(not )?ok \d+ - (\S+)(?:\s+# SKIP (.*))?")


def results_of(program):
    """(name, status, reason) of each test in a program's output."""
    found = []
    planned = None
    for line in (program.get("stdout") or "").splitlines():
        if line.startswith("1.."):
            planned = int(line[3:].split()[0])
        match = LINE.match(line)
        if match:
            failed, name, reason = match.groups()
            status = "skipped" if reason is not None else "failed" if failed else "passed"
            found.append((name, status, reason or ""))
    name = program["name"].split("/")[-1].strip()
    well = program["result"] in ("OK", "SKIP")
    if not found and planned is None:
        # No TAP at all: the program is the test.
        status = {"OK": "passed", "SKIP": "skipped"}.get(program["result"], "failed")
        found.append((name, status, "exit status %s" % program["returncode"]))
    elif planned != len(found) or (not well and all(s != "failed" for _, s, _ in found)):
        found.append((name, "failed", "%s after %d of %s tests, exit status %s"
                      % (program["result"], len(found), planned, program["returncode"])))
    return found, name


def suite_of(program):
    """The first of them: "libfwcore:kernel+again / fwctl" is of the kernel's."""
    return re.sub(r"^.*:|\W.*$", "", program["name"].split(" / ")[0])


def add(path, label, programs):
    with open(path, "a", encoding="utf-8") as out:
        for program in programs:
            found, program_name = results_of(program)
            its_label = label.replace("%s", suite_of(program))
            for name, status, reason in found:
                print(its_label, program_name, name, status, reason.replace("\t", " "), sep="\t", file=out)
            if any(status == "failed" for _, status, _ in found):
                print("--- %s, %s:" % (its_label, program_name))
                print(program.get("stdout") or "", program.get("stderr") or "", sep="")


def from_meson(log):
    with open(log, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def from_suites(log, names):
    """One that has no end, or is not there, did not finish: it fails."""
    with open(log, encoding="utf-8", errors="replace") as text:
        blocks = dict(re.findall(r"^== (?!exit )(\S+)\n(.*?^== exit \d+)$", text.read(), re.M | re.S))
    programs = []
    for name in names:
        output, _, status = blocks.get(name, "== exit unknown: the machine ended first").rpartition("== exit ")
        result = {"0": "OK", "77": "SKIP"}.get(status, "FAIL")
        programs.append({"name": name.split("_", 1)[1], "stdout": output, "result": result, "returncode": status})
    return programs


def show(path):
    rows = {}
    listed = {"skipped": {}, "failed": {}}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            label, program, name, status, reason = line.rstrip("\n").split("\t")
            row = rows.setdefault(label, {"passed": 0, "failed": 0, "skipped": 0})
            row[status] += 1
            if status in listed:
                listed[status].setdefault((label, program, reason), []).append(name)
    for status, title in (("skipped", "Skipped"), ("failed", "Failed")):
        if listed[status]:
            print("\n%s:" % title)
        for (label, program, reason), names in listed[status].items():
            for name in names:
                print("  %s, %s: %s%s" % (label, program, name, ": " + reason if reason else ""))
    print("\n%-24s%8s%8s%8s" % ("suite", "passed", "failed", "skipped"))
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for label, row in rows.items():
        print("%-24s%8d%8d%8d" % (label, row["passed"], row["failed"], row["skipped"]))
        for status in total:
            total[status] += row[status]
    print("\n%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % total)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    if sys.argv[1] == "add":
        add(sys.argv[2], sys.argv[3], from_meson(sys.argv[4]))
    elif sys.argv[1] == "programs":
        add(sys.argv[2], sys.argv[3], from_suites(sys.argv[4], sys.argv[5:]))
    elif sys.argv[1] == "one":
        with open(sys.argv[2], "a", encoding="utf-8") as results:
            print(sys.argv[3], sys.argv[3], sys.argv[4], sys.argv[5], " ".join(sys.argv[6:]), sep="\t",
                  file=results)
    else:
        sys.exit(show(sys.argv[2]))
