# SPDX-License-Identifier: LGPL-2.1-or-later
"""tap.py PYTEST_ARGUMENT...: runs pytest and reports in TAP. Exit status 0, 1 when a test failed, 77 when all were skipped."""
import os
import sys

import pytest


class Tap:
    def __init__(self):
        self.count = self.failed = self.skipped = 0
        self.out = os.fdopen(os.dup(1), "w")

    def say(self, text):
        print(text, file=self.out, flush=True)

    def line(self, ok, name, more=""):
        self.count += 1
        self.say("%sok %d - %s%s" % ("" if ok else "not ", self.count, name, more))

    def pytest_runtest_logreport(self, report):
        """Once for setup, call and teardown: the call tells, the others when something is wrong there."""
        name = report.nodeid.split("::", 1)[-1].replace("::", ".").removeprefix("test_").replace(" ", "_")
        if report.failed or (report.skipped and os.environ.get("FWC_TEST_REQUIRE")):
            self.failed += 1
            self.line(False, name)
            for line in (report.longreprtext or str(report.longrepr)).splitlines() + report.capstdout.splitlines():
                self.say("# " + line)
        elif report.skipped:
            self.skipped += 1
            self.line(True, name, " # SKIP " + str(report.longrepr[2]).removeprefix("Skipped: "))
        elif report.when == "call":
            self.line(True, name)

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed += 1
            self.line(False, report.nodeid or "collection")
            self.say("\n".join("# " + line for line in str(report.longrepr).splitlines()))


if __name__ == "__main__":
    tap = Tap()
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # pytest's own report
    pytest.main(["--tb=short", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[tap])
    tap.say("1..%d" % tap.count)
    sys.exit(1 if tap.failed or not tap.count else 77 if tap.skipped == tap.count else 0)
