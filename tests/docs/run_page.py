#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does what a page of the documentation says and compares what it says comes out. Prints TAP.

run_page.py PAGE            writes the programs of the page, runs its console blocks
run_page.py --update PAGE   the same, and writes what came out into the page

A program is a ```c block after a line that names its file in backquotes. In a ```console block a line that begins
with `$ ` is a command, and what follows is what it prints; `...` at the end of a line stands for any rest of it.
"""
import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"`(\w+\.c)`")
END = "--the command has ended, with status "


def programs_and_consoles(page):
    """(file or None, text, start, end) of each block that is to be written or run."""
    for block in BLOCK.finditer(page):
        before = page[:block.start()].rstrip().rsplit("\n\n", 1)[-1]
        names = FILE.findall(before)
        if block[1] == "console" or (block[1] == "c" and names):
            yield names[-1] if block[1] == "c" else None, block[2], block.start(2), block.end(2)


def commands_of(text):
    """(command, what it should print) of a console block."""
    commands = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line)
    return commands


def same(said, came):
    if len(said) != len(came):
        return False
    return all(c.startswith(s[:-3]) if s.endswith("...") else c.rstrip() == s for s, c in zip(said, came))


class Shell:
    """One bash, so that jobs, directories and files last from one command to the next."""

    def __init__(self, directory):
        self.bash = subprocess.Popen(["bash", "--norc"], cwd=directory, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, command):
        self.bash.stdin.write("%s\n{ echo; echo '%s'$?; } 2>/dev/null\n" % (command, END))
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if line.startswith(END):
                break
            lines.append(line.rstrip("\n"))
        # The empty line before the end belongs to it.
        return lines[:-1] if lines and lines[-1] == "" else lines


def console(shell, text):
    """(command, what it should print, what it printed) of a console block."""
    return [(command, said, shell.run(command)) for command, said in commands_of(text)]


def report(number, command, said, came):
    well = same(said, came)
    print("%sok %d - %s" % ("" if well else "not ", number, re.sub(r"\W+", "_", command).strip("_")))
    if not well:
        print("\n".join(["# the page says:"] + ["#   " + s for s in said]
                        + ["# what came:"] + ["#   " + c for c in came]))
    return well


def main(argv):
    update = argv[1] == "--update"
    with open(argv[-1], encoding="utf-8") as f:
        page = f.read()
    results = []
    updated, copied = "", 0
    with tempfile.TemporaryDirectory() as directory:
        shell = Shell(directory)
        for name, text, start, end in programs_and_consoles(page):
            if name:
                with open(os.path.join(directory, name), "w", encoding="utf-8") as f:
                    f.write(text)
                continue
            block = console(shell, text)
            results += block
            updated += page[copied:start] + "".join(
                "\n".join(["$ " + command] + came) + "\n" for command, _, came in block)
            copied = end
        shell.bash.kill()
    if update:
        with open(argv[-1], "w", encoding="utf-8") as f:
            f.write(updated + page[copied:])
        return 0
    failed = sum(not report(n, *result) for n, result in enumerate(results, 1))
    print("1..%d" % len(results))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
