#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the tests that call every public function with what no program should pass. calls.py INCLUDE_DIR > FILE.c

For each function calls in which
- every argument is valid, for comparison
- every argument is NULL or 0: refused, which an int says with -EINVAL, a pointer with NULL
- one argument after the other is NULL, 0, the largest number or a strange text, and the others are valid
- the objects have failed before
A call that fails leaves what it would have written as it was. For each function with a kernel object also: the object
of a parent process is -ECHILD. What the arguments are taken from is in calls.c and calls.h.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "bindings"))
sys.dont_write_bytecode = True
import generate  # noqa: E402

# What these answer to NULL and 0 instead of -EINVAL, NULL, false or 0. None: an object, for an empty list is one.
ANSWERS = {
    "fwc_value_number": None,
    "fwc_value_list": None,
    "fwc_value_pairs": None,
    "fwc_interface_state": '"UNKNOWN"',
    "fwc_interface_address_scope_name": '""',
    "fwc_route_type_name": '""',
    "fwc_route_protocol_name": '""',
    "fwc_event_table": '""',
    "fwc_event_name": '""',
    "fwc_event_process": '""',
    "fwc_watch_fd": "-1",
}
ANSWER = {None: "\tck_assert_ptr_ne(p, %s);", "-1": "\tck_assert_int_eq(n, %s);"}
# Beside those that return nothing: what was borrowed has gone afterwards.
RELEASE = {"fwc_watch_next"}
# A length says how much there is to read or write: a larger one would be a lie, and only 0 can be tried.
LENGTHS = {"size", "len", "count"}
# These objects come from a kernel.
OF_KERNEL = ("kernel", "plan", "watch", "event", "interfaces", "interface", "interface_address", "settings", "features", "feature", "networks", "network",
             "routes")
NUMBERS = {"family": "FWC_FAMILY_INET", "field": "FWC_FIELD_TCP_DPORT", "op": "FWC_OP_EQ", "syntax": "FWC_SYNTAX_NFT",
           "size": "sizeof(f->buf)", "len": "sizeof(f->buf)", "count": "2", "i": "0", "j": "0", "prefix_len": "24", "flags": "0",
           "unit_s": "60"}
TEXTS = {"key_type": '"ipv4_addr"', "table": '"t"', "set": '"s"', "chain": '"c"', "key": '"192.0.2.1"', "interface": '"lo"'}
STRANGE = ['""', "long_text", '"\\xff\\x80"', '"a\\nb"', '"{ {"', '"@"']


def struct_of(kind):
    match = re.search(r"struct fwc_(\w+)", kind)
    return match.group(1) if match else None


def valid(param, outs):
    """An expression that is right for the parameter, as far as a name and a type can say it."""
    kind, name = param["type"], param["name"]
    if kind in ("uint32_t", "uint64_t", "size_t"):
        return NUMBERS.get(name, "1")
    if kind == "int":
        return "f->netns_fd"
    if kind == "bool":
        return "true"
    if kind == "const char *":
        return TEXTS.get(name, '"x"')
    if kind == "char *":
        return "f->buf" if name == "buf" else "strdup(\"x\")"
    if kind == "const struct fwc_value *const *":
        return "f->values"
    if kind == "const char *const *":
        return "f->words"
    if kind == "const uint32_t *":
        return "f->details"
    if name.startswith("ret"):
        if name in ("ret_needed", "ret_len"):
            return "&f->needed"
        outs.append(name)
        return "(void *)&f->out[%d]" % (len(outs) - 1)
    if struct_of(kind) and kind.endswith("*") and not kind.endswith("**"):
        return "f->" + struct_of(kind)
    sys.exit("calls.py: what is passed for `%s%s`?" % (kind, name))


def bad(param, following, transparent):
    """Expressions that are wrong for it."""
    kind, name = param["type"], param["name"]
    if kind.endswith("*"):
        yield "NULL"
        if kind == "const char *" and following not in LENGTHS:
            yield from STRANGE
        elif kind.startswith("const struct") and struct_of(kind) in transparent:
            yield "(const void *)zeros"
    elif kind != "bool":
        yield "0"
        if name not in LENGTHS:
            yield "-1" if kind == "int" else "(%s)-1" % kind


