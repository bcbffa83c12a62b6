# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values: what a match compares and what a target takes."""
import ipaddress

from . import enums
from ._core import IMMUTABLE, Held, Listing, Object, call, reads, reads_enum, reads_text, text, text_of, text_or_null
from ._library import ffi, lib
from .address import from_c, prefix_to_c, to_c


def field_number(field):
    """A Field, its number, or its name in nft's words, "tcp dport"."""
    if isinstance(field, str):
        number = lib.fwc_field_find(text(field, "a field"))
        if not number:
            raise ValueError("%r is not a field" % field)
        return number
    return enums.number(enums.Field, field)


def field_name(field):
    """A field's name in nft's words, None when it is unknown."""
    return text_of(lib.fwc_field_name(field_number(field)))


def find_field(name):
    """The Field of a name in nft's words; ValueError when there is none."""
    return enums.member(enums.Field)(field_number(text(name, "a field").decode()))


def _array(values):
    """An array of values for one call, and what it needs."""
    made = [value(v) for v in values]
    return Held(ffi.new("struct fwc_value *[]", [v._ptr for v in made]), made, [v._state for v in made]), len(made)


class Value(Listing, Object):
    """A value. Python objects serve wherever one is wanted, see value(); these are for the rest.

    Values never change. Those that are read from a rule or element live as long as its ruleset is open.
    """

    __slots__ = ("_keep",)
    _count, _at = lib.fwc_value_count, lib.fwc_value_at

    @classmethod
    def _make(cls, what, fn, *args):
        ptr = call(fn, *args)
        if ptr == ffi.NULL:
            raise ValueError("the library makes no %s of that" % what)
        self = cls._of(IMMUTABLE, ffi.gc(ptr, lib.fwc_value_free))
        self._keep = None
        return self

    @classmethod
    def _borrowed(cls, state, ptr, keep=None):
        self = cls._of(state, ptr)
        if self is not None:
            self._keep = keep
        return self

    def _item(self, i):
        return Value._borrowed(self._state, call(self._at, self, i), self)

    def __bool__(self):
        return True

    # Making values.

    @classmethod
    def field(cls, field, **details):
        """A field of the packet: a Field or its name, "tcp dport".

        details  those of enum fwc_field_detail, in lower case, of a field with parameters:
                 field(Field.RAW_PAYLOAD, header=Header.TRANSPORT, offset=16, length=16)
        """
        if not details:
            return cls._make("field", lib.fwc_value_field, field_number(field))
        names = [int(enums.number(enums.FieldDetail, name)) for name in details]
        return cls._make("field", lib.fwc_value_field_with, field_number(field), ffi.new("uint32_t[]", names),
                         ffi.new("uint32_t[]", [int(n) for n in details.values()]), len(names))

    @classmethod
    def number(cls, number):
        """A number; how many bytes and in which order is the business of the field it meets."""
        return cls._make("number", lib.fwc_value_number, number)

    @classmethod
    def address(cls, address):
        """An address."""
        return cls._make("address", lib.fwc_value_ip, Held(to_c(address)))

    @classmethod
    def prefix(cls, network):
        """The addresses of a network: an ipaddress object or "10.0.0.0/8"."""
        ip, length = prefix_to_c(network)
        return cls._make("prefix", lib.fwc_value_prefix, Held(ip), length)

    @classmethod
    def name(cls, name):
        """A name, taken literally: an interface may be called `a,b`."""
        return cls._make("name", lib.fwc_value_name, text(name, "a name"))

    @classmethod
    def text(cls, words):
        """A constant in nft's words: "22", "10.0.0.0/8", "established,related", "eth*"."""
        return cls._make("constant", lib.fwc_value_text, text(words))

    @classmethod
    def range(cls, first, last):
        """From one constant to another, both included."""
        return cls._make("range", lib.fwc_value_range, value(first), value(last))

    @classmethod
    def any(cls):
        """Every key that no other element of a set has: the key of its catch-all element."""
        return cls._make("key", lib.fwc_value_any)

    @classmethod
    def list(cls, items):
        """An anonymous set."""
        array, count = _array(items)
        return cls._make("list", lib.fwc_value_list, array, count)

    @classmethod
    def pairs(cls, pairs):
        """An anonymous map: a dict, or pairs of key and data."""
        pairs = list(pairs.items() if hasattr(pairs, "items") else pairs)
        keys, count = _array(k for k, _ in pairs)
        data, _ = _array(d for _, d in pairs)
        return cls._make("map", lib.fwc_value_pairs, keys, data, count)

    @classmethod
    def set(cls, name):
        """A named set or map of the rule's table, without `@`."""
        return cls._make("set", lib.fwc_value_set, text(name, "a name"))

    @classmethod
    def concat(cls, *parts):
        """Values side by side: `ip saddr . tcp dport`."""
        array, count = _array(parts)
        return cls._make("concatenation", lib.fwc_value_concat, array, count)

    @classmethod
    def bits(cls, of, op, bits):
        """Bits of a value: after BitsOp AND, OR, XOR, or a shift. Or write `value & 0xff`."""
        return cls._make("bits", lib.fwc_value_bits, value(of), enums.number(enums.BitsOp, op), bits)

    @classmethod
    def join(cls, left, op, right):
        """And, or, xor of two values of the packet (Linux 6.13): after BitsOp AND, OR, XOR."""
        return cls._make("join", lib.fwc_value_join, value(left), enums.number(enums.BitsOp, op), value(right))

    @classmethod
    def hash(cls, of, by):
        """The hash of a value; `by` is a Field.JHASH with its parameters."""
        return cls._make("hash", lib.fwc_value_hash, value(of), value(by))

    @classmethod
    def map(cls, key, of):
        """What a map holds for a key; the map is a dict, Value.pairs() or Value.set()."""
        return cls._make("map", lib.fwc_value_map, value(key), value(of))

    @classmethod
    def verdict(cls, verdict, chain=None):
        """A verdict, as data of a verdict map."""
        return cls._make("verdict", lib.fwc_value_verdict, enums.number(enums.Verdict, verdict), text_or_null(chain, "a chain"))

    def __and__(self, bits):
        return Value.bits(self, enums.BitsOp.AND, bits)

    def __or__(self, bits):
        return Value.bits(self, enums.BitsOp.OR, bits)

    def __xor__(self, bits):
        return Value.bits(self, enums.BitsOp.XOR, bits)

    def __lshift__(self, by):
        return Value.bits(self, enums.BitsOp.LSHIFT, by)

    def __rshift__(self, by):
        return Value.bits(self, enums.BitsOp.RSHIFT, by)

    # Reading values.

    kind = reads_enum("fwc_value_kind", enums.ValueKind)
    as_field = reads("fwc_value_get_field", lambda n: enums.member(enums.Field)(n) if n else None)
    as_name = reads_text("fwc_value_get_name")
    as_verdict = reads("fwc_value_get_verdict", lambda n: enums.member(enums.Verdict)(n) if n else None)

    @property
    def details(self):
        """What a field was given: numbers by name, empty where it has no parameters."""
        number, found = ffi.new("uint32_t *"), {}
        for detail in enums.FieldDetail:
            if call(lib.fwc_value_get_field_detail, self, int(detail), number):
                found[detail.name.lower()] = number[0]
        return found

    @property
    def as_number(self):
        """A constant of up to 8 bytes as a number, else None."""
        number = ffi.new("uint64_t *")
        return number[0] if call(lib.fwc_value_get_number, self, number) else None

    @property
    def as_address(self):
        """A constant or prefix that is an address: an ipaddress object, a network for a prefix; else None."""
        ip, length = ffi.new("struct fwc_ip *"), ffi.new("uint32_t *")
        if not call(lib.fwc_value_get_ip, self, ip, length):
            return None
        address = from_c(ip)
        if address is None or length[0] == address.max_prefixlen:
            return address
        return ipaddress.ip_network((address, length[0]), strict=False)

    @property
    def as_bits(self):
        """(BitsOp, bits) of BITS, else None."""
        op, bits = ffi.new("uint32_t *"), ffi.new("uint64_t *")
        if not call(lib.fwc_value_get_bits, self, op, bits):
            return None
        return enums.member(enums.BitsOp)(op[0]), bits[0]

    @property
    def as_list(self):
        """The anonymous set of a LIST, to be read as any set; else None."""
        from .set import Set
        return Set._of(self._state, call(lib.fwc_value_get_list, self))

    def __repr__(self):
        kind = self.kind
        found = [x for x in (self.as_field, self.as_address, self.as_name, self.as_verdict, self.as_bits, self.as_number)
                 if x is not None][:1]
        parts = ["%s" % getattr(kind, "name", kind)] + [repr(x) for x in found + list(self)]
        return "<fwcore.Value %s>" % " ".join(parts)


