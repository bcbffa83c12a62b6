#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a release promised is still kept: docs/ABI.md, checked.

release.py RELEASE LIBRARY VERSION COMPILER...   checks the headers beside it and the built library, in TAP
release.py --take RELEASE                        makes RELEASE/include a copy of today's headers

RELEASE is a folder release-X.Y beside this file with the headers of that release in include/fwcore. VERSION is that
of the library. Layouts are what the compiler says, so a compiler with -m32 checks them for that machine.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "bindings"))
sys.dont_write_bytecode = True
import generate  # noqa: E402

TODAY = os.path.join(ROOT, "include")


def is_reserved(field):
    return field["name"].startswith("reserved")


class Interface:
    """What a folder of headers declares, and how a compiler lays it out."""

    def __init__(self, include, compiler):
        headers = generate.Headers(os.path.join(include, "fwcore"))
        self.functions = {f["name"]: f for f in headers.functions}
        self.enums = {e["name"]: {m["name"]: m["value"] for m in e["members"]} for e in headers.enums}
        self.structs = {s["name"]: s for s in headers.structs if not s["opaque"]}
        self.layout = self._compile(include, compiler)

    def _compile(self, include, compiler):
        """{struct: {"": size, field: (offset, size)}}"""
        lines = ["#include <fwcore/fwcore.h>", "#include <stdio.h>", "int main(void) {", 'printf("{");']
        for number, (name, struct) in enumerate(self.structs.items()):
            lines.append('printf("%s\\"%s\\": {\\"\\": %%zu", sizeof(struct %s));' % (", " if number else "", name, name))
            for field in struct["fields"]:
                lines.append('printf(", \\"%s\\": [%%zu, %%zu]", offsetof(struct %s, %s), sizeof(((struct %s *)0)->%s));'
                             % (field["name"], name, field["name"], name, field["name"]))
            lines.append('printf("}");')
        lines.append('printf("}\\n"); return 0; }')
        with tempfile.TemporaryDirectory() as work:
            source, program = os.path.join(work, "layout.c"), os.path.join(work, "layout")
            with open(source, "w", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
            subprocess.run([*compiler, "-I", include, source, "-o", program], check=True)
            return json.loads(subprocess.run([program], check=True, stdout=subprocess.PIPE).stdout)


def functions(old, new):
    """Every function is there with the same types."""
    for name, function in old.functions.items():
        there = new.functions.get(name)
        if not there:
            yield "%s() has gone" % name
        elif there["returns"] != function["returns"] or \
                [p["type"] for p in there["params"]] != [p["type"] for p in function["params"]]:
            yield "%s() has other types" % name


def enums(old, new):
    """Every enumerator has its value, and no new one shares the value of an old one of its enum."""
    for name, members in old.enums.items():
        there = new.enums.get(name, {})
        for member, value in members.items():
            if there.get(member) != value:
                yield "%s is %s, not %d" % (member, there.get(member, "gone"), value)
        for member, value in there.items():
            if member not in members and value in members.values():
                yield "%s has the value of another, %d" % (member, value)


def structs(old, new):
    """Every field is where it was; only structs with a size grow."""
    for name, struct in old.structs.items():
        then, now = old.layout[name], new.layout.get(name)
        if not now:
            yield "struct %s is opaque or has gone" % name
            continue
        grows = struct["fields"][0]["name"] == "size"
        if now[""] < then[""] or (now[""] > then[""] and not grows):
            yield "struct %s has %d bytes, not %d" % (name, now[""], then[""])
        kinds = {f["name"]: (f["type"], f["array"]) for f in new.structs[name]["fields"]}
        for field in struct["fields"]:
            if is_reserved(field):
                continue
            if field["name"] not in now:
                yield "struct %s has no %s any more" % (name, field["name"])
            elif now[field["name"]] != then[field["name"]] or kinds[field["name"]] != (field["type"], field["array"]):
                yield "struct %s: %s is another" % (name, field["name"])


def new_fields(old, new):
    """A new field lies in what was reserved, or behind the old end of a struct with a size."""
    for name, struct in old.structs.items():
        then, now = old.layout[name], new.layout.get(name, {})
        free = [then[f["name"]] for f in struct["fields"] if is_reserved(f)]
        if struct["fields"][0]["name"] == "size":
            free.append([then[""], 1 << 20])
        for field in new.structs.get(name, {"fields": []})["fields"]:
            if field["name"] in then or is_reserved(field):
                continue
            begin, size = now[field["name"]]
            if not any(begin >= start and begin + size <= start + room for start, room in free):
                yield "struct %s: %s is neither in reserved bytes nor behind the old end" % (name, field["name"])


def exported(library):
    """{function: node of the version map}"""
    listed = subprocess.run(["nm", "-D", "--defined-only", library], check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(m.groups() for m in re.finditer(r" (fwc_\w+)@@(\w+\.\w+)$", listed, re.M))


def symbols(old, nodes, node):
    """Every function is exported under the node it was released with."""
    for name in old.functions:
        if nodes.get(name) != node:
            yield "%s is exported as %s, not %s" % (name, nodes.get(name, "nothing"), node)


def closed(old, nodes, node, version):
    """Once a later version is being made, nothing more enters the node of a release."""
    if version.startswith(node.split("_")[1] + "."):
        return
    for name, where in nodes.items():
        if where == node and name not in old.functions:
            yield "%s was not in that release: it belongs into the node of version %s" % (name, version)


CHECKS = {
    "every_function_of_the_release_is_there_with_its_types": functions,
    "every_enumerator_has_its_value": enums,
    "every_field_is_where_it_was": structs,
    "new_fields_come_from_reserved_or_lie_behind_the_end": new_fields,
}

# The checks themselves are checked: header, what is there, what it becomes, which check finds it (None: allowed).
MUTATIONS = [
    ("types.h", "FWC_API void fwc_text_free(char *text);", "", functions),
    ("types.h", "size_t size, size_t *ret_needed);", "uint32_t size, size_t *ret_needed);", functions),
    ("types.h", "FWC_FAMILY_ARP = 3,", "FWC_FAMILY_ARP = 4,", enums),
    ("types.h", "FWC_FAMILY_ARP = 3,", "FWC_FAMILY_ARP = 3, FWC_FAMILY_NEW = 2,", enums),
    ("types.h", "FWC_FAMILY_ARP = 3,", "FWC_FAMILY_ARP = 3, FWC_FAMILY_NEW = 4,", None),
    ("types.h", "uint8_t bytes[16];", "uint8_t bytes[20];", structs),
    ("error.h", "uint32_t line;", "int32_t line;", structs),
    ("error.h", "char chain[32];", "", structs),
    ("error.h", "uint8_t reserved[64];", "uint64_t packets; uint8_t reserved[56];", None),
    ("error.h", "uint8_t reserved[64];", "uint8_t reserved[64]; uint64_t packets;", structs),
    ("kernel.h", "uint32_t retries;", "uint32_t retries; uint32_t more; uint32_t reserved;", None),
    ("rule.h", "uint16_t port_max;", "uint8_t port_max; uint8_t port_step;", new_fields),
    ("types.h", "FWC_API void fwc_text_free(char *text);",
     "FWC_API void fwc_text_free(char *text); FWC_API void fwc_new(void);", None),
]


def mutate(include, mutation, work):
    header, before, after, _ = mutation
    shutil.copytree(include, work)
    path = os.path.join(work, "fwcore", header)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(before) != 1:
        return False
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))
    return True


