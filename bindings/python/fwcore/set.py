# SPDX-License-Identifier: LGPL-2.1-or-later
"""Named sets, maps and verdict maps, and their elements."""
from . import enums
from ._core import (Listing, Object, build, call, formatted, label, options, reads, reads_or_none, reads_text, text, text_or_null)
from ._library import ffi, lib
from .value import Value, value


def element_args(key, data, **opts):
    """(whether in words, key, data, options) of an element: two calls of the library each take it in their own form."""
    extra = options("fwc_element_opts", **opts)
    if isinstance(key, str) and (data is None or isinstance(data, str)):
        return True, text(key, "a key"), text_or_null(data, "data"), extra
    return False, value(key), ffi.NULL if data is None else value(data), extra


class Element(Object):
    """An element of a set; str(element) is its text in nft's words."""

    __slots__ = ()
    timeout_ms = reads_or_none("fwc_element_timeout_ms")
    expires_ms = reads_or_none("fwc_element_expires_ms")
    comment = reads_text("fwc_element_comment_get")
    tag = reads_text("fwc_element_tag_get")

    @property
    def key(self):
        """The key as a Value."""
        return Value._borrowed(self._state, call(lib.fwc_element_key, self))

    @property
    def data(self):
        """Its data or verdict as a Value; None in a set."""
        return Value._borrowed(self._state, call(lib.fwc_element_data, self))

    def __str__(self):
        return formatted(lib.fwc_element_format, self)

    def __repr__(self):
        return "<fwcore.Element%s>" % (", closed" if self._state.own is None else " %s" % self)


class Set(Listing, Object):
    """A set or map: a sequence of elements."""

    __slots__ = ()
    _count, _at, _kind = lib.fwc_set_count, lib.fwc_set_at, Element

    name = reads_text("fwc_set_name")
    handle = reads_or_none("fwc_set_handle")
    flags = reads("fwc_set_flags", enums.SetFlags)
    timeout_ms = reads_or_none("fwc_set_timeout_ms")
    max_elements = reads_or_none("fwc_set_max_elements")
    key_type = reads_text("fwc_set_key_type")
    data_type = reads_text("fwc_set_data_type")
    comment = label("fwc_set_comment_get", "fwc_set_comment")

    def __bool__(self):
        return True

    def add(self, key, data=None, **opts):
        """Add an element. A str is read as nft's words ("10.0.0.1 . 80"), else see value(); a map wants data.

        Options: timeout_ms, comment, tag.
        """
        in_words, key, data, extra = element_args(key, data, **opts)
        return build(self, lib.fwc_set_add if in_words else lib.fwc_set_add_value, key, data, extra)

    def __repr__(self):
        return "<fwcore.Set%s>" % (", closed" if self._state.own is None else " %s of %s" % (self.name, self.key_type))
