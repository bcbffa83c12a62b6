# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the runners over nftables' own tests share: libnftables, its *.t files, namespaces, and the list of what is known."""
import argparse
import ctypes
import glob
import os
import pickle
import re
import tempfile

CLONE_NEWNET = 0x40000000
DEBUG_NETLINK = 0x8  # enum nft_debug_level of nftables/libnftables.h
OUTPUT_STATELESS = 1 << 1  # its NFT_CTX_OUTPUT_*
OUTPUT_JSON = 1 << 4

_nft = ctypes.CDLL("libnftables.so.1")
_nft.nft_ctx_new.restype = ctypes.c_void_p
for _name in ("nft_ctx_get_output_buffer", "nft_ctx_get_error_buffer"):
    getattr(_nft, _name).restype = ctypes.c_char_p
    getattr(_nft, _name).argtypes = [ctypes.c_void_p]
for _name in ("nft_ctx_buffer_output", "nft_ctx_buffer_error", "nft_ctx_free"):
    getattr(_nft, _name).argtypes = [ctypes.c_void_p]
for _name in ("nft_ctx_output_set_flags", "nft_ctx_output_set_debug"):
    getattr(_nft, _name).argtypes = [ctypes.c_void_p, ctypes.c_uint]
_nft.nft_run_cmd_from_buffer.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
_libc = ctypes.CDLL(None, use_errno=True)


KNOWN_VERSION = "1.0.6"  # which the lists of what is known are of


def version():
    """Of the nft of this machine."""
    with os.popen("nft --version") as out:
        return re.sub(r"^nftables v(\S+).*", r"\1", out.read().strip())


class Refused(Exception):
    """In libnftables' words, their first line; `where` is what it says before them: FILE:LINE:COLUMNS."""

    def __init__(self, words):
        self.where, _, rest = words.split("\n")[0].rpartition("Error: ")
        super().__init__(rest)


def nft(commands, flags=0, debug=0):
    """Runs commands in a context of their own and returns what nft prints."""
    context = _nft.nft_ctx_new(0)
    try:
        _nft.nft_ctx_buffer_output(context)
        _nft.nft_ctx_buffer_error(context)
        _nft.nft_ctx_output_set_flags(context, flags)
        _nft.nft_ctx_output_set_debug(context, debug)
        result = _nft.nft_run_cmd_from_buffer(context, commands.encode())
        if result:
            words = _nft.nft_ctx_get_error_buffer(context).decode(errors="replace")
            raise Refused(words)
        return _nft.nft_ctx_get_output_buffer(context).decode(errors="replace")
    finally:
        _nft.nft_ctx_free(context)


def takes(commands):
    try:
        nft(commands)
    except Refused:
        return False
    return True


def add_all(things, command=str):
    """Adds those whose command nft takes, in their order, and returns them."""
    if not things or takes("".join(command(t) + "\n" for t in things)):
        return things
    if len(things) == 1:
        return []
    half = len(things) // 2
    return add_all(things[:half], command) + add_all(things[half:], command)


# ---- tests/py/*/*.t ----

