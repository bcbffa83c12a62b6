# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rulesets, tables and chains: memory only, no privilege, no kernel."""
import collections
import itertools

from . import enums
from ._core import (Listing, Object, Root, View, added, build, call, checked, formatted_at, label, options, reads, reads_enum, reads_or_none,
                    reads_text, text, text_of)
from ._library import ffi, lib
from .error import from_struct
from .rule import Rule
from .set import Set
from .target import RuleTarget, Target

FAMILY = enums.Family.INET


class Chain(Listing, Object):
    """A chain: a sequence of rules."""

    __slots__ = ()
    _count, _at, _kind = lib.fwc_chain_count, lib.fwc_chain_at, Rule

    name = reads_text("fwc_chain_name")
    handle = reads_or_none("fwc_chain_handle")
    is_base = reads("fwc_chain_is_base")
    type = reads_enum("fwc_chain_type", enums.ChainType)
    priority = reads("fwc_chain_priority")
    device = reads_text("fwc_chain_device")
    comment = label("fwc_chain_comment_get", "fwc_chain_comment")

    @property
    def hook(self):
        """Hook of a base chain, None for others."""
        return enums.member(enums.Hook)(call(lib.fwc_chain_hook, self)) if self.is_base else None

    @property
    def policy(self):
        """Verdict ACCEPT or DROP of a base chain, None for others."""
        number = call(lib.fwc_chain_policy, self)
        return enums.member(enums.Verdict)(number) if number else None

    @property
    def devices(self):
        """The names of its devices, of a base chain on devices: a list."""
        found = (call(lib.fwc_chain_device_at, self, i, convert=text_of) for i in itertools.count())
        return list(itertools.takewhile(lambda name: name is not None, found))

    def __bool__(self):
        return True

    def append(self, words=None, *, syntax=enums.Syntax.NFT, comment=None, tag=None):
        """Append a rule: one line in nft's words, or JSON as Rule.json says it, or an empty one to be filled by its builders."""
        if words is None:
            rule = added(self, Rule, lib.fwc_chain_append)
        else:
            rule = added(self, Rule, lib.fwc_chain_append_text, enums.number(enums.Syntax, syntax), text(words, "a rule"))
        if comment is not None:
            rule.comment = comment
        if tag is not None:
            rule.tag = tag
        return rule

    def __repr__(self):
        return "<fwcore.Chain%s>" % (", closed" if self._state.own is None else " %s" % self.name)