def call(function, arguments, check, failed=False):
    """One block: make the objects, call, look at the answer."""
    line = "%s(%s)" % (function["name"], ", ".join(arguments))
    kind = function["returns"]
    out = ["\tf = fixture_new(%s);" % ("true" if failed else "false"), "\tmark_point();"]
    if kind == "void":
        out += ["\t%s;" % line, "\tfixture_released();"]
    elif kind.endswith("*"):
        out.append("\tp = %s;" % line)
        out.append("\tcheck_pointer(f, p, %s);" % check)
    else:
        out.append("\tn = (long long)%s;" % line)
        out.append("\tcheck_%s(f, n, %s);" % ("int" if kind == "int" else "bool" if kind == "bool" else "number", check))
    if function["name"] in RELEASE:
        out.append("\tfixture_released();")
    return out


def nothing(param):
    return "false" if param["type"] == "bool" else "NULL" if param["type"].endswith("*") else "0"


def sweep(function, transparent):
    name, params = function["name"], function["params"]
    outs = []
    good = [valid(p, outs) for p in params]
    for i, param in enumerate(params):
        if param["name"] == "len":
            good[i - 1] = "long_text"
    lines = ["static void sweep_%s(void)" % name, "{", "\tconst void *p = NULL;", "\tlong long n = 0;", "\tstruct fixture *f;", ""]
    lines += call(function, good, "ANYTHING")
    if params:
        lines += call(function, [nothing(p) for p in params], "ANYTHING" if name in ANSWERS else "REFUSED")
        if name in ANSWERS:
            lines.append(ANSWER.get(ANSWERS[name], "\tck_assert_str_eq(p, %s);") % (ANSWERS[name] or "NULL"))
        lines += call(function, good, "ANYTHING", failed=True)
    names = [p["name"] for p in params[1:]] + [""]
    for i, param in enumerate(params):
        for expression in bad(param, names[i], transparent):
            lines += call(function, good[:i] + [expression] + good[i + 1:], "ANYTHING")
    return lines + ["\t(void)f;", "\t(void)p;", "\t(void)n;", "}", ""]


def fork_test(function):
    name, outs = function["name"], []
    arguments = ", ".join(valid(p, outs) for p in function["params"])
    return ["static long long call_%s(struct fixture *f)" % name, "{", "\treturn %s(%s);" % (name, arguments), "}", "",
            "START_TEST(%s_is_refused_after_fork)" % name, "{", "\tcheck_in_child(call_%s);" % name, "}", "END_TEST", ""]


def cases(label, tests):
    return ["void add_%s_calls(TCase *tc)" % label, "{"] + ["\ttcase_add_test(tc, %s);" % t for t in tests] + ["}", ""]


def sweeps(label, functions):
    """A test for each header: a process for each function would take longer than all the calls."""
    lines, tests = [], []
    for header in sorted({f["header"] for f in functions}):
        tests.append("calls_of_%s_bear_bad_arguments_in_%s" % (header.replace(".", "_"), label))
        lines += ["START_TEST(%s)" % tests[-1], "{"]
        lines += ["\tsweep_%s();" % f["name"] for f in functions if f["header"] == header]
        lines += ["}", "END_TEST", ""]
    return lines + cases(label, tests)


def first(function):
    return struct_of(function["params"][0]["type"]) if function["params"] else None


def main():
    headers = generate.Headers(os.path.join(sys.argv[1], "fwcore"))
    functions = headers.functions
    transparent = {s["name"][len("fwc_"):] for s in headers.structs if not s["opaque"]}
    of_kernel = [f for f in functions if any(struct_of(p["type"]) in OF_KERNEL for p in f["params"])]
    forked = [f for f in functions if first(f) in ("kernel", "watch") and f["returns"] == "int"
              and not f["params"][0]["type"].startswith("const") and not f["params"][0]["type"].endswith("**")]
    lines = ["/* SPDX-License-Identifier: LGPL-2.1-or-later */", "/* Written by calls.py. */", '#include "calls.h"', ""]
    for function in functions:
        lines += sweep(function, transparent)
    for function in forked:
        lines += fork_test(function)
    lines += sweeps("memory", [f for f in functions if f not in of_kernel])
    lines += sweeps("kernel", of_kernel)
    lines += cases("fork", ["%s_is_refused_after_fork" % f["name"] for f in forked])
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main()
