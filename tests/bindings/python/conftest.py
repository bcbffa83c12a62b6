# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the Python package share: a library that notes what is called, and namespaces."""
import ctypes
import importlib.util
import json
import os
import subprocess
import sys
import types

import pytest

BUILD = os.environ["FWC_TEST_BUILD"]
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
CLONE_NEWNET = 0x40000000


class Noted:
    """A function of the library that counts its calls. Not a Python function: a class that has it must not bind it."""

    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


class Noting:
    """The library, whose functions note that they are called."""

    def __init__(self, lib):
        self._lib, self.noted = lib, {}

    def __getattr__(self, name):
        found = getattr(self._lib, name)
        if callable(found):
            found = self.noted[name] = Noted(found)
        setattr(self, name, found)
        return found


def _load_noting():
    """fwcore with such a library: its first modules are put in place before it imports them."""
    folder = os.path.join(BUILD, "bindings", "python", "fwcore")
    spec = importlib.util.spec_from_file_location("fwcore._declarations", os.path.join(folder, "_declarations.py"))
    declarations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(declarations)
    library = types.ModuleType("fwcore._library")
    library.ffi = declarations.ffi
    library.lib = Noting(declarations.ffi.dlopen(os.environ["FWCORE_LIBRARY"], declarations.ffi.RTLD_NOW))
    sys.modules["fwcore._declarations"], sys.modules["fwcore._library"] = declarations, library


_load_noting()

import fwcore  # noqa: E402


def pytest_collection_modifyitems(items):
    """What looks at all that was called comes last."""
    items.sort(key=lambda item: "test_reach" in item.nodeid)


def sh(command, **options):
    """The output of a command, which must succeed."""
    return subprocess.run(command, shell=True, check=True, text=True, capture_output=True, **options).stdout


def sh_json(command):
    return json.loads(sh(command))


def nft(*args):
    return sh("nft " + " ".join(args))


def enter_netns():
    """A network namespace of the test's own, with lo up."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        pytest.skip("no namespace may be made here")
    sh("ip link set lo up")


@pytest.fixture
def netns():
    enter_netns()


@pytest.fixture
def kernel(netns):
    with fwcore.Kernel(owner="test") as opened:
        yield opened