class Table(Object):
    """A table with its chains and sets: `table.chains["input"]`, `for chain in table.chains`."""

    __slots__ = ("_ruleset",)

    name = reads_text("fwc_table_name")
    family = reads_enum("fwc_table_family", enums.Family)
    flags = reads("fwc_table_flags", enums.TableFlags)
    handle = reads_or_none("fwc_table_handle")
    comment = label("fwc_table_comment_get", "fwc_table_comment")
    is_iptables = reads("fwc_table_is_iptables")

    @property
    def chains(self):
        """Its chains, by number or name."""
        return View(self, lib.fwc_table_chain_count, lib.fwc_table_chain_at, lambda p: Chain._of(self._state, p, self._writable),
                    lambda name: self._ruleset.find_chain(self.family, self.name, name))

    @property
    def sets(self):
        """Its named sets and maps, by number or name."""
        return View(self, lib.fwc_table_set_count, lib.fwc_table_set_at, lambda p: Set._of(self._state, p, self._writable),
                    lambda name: self._ruleset.find_set(self.family, self.name, name))

    @property
    def objects(self):
        """Its named objects: (name, ObjectType, what it does or None) each."""
        return [(call(lib.fwc_table_object_name, self, i, convert=text_of), enums.ObjectType(call(lib.fwc_table_object_type, self, i)),
                 RuleTarget._of(self._state, call(lib.fwc_table_object_at, self, i)))
                for i in range(call(lib.fwc_table_object_count, self))]

    def add_object(self, name, what, **params):
        """Declare a named object that does what a Target does, or one made here: add_object("hits", "counter")."""
        if isinstance(what, Target):
            return build(self, lib.fwc_table_add_object, text(name, "a name"), what)
        with Target(what, **params) as made:
            return build(self, lib.fwc_table_add_object, text(name, "a name"), made)

    def add_chain(self, name, **base):
        """Declare a chain. With a hook it is a base chain: hook, type ("filter"), policy ("accept"), priority ("filter",
        "dstnat - 5", "-300"), device or devices."""
        opts = ffi.NULL
        if base:
            opts = options("fwc_base_opts", {"hook": enums.Hook, "type": enums.ChainType, "policy": enums.Verdict}, **base)
        return added(self, Chain, lib.fwc_table_add_chain, text(name, "a name"), opts)

    def add_set(self, name, key_type, **opts):
        """Declare a set of "ipv4_addr . inet_service", say; a map when data_type is given.

        Options: flags (SetFlags or names), max_elements, timeout_ms, data_type, gc_interval_ms, policy.
        """
        return added(self, Set, lib.fwc_table_add_set, text(name, "a name"), text(key_type, "a type"),
                     options("fwc_set_opts", {"flags": enums.SetFlags, "policy": enums.SetPolicy}, **opts))

    def __repr__(self):
        if self._state.own is None:
            return "<fwcore.Table, closed>"
        return "<fwcore.Table %s %s>" % (getattr(self.family, "name", str(self.family)).lower(), self.name)


class Fold(collections.namedtuple("Fold", "kind reason family table chain set first rules text")):
    """What became of rules that follow each other: kind FoldKind.SET or MAP with the name of that set, or LEFT with a
    FoldReason. `first` is the index that the first of them had, `rules` their number, str() the same in words."""

    __slots__ = ()

    def __str__(self):
        return self.text


def _fold_of(ptr):
    return Fold(enums.member(enums.FoldKind)(lib.fwc_fold_kind(ptr)), enums.member(enums.FoldReason)(lib.fwc_fold_reason(ptr)),
                enums.member(enums.Family)(lib.fwc_fold_family(ptr)), text_of(lib.fwc_fold_table(ptr)),
                text_of(lib.fwc_fold_chain(ptr)), text_of(lib.fwc_fold_set(ptr)), lib.fwc_fold_first(ptr),
                lib.fwc_fold_rules(ptr), formatted_at(lib.fwc_fold_format, ptr))


