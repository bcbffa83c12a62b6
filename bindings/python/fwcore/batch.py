# SPDX-License-Identifier: LGPL-2.1-or-later
"""Operations on tables as they are, one's own or others', all in one commit."""
from . import enums
from ._core import Root, State, added, build, call, checked, instance, options, text
from ._library import ffi, lib
from .error import from_struct
from .rule import Rule
from .ruleset import FAMILY, Ruleset
from .set import element_args
from .value import value


def _place(table, chain, family, where=enums.Where.LAST, handle=0):
    return options("fwc_place", {"family": enums.Family, "where": enums.Where}, table=table, chain=chain, family=family,
                   where=where, handle=handle)


def _table(family, table):
    return enums.number(enums.Family, family), text(table, "a name")


class Batch(Root):
    """Operations that are committed together, by Kernel.commit(batch) or at the end of `with kernel.batch() as batch`."""

    __slots__ = ()

    def __init__(self):
        self._begin()

    def _begin(self):
        self._adopt(lib.fwc_batch_new(), lib.fwc_batch_free, failure=lib.fwc_batch_error)

    def clear(self):
        """Empty it, its failure too, to be used again. Rules of before raise ValueError."""
        before = self._state
        with before.lock:
            if before.own is None:
                raise before.closed()
            # A new one: a call that is under way may still be reading the old one's rules.
            self._begin()
            before.own = None

    @property
    def error(self):
        """The first failure of a builder, as an exception; None. clear() forgets it."""
        err = ffi.new("struct fwc_error *")
        code = call(lib.fwc_batch_error, self, err)
        return from_struct(code, err) if code < 0 else None

    def add_rule(self, table, chain, words=None, *, syntax=enums.Syntax.NFT, family=FAMILY, first=False, before=None, after=None,
                 comment=None, tag=None):
        """Add a rule: in nft's words, or JSON, or empty to be filled by its builders. At the end of the chain, or first, or
        before or after the rule of a handle."""
        if (before is not None) + (after is not None) + bool(first) > 1:
            raise TypeError("a rule has one place: first, before or after")
        where = enums.Where.FIRST if first else enums.Where.LAST
        if before is not None or after is not None:
            where = enums.Where.BEFORE if after is None else enums.Where.AFTER
        place = _place(table, chain, family, where, before if after is None else after)
        if words is None:
            rule = added(self, Rule, lib.fwc_batch_add_rule, place)
        else:
            rule = added(self, Rule, lib.fwc_batch_add_rule_text, place, enums.number(enums.Syntax, syntax), text(words, "a rule"))
        if comment is not None:
            rule.comment = comment
        if tag is not None:
            rule.tag = tag
        return rule

    def replace_rule(self, table, chain, handle, *, family=FAMILY):
        """Replace the rule of a handle by the one that is returned, to be filled by its builders."""
        return added(self, Rule, lib.fwc_batch_replace_rule, _place(table, chain, family, handle=handle))

    def del_rule(self, table, chain, handle, *, family=FAMILY):
        """Delete the rule of a handle."""
        return build(self, lib.fwc_batch_del_rule, _place(table, chain, family, handle=handle))

    def del_tagged(self, table, tag, *, family=FAMILY):
        """Delete all rules and elements of a table that carry a tag and the kernel object's owner."""
        return build(self, lib.fwc_batch_del_tagged, *_table(family, table), text(tag, "a tag"))

    def add_element(self, table, set, key, data=None, *, family=FAMILY, flags=0, **opts):
        """Add an element. A str is read as nft's words, else see value(). flags: ElementFlags or names; options: timeout_ms,
        comment, tag."""
        in_words, key, data, extra = element_args(key, data, **opts)
        return build(self, lib.fwc_batch_add_element if in_words else lib.fwc_batch_add_element_value, *_table(family, table),
                     text(set, "a name"), key, data, enums.number(enums.ElementFlags, flags), extra)

    def del_element(self, table, set, key, *, family=FAMILY):
        """Delete an element."""
        place = _table(family, table)
        if isinstance(key, str):
            return build(self, lib.fwc_batch_del_element, *place, text(set, "a name"), text(key, "a key"))
        return build(self, lib.fwc_batch_del_element_value, *place, text(set, "a name"), value(key))

    def declare(self, ruleset):
        """Make a declared ruleset part of the commit; the ruleset must stay open."""
        build(self, lib.fwc_batch_declare, instance(ruleset, Ruleset))
        state = self._state
        with state.lock:
            state.below += (ruleset._state,)
        return self


class KernelBatch(Batch):
    """A batch that its kernel commits at the end of `with`, unless that ends in an exception."""

    __slots__ = ("_kernel",)

    def __init__(self, kernel):
        super().__init__()
        self._kernel = kernel

    def commit(self):
        """Commit it: everything in it or nothing."""
        self._kernel.commit(self)

    def __exit__(self, kind, *exc):
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()
