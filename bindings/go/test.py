#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks and tests of the Go package, as TAP.

test.py BUILD   the folder where meson built the library

Nothing is downloaded, and all that Go keeps is kept in BUILD. FWC_TEST_RACE=1: with Go's race detector.
"""
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Tap:
    def __init__(self):
        self.number = self.failed = self.skipped = 0

    def result(self, name, status, output="", reason=""):
        self.number += 1
        if status == "skip" and os.environ.get("FWC_TEST_REQUIRE"):
            status, output = "fail", "needed here (FWC_TEST_REQUIRE): " + reason
        self.failed += status == "fail"
        self.skipped += status == "skip"
        print("%sok %d - %s%s" % ("not " if status == "fail" else "", self.number, name,
                                  " # SKIP " + reason if status == "skip" else ""))
        if status == "fail":
            print("".join("# %s\n" % line for line in output.splitlines()[-60:]), end="")
        sys.stdout.flush()

    def end(self):
        print("1..%d" % self.number)
        if self.failed or not self.number:
            sys.exit(1)
        sys.exit(77 if self.skipped == self.number else 0)


def environment(build):
    env = dict(os.environ)
    env.update(GOCACHE=os.path.join(build, "go-cache"), GOPATH=os.path.join(build, "go-path"), GOPROXY="off", GOSUMDB="off",
               GOTOOLCHAIN="local", GOWORK="off", GOENV="off", CGO_ENABLED="1",
               GOFLAGS="-buildvcs=false", # a clone of somebody else's is no failure
               PKG_CONFIG_PATH=os.path.join(build, "meson-uninstalled"), LD_LIBRARY_PATH=os.path.join(build, "lib"),
               FWC_SCENARIO_C=os.path.join(build, "tests", "bindings", "scenario_c"))
    return env


def command(tap, name, args, env, wanted_output=None):
    done = subprocess.run(args, cwd=HERE, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    well = done.returncode == 0 and wanted_output in (None, done.stdout)
    tap.result(name, "pass" if well else "fail", done.stdout)
    return well


def reason_of(output):
    """What t.Skip said: `    file_test.go:12: reason`."""
    for line in output:
        if "_test.go:" in line:
            return line.strip().split(": ", 1)[-1]
    return "it says not why"


def tests(tap, env):
    race = ["-race"] if env.get("FWC_TEST_RACE") else []
    go = subprocess.Popen(["go", "test", "-json", "-count=1", "-timeout=800s", *race, "."], cwd=HERE, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output, found, rest = {}, 0, []
    for line in go.stdout:
        try:
            event = json.loads(line)
        except ValueError:
            rest.append(line) # the compiler's
            continue
        name, action = event.get("Test"), event["Action"]
        if action == "output":
            (rest if name is None else output.setdefault(name, [])).append(event["Output"])
        elif name is not None and action in ("pass", "fail", "skip"):
            said = output.pop(name, [])
            tap.result(name, action, "".join(said), reason_of(said))
            found += 1
    status = go.wait()
    if not found or (status and not tap.failed):
        for said in output.values(): # of tests that did not end
            rest += said
        tap.result("go_test_runs", "fail", "".join(rest))


def main():
    build = os.path.abspath(sys.argv[1])
    env = environment(build)
    tap = Tap()
    if not shutil.which("go"):
        tap.result("go_package_builds", "skip", reason="go is not installed")
        tap.end()
    command(tap, "go_sources_are_formatted", ["gofmt", "-l", "."], env, wanted_output="")
    if command(tap, "go_package_builds_and_vets", ["go", "vet", "./..."], env):
        tests(tap, env)
    tap.end()


if __name__ == "__main__":
    main()
