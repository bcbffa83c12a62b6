# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules: an ordered list of matches and targets."""
import collections
import ipaddress

from . import enums
from ._core import (Held, Listing, Object, added, build, call, formatted, formatted_at, instance, label, options, reads, reads_enum, reads_or_none, reads_text,
                    text, text_or_null)
from ._library import ffi, lib
from .address import prefix_to_c, to_c
from .error import from_struct, text_of
from .target import RuleTarget, Target
from .value import Value, field_number, value

Translated = collections.namedtuple("Translated", "words how differs")
Counters = collections.namedtuple("Counters", "packets bytes")


class Item(Object):
    """A match, a target, or an opaque part of a rule."""

    __slots__ = ()
    kind = reads_enum("fwc_item_kind", enums.ItemKind)
    op = reads_enum("fwc_item_op", enums.Op)

    @property
    def left(self):
        """The left side of a match, None for others."""
        return Value._borrowed(self._state, call(lib.fwc_item_left, self))

    @property
    def right(self):
        """The right side of a match, None for others."""
        return Value._borrowed(self._state, call(lib.fwc_item_right, self))

    @property
    def target(self):
        """The target of a TARGET, None for others."""
        return RuleTarget._of(self._state, call(lib.fwc_item_target, self))

    @property
    def opaque(self):
        """The kernel's bytes of an OPAQUE item, None for others."""
        length = ffi.new("size_t *")
        return call(lib.fwc_item_opaque, self, length,
                    convert=lambda p: None if p == ffi.NULL else ffi.buffer(p, length[0])[:])

    extension_name = reads_text("fwc_item_extension_name")
    extension_revision = reads("fwc_item_extension_revision")
    extension_is_target = reads("fwc_item_extension_is_target")

    @property
    def extension_info(self):
        """The struct of an EXTENSION in the kernel's layout, None for others."""
        length = ffi.new("size_t *")
        return call(lib.fwc_item_extension_info, self, length,
                    convert=lambda p: None if p == ffi.NULL else ffi.buffer(p, length[0])[:])

    def __repr__(self):
        return "<fwcore.Item %s>" % getattr(self.kind, "name", self.kind)


