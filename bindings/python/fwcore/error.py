# SPDX-License-Identifier: LGPL-2.1-or-later
"""Failures of the library as exceptions."""
import os

from . import enums
from ._library import ffi, lib

_NO_INDEX = lib.FWC_NO_INDEX


class FwcoreError(OSError):
    """A call of libfwcore that failed.

    errno      the contract; strerror is for people
    outcome    Outcome: whether anything was changed
    object     Object: what the rest speaks of
    table, chain, rule, item, handle   where, each None when it does not apply: names, the rule's index in its chain, the
                                       index of the match or target in the rule, the kernel's handle
    line, column    in parsed text, from 1; None
    from_kernel     True when the kernel refused, False when the library did
    kconfig         what the kernel may lack, "CONFIG_NFT_CT"; None
    offset          the kernel's offset into the message; None
    """

    outcome = enums.Outcome.NOTHING
    object = enums.Object.NONE
    table = chain = rule = item = handle = line = column = kconfig = offset = None
    from_kernel = False


def text_of(chars):
    """A text of the library; None for NULL. Bytes that are not UTF-8 survive the way back."""
    return None if chars == ffi.NULL else ffi.string(chars).decode("utf-8", "surrogateescape")


def _index(number):
    return None if number == _NO_INDEX else number


def from_struct(code, err):
    """What a call returned, and the struct that it filled."""
    error = FwcoreError(-code, text_of(err.msg) or os.strerror(-code))
    if err.code:
        error.outcome = enums.member(enums.Outcome)(err.outcome)
        error.object = enums.member(enums.Object)(err.object)
        error.table, error.chain, error.kconfig = (text_of(t) or None for t in (err.table, err.chain, err.kconfig))
        error.rule, error.item = _index(err.rule), _index(err.item)
        error.handle, error.line, error.column, error.offset = (n or None for n in (err.handle, err.line, err.column, err.offset))
        error.from_kernel = bool(err.from_kernel)
    return error
