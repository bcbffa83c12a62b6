# SPDX-License-Identifier: LGPL-2.1-or-later
"""Everything is in pyproject.toml, but for the two modules that are read from libfwcore's headers.

In libfwcore's tree those are ../../include/fwcore; a source distribution carries the modules.
"""
import os
import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = os.path.dirname(os.path.abspath(__file__))


def declare(folder):
    if os.path.exists(os.path.join(HERE, "..", "generate.py")):
        subprocess.run([sys.executable, os.path.join(HERE, "declare.py"), folder], check=True)


class Build(build_py):
    def run(self):
        super().run()
        declare(os.path.join(self.build_lib, "fwcore"))


class Source(sdist):
    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        declare(os.path.join(base_dir, "fwcore"))


setup(cmdclass={"build_py": Build, "sdist": Source})
