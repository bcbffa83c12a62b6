# SPDX-License-Identifier: LGPL-2.1-or-later
"""The enums of the headers: `enum fwc_chain_type` is ChainType, its FWC_CHAIN_FILTER is ChainType.FILTER.

Those whose C name ends in `_flags` are IntFlag, the others IntEnum. A number that this version does not know stays a number.
"""
import enum

from ._names import ENUMS


def _prefix(words, names):
    """As many words of the enum's name as all of its members begin with: FWC_CHAIN_ of fwc_chain_type."""
    for count in range(len(words), 0, -1):
        prefix = "_".join(words[:count]).upper() + "_"
        if all(n.startswith(prefix) and n[len(prefix):].isidentifier() for n in names):
            return prefix
    raise ImportError("members of %s do not begin with FWC_" % "_".join(words))


def _make(c_name, row):
    words = c_name.split("_")
    prefix = _prefix(words, [m[0] for m in row["members"]])
    base = enum.IntFlag if words[-1] == "flags" else enum.IntEnum
    made = base("".join(w.capitalize() for w in words[1:]),
                [(name[len(prefix):], value) for name, value, _ in row["members"]], module=__name__)
    made.__doc__ = row["doc"] or "enum %s" % c_name
    for name, _, doc in row["members"]:
        made[name[len(prefix):]].__doc__ = doc
    return made


BY_C_NAME = {c_name: _make(c_name, row) for c_name, row in ENUMS.items()}
globals().update({e.__name__: e for e in BY_C_NAME.values()})
__all__ = [e.__name__ for e in BY_C_NAME.values()]


def member(kind):
    """A function that makes a member of a number, and leaves alone a number that is none."""
    def convert(number):
        try:
            return kind(number)
        except ValueError:
            return number
    return convert


def number(kind, value):
    """The number of a member, of its name in any case ("inet"), of several names for flags, or of a plain int."""
    if type(value) is kind:
        return value.value
    if isinstance(value, kind) or (isinstance(value, int) and not isinstance(value, (bool, enum.Enum))):
        return int(value)
    if isinstance(value, str):
        try:
            return int(kind[value.upper().replace("-", "_").replace(" ", "_")])
        except KeyError:
            raise ValueError("%r is none of %s" % (value, ", ".join(m.name.lower() for m in kind))) from None
    if issubclass(kind, enum.IntFlag) and isinstance(value, (tuple, list, set, frozenset)):
        total = 0
        for one in value:
            total |= number(kind, one)
        return total
    raise TypeError("%s is wanted, or one of its names, not %s" % (kind.__name__, type(value).__name__))