class Case:
    """One file of tests/py and one table of it."""

    def __init__(self, path, table_line):
        self.path = path
        self.name = "/".join(path.split("/")[-2:])
        self.family, self.table, chains = table_line[1:].strip().split(";")
        self.chains = chains.split(",")

    def lines(self):
        """(number, line)"""
        with open(self.path, encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                line = line.rstrip("\n")
                if line and line[0] not in "#-*":
                    yield number, line


def cases(source, kind=Case):
    for folder in ("any", "ip", "ip6", "inet", "arp", "bridge", "netdev"):
        for path in sorted(glob.glob("%s/tests/py/%s/*.t" % (source, folder))):
            with open(path, encoding="utf-8") as text:
                for line in text:
                    if line.startswith("*"):
                        yield kind(path, line)


def _words_of(line):
    """The words before `;ok`, None where it says `;fail`. A semicolon within braces is one of the words."""
    parts = line.split(";")
    for i, part in enumerate(parts):
        if part.strip() in ("ok", "fail"):
            return ";".join(parts[:i]).strip() if part.strip() == "ok" else None
    return None


def _set_command(where, words):
    name, rest = words[1:].split(" ", 1)
    kind = "map" if re.search(r"^(type|typeof)\s[^{]*:", rest) else "set"
    return "add %s %s %s { %s; }" % (kind, where, name, re.sub(r"\s+(timeout|flags)\s+", r"; \1 ", rest))


def _object_command(where, words):
    name, kind, rest = re.match(r"(\S+) type ((?:ct )?\S+) ?(.*)$", words[1:]).groups()
    braces = rest if not rest or rest.startswith("{") else "{ %s; }" % rest
    return "add %s %s %s %s" % (kind, where, name, braces)


def setup_commands(case):
    """What the rules of a case stand in and speak of."""
    where = "%s %s" % (case.family, case.table)
    commands = ["add table " + where]
    for _, line in case.lines():
        if line[0] == ":":
            name, rest = line[1:].split(";", 1)
            if name in case.chains:
                commands.append("add chain %s %s { %s; }" % (where, name, rest))
            continue
        words = _words_of(line)
        if not words:
            continue
        if words[0] == "!":
            commands.append(_set_command(where, words))
        elif words[0] == "?":
            name, elements = words[1:].split(" ", 1)
            commands.append("add element %s %s { %s }" % (where, name, elements))
        elif words[0] == "%":
            commands.append(_object_command(where, words))
    return commands


def rule_lines(case):
    """(number, words) of the rules of a case that nftables' tests call ok."""
    for number, line in case.lines():
        words = _words_of(line)
        if words and words[0] not in ":!?%&":
            yield number, words


# ---- namespaces ----

def _run_alone(function, argument, answer):
    try:
        if _libc.unshare(CLONE_NEWNET) < 0:
            raise OSError(ctypes.get_errno(), "a network namespace")
        result = (True, function(argument))
    except Exception as failure:  # pylint: disable=broad-except
        result = (False, "%s: %s" % (type(failure).__name__, failure))
    with open(answer, "wb") as out:
        pickle.dump(result, out)


def _answer_of(path):
    try:
        with open(path, "rb") as answer:
            return pickle.load(answer)
    except (OSError, EOFError):
        return None, "it ended without an answer"


def each(function, arguments, jobs):
    """function(argument), each in a process and a network namespace of its own, so that a crash is one's own too.
    Yields (argument, True, what it returned), (argument, False, its exception) or (argument, None, ...) after a crash."""
    with tempfile.TemporaryDirectory() as folder:
        running, waiting = [], list(enumerate(arguments))
        waiting.reverse()
        while running or waiting:
            while waiting and len(running) < jobs:
                number, argument = waiting.pop()
                answer = "%s/%d" % (folder, number)
                pid = os.fork()
                if not pid:
                    _run_alone(function, argument, answer)
                    os._exit(0)
                running.append((pid, argument, answer))
            pid, argument, answer = running.pop(0)
            os.waitpid(pid, 0)
            yield (argument, *_answer_of(answer))


# ---- what is known ----

def arguments(doc):
    """Of a runner."""
    parser = argparse.ArgumentParser(usage=doc)
    for name in ("source", "program", "known"):
        parser.add_argument(name)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("filters", nargs="*")
    return parser


def _read_known(path):
    """A list of failures: lines `CHECK CASE NUMBER...`, those of one reason below a line `# REASON`. (case, number) -> reason."""
    reason, known = None, {}
    with open(path, encoding="utf-8") as text:
        for line in text:
            if line.startswith("#"):
                reason = line[1:].strip()
            elif line.strip():
                *case, numbers = line.split(":")
                known.update(((":".join(case), int(n)), reason) for n in numbers.split())
    return known


def compare(path, tried, failed):
    """Tells what fails and is not listed, and what is listed and does not fail any more. Returns an exit status."""
    if version() != KNOWN_VERSION:
        print("nft is %s: what is known to fail is listed for %s" % (version(), KNOWN_VERSION))
        return 77
    known = _read_known(path)
    new = [place for place in failed if place not in known]
    for place in new:
        print("NEW %s:%d\n\t%s" % (*place, failed[place]))
    for place in sorted((set(known) & tried) - set(failed)):
        print("MENDED, take it off the list: %s:%d" % place)
    return 1 if new else 0


def write_known(path, head, tried, failed):
    """`failed`: (case, number) -> reason. The most frequent reason first. What was not tried stays as it is listed."""
    by_reason = {}
    kept = {place: reason for place, reason in _read_known(path).items() if place not in tried}
    for (case, number), reason in {**kept, **failed}.items():
        by_reason.setdefault(reason, {}).setdefault(case, []).append(number)
    with open(path, "w", encoding="utf-8") as out:
        out.write(head)
        for reason, places in sorted(by_reason.items(), key=lambda r: (-sum(map(len, r[1].values())), r[0])):
            out.write("\n# %s\n" % reason)
            for case, numbers in places.items():
                out.write("%s: %s\n" % (case, " ".join(map(str, numbers))))