def value(of):
    """A Value of a Python object.

    int        a number                         str        a constant in nft's words: yours only, see Value.name()
    Field      a field                          Verdict    a verdict
    ipaddress  an address or network            range      range(80, 90) is 80 to 89
    tuple      a concatenation                  list, set  an anonymous set
    dict       an anonymous map
    """
    if isinstance(of, Value):
        return of
    for kinds, make in _OF:
        if isinstance(of, kinds):
            return make(of)
    raise TypeError("no value can be made of %s" % type(of).__name__)


def _refuse_bool(of):
    raise TypeError("no value can be made of %s" % type(of).__name__)


def _range(of):
    if of.step != 1 or len(of) == 0:
        raise ValueError("%r is not a range of numbers one after another" % (of,))
    return Value.range(of[0], of[-1])


_OF = (
    (bool, _refuse_bool),
    (enums.Field, Value.field),
    (enums.Verdict, Value.verdict),
    (int, Value.number),
    (str, Value.text),
    ((ipaddress.IPv4Network, ipaddress.IPv6Network, ipaddress.IPv4Interface, ipaddress.IPv6Interface), Value.prefix),
    ((ipaddress.IPv4Address, ipaddress.IPv6Address), Value.address),
    (range, _range),
    (tuple, lambda of: Value.concat(*of)),
    ((list, set, frozenset), Value.list),
    (dict, Value.pairs),
)