def mutations(include, old, compiler):
    """Each change to the release's own headers is found by the check that it should be found by."""
    for mutation in MUTATIONS:
        with tempfile.TemporaryDirectory() as work:
            changed = os.path.join(work, "include")
            what = "`%s` for `%s`" % (mutation[2], mutation[1])
            if not mutate(include, mutation, changed):
                yield "`%s` is not in %s" % (mutation[1], mutation[0])
                continue
            new = Interface(changed, compiler)
            found = [check for check in CHECKS.values() if list(check(old, new))]
            if mutation[3] not in (found or [None]):
                yield "%s is %s" % (what, "refused" if found else "not found")


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--take":
        target = os.path.join(sys.argv[2], "include", "fwcore")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(os.path.join(TODAY, "fwcore"), target, ignore=shutil.ignore_patterns("meson.build"))
        return 0
    release, library, version, *compiler = sys.argv[1:]
    include = os.path.join(release, "include")
    node = "FWCORE_" + os.path.basename(release).split("-")[1]
    old, new, nodes = Interface(include, compiler), Interface(TODAY, compiler), exported(library)
    results = [(name, list(check(old, new))) for name, check in CHECKS.items()]
    results.append(("every_function_is_exported_under_its_node", list(symbols(old, nodes, node))))
    results.append(("nothing_is_added_to_the_node_of_an_old_release", list(closed(old, nodes, node, version))))
    results.append(("a_node_is_closed_by_the_next_version",
                    [] if list(closed(old, {"fwc_new": node}, node, "999.0.0")) else ["it is not"]))
    results.append(("checks_find_what_they_should", list(mutations(include, old, compiler))))
    for number, (name, faults) in enumerate(results, 1):
        print("%sok %d - %s" % ("not " if faults else "", number, name))
        for fault in faults:
            print("# " + fault)
    print("1..%d" % len(results))
    return 1 if any(faults for _, faults in results) else 0


if __name__ == "__main__":
    sys.exit(main())
