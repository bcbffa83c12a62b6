# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs last: was every public function called, has every struct the library's size?"""
import json
import os
import re
import subprocess

import fwcore
import pytest
from conftest import BUILD, SOURCE
from fwcore._library import ffi, lib
from fwcore._names import DOCS, ENUMS

# Functions that the package does without, and why.
WITHOUT = {
    "fwc_batch_clear": "Batch.clear() takes a new batch, so that a rule of the old one is never a dangling pointer",
}
HOW = """
Nothing here calls %s.
Add a row or a method in bindings/python/fwcore, and a test of it in tests/bindings/python. A getter is one row in the class of
its object, for instance in ruleset.py:
    name = reads_text("fwc_chain_name")                    # const char *
    type = reads_enum("fwc_chain_type", enums.ChainType)   # an enum
    handle = reads_or_none("fwc_chain_handle")             # a number whose 0 means none
A builder of rules is one line in rule.py:
    return build(self, lib.fwc_rule_counter)"""


def test_every_public_function_is_in_the_package():
    folder = os.path.join(SOURCE, "bindings", "python", "fwcore")
    text = "".join(open(os.path.join(folder, name), encoding="utf-8").read() for name in os.listdir(folder) if name.endswith(".py"))
    missing = [name for name in DOCS if not re.search(r"\b%s\b" % name, text) and name not in WITHOUT]
    assert not missing, HOW % ", ".join(missing)


def test_every_public_function_was_called_by_these_tests(request):
    files = {name for name in os.listdir(os.path.dirname(__file__)) if name.startswith("test_")}
    if request.config.option.keyword or len({item.fspath for item in request.session.items}) < len(files):
        pytest.skip("only some of the tests were run")
    called = {name for name, noted in lib.noted.items() if noted.calls}
    missing = sorted(set(DOCS) - called - set(WITHOUT))
    assert not missing, HOW % ", ".join(missing)
    assert not set(WITHOUT) & called, "used after all: take them out of WITHOUT"


def test_every_struct_has_the_librarys_size_and_offsets():
    sizes = json.loads(subprocess.check_output([os.path.join(BUILD, "tests", "bindings", "struct_sizes")]))
    assert len(sizes) > 10
    for name, members in sizes.items():
        ctype = ffi.typeof("struct " + name)
        ours = {"": ffi.sizeof(ctype), **{member: field.offset for member, field in ctype.fields}}
        assert ours == members, name


def test_every_enum_has_its_class():
    assert len(fwcore.enums.BY_C_NAME) == len(ENUMS) > 20
    for c_name, row in ENUMS.items():
        kind = fwcore.enums.BY_C_NAME[c_name]
        assert getattr(fwcore, kind.__name__) is kind
        assert sorted(int(m) for m in kind.__members__.values()) == sorted(value for _, value, _ in row["members"])
    assert fwcore.Where.BEFORE == 2 and fwcore.VerdictParam.CHAIN == 2 and issubclass(fwcore.TableFlags, int)