class Rule(Listing, Object):
    """A rule: a sequence of items; str(rule) is its text in nft's words.

    Builders return the rule: `chain.append().match("tcp dport", 22).counter().accept()`. The first one that fails raises,
    and its ruleset or batch refuses to be applied from then on. Rules that are read from a chain are read-only.
    """

    __slots__ = ()
    _count, _at, _kind = lib.fwc_rule_count, lib.fwc_rule_at, Item

    handle = reads_or_none("fwc_rule_handle")
    owner = reads_text("fwc_rule_owner_get")
    comment = label("fwc_rule_comment_get", "fwc_rule_comment")
    tag = label("fwc_rule_tag_get", "fwc_rule_tag")

    @property
    def counters(self):
        """Counters(packets, bytes) of its first counter, None when it has none."""
        packets, octets = ffi.new("uint64_t *"), ffi.new("uint64_t *")
        return Counters(packets[0], octets[0]) if call(lib.fwc_rule_counter_get, self, packets, octets) else None

    @property
    def text(self):
        """The rule in nft's words."""
        return formatted(lib.fwc_rule_format, self, enums.Syntax.NFT)

    @property
    def json(self):
        """The rule as JSON, which Chain.append() takes with Syntax.JSON."""
        return formatted(lib.fwc_rule_format, self, enums.Syntax.JSON)

    def translate(self):
        """Of a rule of iptables: Translated(words, how, differs), nft's words, a Translation, and what they do not say. A part
        without a native form raises."""
        how, err = ffi.new("uint32_t *"), ffi.new("struct fwc_error *")
        words = call(lambda rule: formatted_at(lambda *raw: lib.fwc_rule_translate(*raw, how, err), rule), self)
        if not isinstance(words, str):
            raise from_struct(words, err)
        return Translated(words, enums.member(enums.Translation)(how[0]), text_of(err.msg) or None)

    def __str__(self):
        return self.text

    def __repr__(self):
        if self._state.own is None:
            return "<fwcore.Rule, closed>"
        return "<fwcore.Rule %s>" % self.text

    def __bool__(self):
        return True

    # Matches.

    def match(self, left, right, op=enums.Op.EQ):
        """Match a field, or a value, with a value.

        left    a Field, its name "tcp dport", or a Value
        right   what value() takes. A str is read as nft's words: for values that somebody else wrote, use match_name(),
                numbers and ipaddress objects
        op      Op or its name
        """
        op = enums.number(enums.Op, op)
        if isinstance(left, (Value, tuple)):
            return build(self, lib.fwc_rule_match_value, value(left), op, value(right))
        field = field_number(left)
        if isinstance(right, str):
            return build(self, lib.fwc_rule_match, field, op, text(right))
        if isinstance(right, int) and not isinstance(right, (bool, enums.Field, enums.Verdict)):
            return build(self, lib.fwc_rule_match_u64, field, op, right, right)
        if isinstance(right, (ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Network, ipaddress.IPv6Network)):
            ip, length = prefix_to_c(right)
            return build(self, lib.fwc_rule_match_ip, field, op, Held(ip), length)
        return build(self, lib.fwc_rule_match_value, Value.field(field), op, value(right))

    def match_name(self, field, name, op=enums.Op.EQ):
        """Match a name, taken literally."""
        return build(self, lib.fwc_rule_match_name, field_number(field), enums.number(enums.Op, op), text(name, "a name"))

    def match_bits(self, field, mask, bits, op=enums.Op.EQ):
        """Match some bits of a field: those of the mask are `bits`."""
        return build(self, lib.fwc_rule_match_bits, field_number(field), enums.number(enums.Op, op), mask, bits)

    # Targets.

    def target(self, target, **params):
        """Add a copy of a Target, or of one made here: target("log", prefix="dropped: ")."""
        if isinstance(target, Target):
            return build(self, lib.fwc_rule_add_target, instance(target, Target))
        with Target(target, **params) as made:
            return build(self, lib.fwc_rule_add_target, made)

    def verdict(self, verdict, chain=None):
        """What happens to the packet; a chain goes with JUMP and GOTO."""
        return build(self, lib.fwc_rule_verdict, enums.number(enums.Verdict, verdict), text_or_null(chain, "a chain"))

    def accept(self):
        """Let the packet pass this base chain."""
        return self.verdict(enums.Verdict.ACCEPT)

    def drop(self):
        """Drop the packet."""
        return self.verdict(enums.Verdict.DROP)

    def add_block(self, verdict=enums.Verdict.JUMP):
        """End the rule with rules of its own, jump { ... }: the Chain without a name that they go to."""
        from .ruleset import Chain
        return added(self, Chain, lib.fwc_rule_add_block, enums.number(enums.Verdict, verdict))

    def jump(self, chain):
        """Go to a chain and come back."""
        return self.verdict(enums.Verdict.JUMP, chain)

    def goto(self, chain):
        """Go to a chain and do not come back."""
        return self.verdict(enums.Verdict.GOTO, chain)

    def counter(self):
        """Count packets and bytes from here on; read them as `counters`."""
        return build(self, lib.fwc_rule_counter)

    def log(self, prefix=None, **params):
        """Log to the kernel's log; other parameters as those of Target("log")."""
        if params:
            return self.target(enums.TargetKind.LOG, **({} if prefix is None else {"prefix": prefix}), **params)
        return build(self, lib.fwc_rule_log, text_or_null(prefix, "a prefix"))

    def reject(self, with_=None, code=0):
        """Reject; None: with the family's port-unreachable, else RejectWith or its name."""
        if with_ is None:
            return self.target(enums.TargetKind.REJECT)
        return build(self, lib.fwc_rule_reject, enums.number(enums.RejectWith, with_), code)

    def limit(self, rate, unit_s=1, burst=5):
        """Go on only below a rate of packets per unit of 1, 60, 3600, 86400 or 604800 seconds."""
        return build(self, lib.fwc_rule_limit, rate, unit_s, burst)

    def assign(self, field, to):
        """Set a field: meta mark, ct mark."""
        return build(self, lib.fwc_rule_assign, field_number(field), value(to))

    def nat(self, kind, address=None, port=None, flags=0):
        """Translate addresses. kind: TargetKind SNAT, DNAT, MASQUERADE or REDIRECT; address and port: one, or (first, last)."""
        first, last = address if isinstance(address, tuple) else (address, None)
        port_min, port_max = port if isinstance(port, tuple) else (port, None)
        opts = options("fwc_nat_opts", {"flags": enums.NatFlags}, flags=flags, port_min=port_min, port_max=port_max,
                       addr_min=None if first is None else to_c(first)[0], addr_max=None if last is None else to_c(last)[0])
        return build(self, lib.fwc_rule_nat, enums.number(enums.TargetKind, kind), opts)

    def snat(self, address, port=None, flags=0):
        """Source NAT, see nat()."""
        return self.nat(enums.TargetKind.SNAT, address, port, flags)

    def dnat(self, address, port=None, flags=0):
        """Destination NAT, see nat()."""
        return self.nat(enums.TargetKind.DNAT, address, port, flags)

    def masquerade(self, port=None, flags=0):
        """Source NAT to the address of the interface."""
        return self.nat(enums.TargetKind.MASQUERADE, None, port, flags)

    def redirect(self, port=None, flags=0):
        """Destination NAT to this host."""
        return self.nat(enums.TargetKind.REDIRECT, None, port, flags)