class Ruleset(Listing, Root):
    """What a program wants (built or parsed) or what a kernel has (loaded): a sequence of tables."""

    __slots__ = ()
    _count, _at = lib.fwc_ruleset_count, lib.fwc_ruleset_at

    def __init__(self):
        ptr = lib.fwc_ruleset_new()
        self._adopt(ptr, lib.fwc_ruleset_free, failure=lib.fwc_ruleset_error)

    @classmethod
    def _loaded(cls, ptr):
        return cls._made(ptr, lib.fwc_ruleset_free, failure=lib.fwc_ruleset_error)

    @classmethod
    def from_json(cls, json):
        """Read a ruleset from the JSON that to_json() writes and `nft -j list ruleset` prints."""
        return cls.parse(json, enums.Syntax.JSON)

    @classmethod
    def parse(cls, words, syntax=enums.Syntax.NFT):
        """Read nft's command words, one command a line; `delete table` declares a table absent."""
        coded = text(words, "a ruleset")
        err = ffi.new("struct fwc_error *")
        ptr = lib.fwc_ruleset_parse(coded, len(coded), enums.number(enums.Syntax, syntax), err)
        if ptr == ffi.NULL:
            raise from_struct(err.code or -12, err)
        return cls._loaded(ptr)

    @classmethod
    def parse_iptables(cls, words, family=enums.Family.IP):
        """Read a file of iptables-save: its tables are wanted whole."""
        coded = text(words, "a file")
        err = ffi.new("struct fwc_error *")
        ptr = lib.fwc_ruleset_parse_iptables(enums.number(enums.Family, family), coded, len(coded), err)
        if ptr == ffi.NULL:
            raise from_struct(err.code or -12, err)
        return cls._loaded(ptr)

    def _table(self, ptr):
        table = Table._of(self._state, ptr, writable=True)
        if table is not None:
            table._ruleset = self
        return table

    def _item(self, i):
        return self._table(call(self._at, self, i))

    def _find(self, name):
        return next((t for t in self if t.name == name), None)

    def __bool__(self):
        return True

    @property
    def error(self):
        """The first failure of a builder, as an exception; None. It makes the ruleset unusable, by design."""
        err = ffi.new("struct fwc_error *")
        code = call(lib.fwc_ruleset_error, self, err)
        return from_struct(code, err) if code < 0 else None

    def add_table(self, name, family=FAMILY, flags=0):
        """Declare a table. It is ours and wanted whole, unless flags say TableFlags.SHARED."""
        table = added(self, Table, lib.fwc_ruleset_add_table, enums.number(enums.Family, family), text(name, "a name"),
                      enums.number(enums.TableFlags, flags))
        table._ruleset = self
        return table

    def add_iptables_table(self, name, family=enums.Family.IP, flags=0):
        """Declare a table of iptables, "filter" or another, with its base chains. That of arptables is "filter" of Family.ARP."""
        table = added(self, Table, lib.fwc_ruleset_add_iptables_table, enums.number(enums.Family, family), text(name, "a name"),
                      enums.number(enums.TableFlags, flags))
        table._ruleset = self
        return table

    def absent_table(self, name, family=FAMILY):
        """Declare that a table is not wanted."""
        return build(self, lib.fwc_ruleset_absent_table, enums.number(enums.Family, family), text(name, "a name"))

    def find_table(self, family, name):
        """A table, None when there is none."""
        return self._table(call(lib.fwc_ruleset_find_table, self, enums.number(enums.Family, family), text(name, "a name")))

    def find_chain(self, family, table, chain):
        """A chain, None when there is none."""
        return Chain._of(self._state, call(lib.fwc_ruleset_find_chain, self, enums.number(enums.Family, family),
                                           text(table, "a name"), text(chain, "a name")), writable=True)

    def find_set(self, family, table, set):
        """A set or map, None when there is none."""
        return Set._of(self._state, call(lib.fwc_ruleset_find_set, self, enums.number(enums.Family, family),
                                         text(table, "a name"), text(set, "a name")), writable=True)

    def to_json(self, flags=0):
        """The whole ruleset as the JSON that `nft -j -f` takes and json.loads() reads."""
        return self.format(flags, enums.Syntax.JSON)

    def format(self, flags=0, syntax=enums.Syntax.NFT):
        """The whole ruleset as text that `nft -f` takes; flags: FormatFlags or names."""
        ret, length = ffi.new("char **"), ffi.new("size_t *")
        checked(lib.fwc_ruleset_format, self, enums.number(enums.Syntax, syntax), enums.number(enums.FormatFlags, flags), ret, length)
        return text_of(ffi.gc(ret[0], lib.fwc_text_free))

    def optimize(self, min_rules=0):
        """Fold adjacent rules into sets and maps; at least min_rules, 8 for 0. @return what was folded and left, a list of Fold"""
        ret = ffi.new("struct fwc_folds **")
        checked(lib.fwc_ruleset_optimize, self, options("fwc_optimize_opts", min_rules=min_rules), ret)
        folds = ffi.gc(ret[0], lib.fwc_folds_free)
        return [_fold_of(lib.fwc_folds_at(folds, i)) for i in range(lib.fwc_folds_count(folds))]

    def unfold(self):
        """Turn what optimize() folded into rules again, also in what was loaded."""
        checked(lib.fwc_ruleset_unfold, self)

    def __str__(self):
        return self.format()
