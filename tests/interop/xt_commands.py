#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""iptables' own tests with fwctl as the program that they test. To be run as root of a network namespace:

    unshare -n xt_commands.py SOURCE FWCTL KNOWN [--every N] [--write] [FILTER ...]

SOURCE is iptables 1.8.9. Its iptables-test.py is run on each of extensions/*.t but for those of arptables and ebtables,
without the line that names the original's plug-ins; its shell tests for nft one by one. Both find fwctl under the name
xtables-nft-multi. KNOWN lists what fails.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

import nftables

HEAD = """\
# Tests of iptables 1.8.9 that fail with fwctl in place of iptables: `test FILE: LINE...` and `shell NAME: 1`. Written by
# xt_commands.py --write.
"""
OTHERS = re.compile(r"(^|/)(lib)?(ebt|arpt|ebtables|arptables)[_/]")
# Ten writers at once, again and again: how often one of them tries is a matter of load.
BUSY = ("0004-restore-race_0", "0016-concurrent-restores_0")
ERROR = re.compile(r"ERROR: line (\d+) \((.*)\)")
WAIT = 600


def run(command, folder, **environment):
    path = folder + ":" + os.environ["PATH"]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=WAIT,
                          env={**os.environ, **environment, "PATH": path})


def test_file(argument):
    """[(place, why not or None)]"""
    path, source, folder = argument
    name = os.path.basename(path)
    with open(path, encoding="utf-8") as text:
        lines = [n for n, line in enumerate(text, 1) if line.strip() and line[0] not in "#*:@%"]
    done = run(["unshare", "-n", "sh", "-c", "cd '%s' && exec python3 '%s/iptables-test.py' -n '%s'" % (source, folder, path)], folder)
    failed = {int(n): why for n, why in ERROR.findall(re.sub(r"\033\[\d*m", "", done.stderr))}
    if "unit tests" not in done.stdout:
        raise RuntimeError(done.stderr[-300:])
    return [(("test " + name, n), failed.get(n)) for n in lines]


def shell_test(argument):
    path, source, folder = argument
    wanted = int(path.rsplit("_", 1)[1])
    done = run(["unshare", "-n", path], folder, XT_MULTI="xtables-nft-multi")
    name = os.path.relpath(path, source + "/iptables/tests/shell/testcases")
    return [(("shell " + name, 1), None if done.returncode == wanted else "it ends with %d" % done.returncode)]


def job(argument):
    return (shell_test if "/testcases/" in argument[0] else test_file)(argument)


def prepare(source, fwctl):
    folder = tempfile.mkdtemp()
    os.symlink(fwctl, folder + "/xtables-nft-multi")
    with open(source + "/iptables-test.py", encoding="utf-8") as old, open(folder + "/iptables-test.py", "w", encoding="utf-8") as new:
        for line in old:
            if "XTABLES_LIBDIR" not in line:
                new.write('LOGFILE="/dev/null"\n' if line.startswith("LOGFILE") else line)
    return folder


def main():
    given = nftables.arguments(__doc__).parse_intermixed_args()
    source = os.path.abspath(given.source)
    folder = prepare(source, os.path.abspath(given.program))
    shell = [p for p in sorted(glob.glob(source + "/iptables/tests/shell/testcases/*/*_[0-9]*")) if os.access(p, os.X_OK) and not p.endswith(BUSY)]
    paths = [p for p in sorted(glob.glob(source + "/extensions/*.t")) + shell if not OTHERS.search(os.path.relpath(p, source))]
    chosen = [p for p in paths if not given.filters or any(f in p for f in given.filters)][::given.every]
    seen, failed, broken = set(), {}, 0
    for (path, *_), well, result in nftables.each(job, [(p, source, folder) for p in chosen], os.cpu_count() or 2):
        if not well:
            print("BROKEN", path, result)
            broken += 1
            continue
        for place, why in result:
            seen.add(place)
            if why:
                failed[place] = why
                if given.details:
                    print(*place, why)
    print("%d of %d pass" % (len(seen) - len(failed), len(seen)))
    os.unlink(folder + "/xtables-nft-multi")
    os.unlink(folder + "/iptables-test.py")
    os.rmdir(folder)
    if given.write:
        nftables.write_known(given.known, HEAD, seen, {place: "this kernel has no such extension, arptables' and ebtables' commands are asked for, or fwctl differs" for place in failed})
        return 0
    status = nftables.compare(given.known, seen, failed)
    return 1 if broken or not seen else status


if __name__ == "__main__":
    sys.exit(main())
