# SPDX-License-Identifier: LGPL-2.1-or-later
"""Named sets, maps and verdict maps, and their elements."""
from . import enums
from ._core import (Listing, Object, build, call, formatted, instance, label, options, reads, reads_enum, reads_or_none, reads_text, text, text_or_null)
from ._library import ffi, lib
from .target import RuleTarget, Target
from .value import Value, value


def targets_of(of, count, at):
    """A tuple of what is borrowed from a set or element."""
    return tuple(RuleTarget._of(of._state, call(at, of, i)) for i in range(call(count, of)))


def element_args(key, data, targets=(), **opts):
    """(whether in words, key, data, options) of an element: two calls of the library each take it in their own form.
    `targets` are what it keeps: a Target, or two of them."""
    targets = [instance(t, (Target, RuleTarget)) for t in ([targets] if isinstance(targets, (Target, RuleTarget)) else targets)]
    if len(targets) > 2:
        raise ValueError("an element has two targets at most, not %d" % len(targets))
    extra = options("fwc_element_opts", **opts)
    for member, target in zip(("target", "target_2"), targets):
        setattr(extra.raw, member, target._ptr)
    extra.keep, extra.states = (extra.keep, targets), [*extra.states, *(t._state for t in targets)]
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
    def targets(self):
        """What it keeps itself, counters that were read and the like: a tuple of RuleTarget."""
        return targets_of(self, lib.fwc_element_target_count, lib.fwc_element_target_at)

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
    gc_interval_ms = reads_or_none("fwc_set_gc_interval_ms")
    policy = reads_enum("fwc_set_policy", enums.SetPolicy)
    object_type = reads("fwc_set_object_type", lambda n: enums.member(enums.ObjectType)(n) if n else None)
    max_elements = reads_or_none("fwc_set_max_elements")
    key_type = reads_text("fwc_set_key_type")
    data_type = reads_text("fwc_set_data_type")
    comment = label("fwc_set_comment_get", "fwc_set_comment")

    def __bool__(self):
        return True

    def add(self, key, data=None, **opts):
        """Add an element. A str is read as nft's words ("10.0.0.1 . 80"), else see value(); a map wants data.

        Options: timeout_ms, comment, tag, targets. "*" and Value.any() are every key that no other element has.
        """
        in_words, key, data, extra = element_args(key, data, **opts)
        return build(self, lib.fwc_set_add if in_words else lib.fwc_set_add_value, key, data, extra)

    @property
    def targets(self):
        """What its elements keep: a tuple of RuleTarget."""
        return targets_of(self, lib.fwc_set_target_count, lib.fwc_set_target_at)

    def add_target(self, target):
        """What each element keeps: Target("counter"), ..."""
        return build(self, lib.fwc_set_add_target, instance(target, (Target, RuleTarget)))

    def __repr__(self):
        return "<fwcore.Set%s>" % (", closed" if self._state.own is None else " %s of %s" % (self.name, self.key_type))
