# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables of iptables as a user edits them: its commands and its files."""
import shlex

from . import enums
from ._core import Root, checked, call, options, text
from ._library import ffi, lib
from .error import text_of


class Iptables(Root):
    """Commands of iptables that are carried out together, by Kernel.commit_iptables()."""

    __slots__ = ()

    def __init__(self, family=enums.Family.IP):
        number = enums.number(enums.Family, family)
        if number not in (enums.Family.IP, enums.Family.IP6):
            raise ValueError("commands of iptables are of ip or ip6")
        self._adopt(lib.fwc_iptables_new(number), lib.fwc_iptables_free)

    def add(self, words):
        """Add a command: the words behind `iptables`, as one text or a list. @return IptablesResult"""
        if isinstance(words, str):
            words = shlex.split(words)
        kept = [ffi.new("char []", text(word, "a word")) for word in words]
        return enums.IptablesResult(checked(lib.fwc_iptables_add_words, self, ffi.new("char *[]", kept), len(kept)))

    def add_file(self, words, flags=0, table=None):
        """Add the commands of a file as iptables-restore reads it; flags: IptablesFileFlags or names; table: of this one only."""
        coded = text(words, "a file")
        checked(lib.fwc_iptables_add_file, self, coded, len(coded),
                options("fwc_iptables_file_opts", {"flags": enums.IptablesFileFlags}, flags=flags, table=table))

    def help(self):
        """What the words that asked for help said about extensions."""
        ret = ffi.new("char **")
        checked(lib.fwc_iptables_help, self, ret)
        return text_of(ffi.gc(ret[0], lib.fwc_text_free))

    @property
    def failed(self):
        """The letter of the command that could not be carried out last; None."""
        letter = call(lib.fwc_iptables_failed, self)
        return chr(letter) if letter else None
