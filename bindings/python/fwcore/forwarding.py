# SPDX-License-Identifier: LGPL-2.1-or-later
"""Settings as they were before Kernel.change_forwarding()."""
from ._core import Listing, Root, call, checked, instance, text_of
from ._library import lib


class Settings(Listing, Root):
    """Pairs of a setting's name as sysctl(8) writes it and the value it had: a sequence."""

    __slots__ = ()
    _count = lib.fwc_settings_count

    def __init__(self):
        raise TypeError("settings come from Kernel.change_forwarding()")

    def _item(self, i):
        name = call(lib.fwc_settings_name, self, i, convert=text_of)
        return None if name is None else (name, call(lib.fwc_settings_value, self, i, convert=text_of))

    def restore(self, kernel):
        """Put them back. Interfaces that have gone are passed over."""
        from .kernel import Kernel
        checked(lib.fwc_settings_restore, instance(kernel, Kernel), self)
