# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shared library. FWCORE_LIBRARY names another one than the system's, for instance that of a build tree."""
import os

from ._declarations import ffi

lib = ffi.dlopen(os.environ.get("FWCORE_LIBRARY") or "libfwcore.so.0", ffi.RTLD_NOW)
