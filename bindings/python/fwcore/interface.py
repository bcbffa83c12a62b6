# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network interfaces, as immutable snapshots."""
import collections
import ipaddress

from ._core import Listing, Object, Root, call, reads, reads_or_none, reads_text, text, text_of
from ._library import ffi, lib
from .address import from_c

_STATS = [name for name, _ in ffi.typeof("struct fwc_interface_stats").fields if not name.startswith("reserved")]
InterfaceStats = collections.namedtuple("InterfaceStats", _STATS)
InterfaceStats.__doc__ = "Counters since the interface was made."


class InterfaceAddress(collections.namedtuple("InterfaceAddress", "ip prefix_len peer broadcast scope scope_name flags label")):
    """An address of an interface; peer and broadcast are None where there is none."""

    __slots__ = ()

    @property
    def interface(self):
        """Address and network as one of Python's ipaddress objects."""
        return ipaddress.ip_interface((self.ip, self.prefix_len))


def _address(ptr):
    return InterfaceAddress(from_c(ptr.ip), ptr.prefix_len, from_c(ptr.peer), from_c(ptr.broadcast), ptr.scope,
                            text_of(lib.fwc_interface_address_scope_name(ptr)), ptr.flags, text_of(ptr.label))


class Interface(Object):
    """An interface as it was when the snapshot was read."""

    __slots__ = ()
    index = reads("fwc_interface_index")
    name = reads_text("fwc_interface_name")
    alias = reads_text("fwc_interface_alias")
    kind = reads_text("fwc_interface_kind")
    is_physical = reads("fwc_interface_is_physical")
    flags = reads("fwc_interface_flags")
    mtu = reads("fwc_interface_mtu")
    tx_queue_len = reads("fwc_interface_tx_queue_len")
    link_type = reads("fwc_interface_link_type")
    link_type_name = reads_text("fwc_interface_link_type_name")
    master = reads_or_none("fwc_interface_master")
    peer = reads_or_none("fwc_interface_peer")
    state = reads_text("fwc_interface_state")
    carrier = reads("fwc_interface_carrier")
    stats = reads("fwc_interface_stats", lambda p: InterfaceStats(*(getattr(p, name) for name in _STATS)))

    @property
    def mac(self):
        """Its hardware address as ip-link writes it, "02:42:ac:11:00:02"; None when there is none."""
        length = ffi.new("size_t *")
        octets = call(lib.fwc_interface_mac, self, length, convert=lambda p: None if p == ffi.NULL else ffi.buffer(p, length[0])[:])
        return None if octets is None else octets.hex(":")

    @property
    def peer_netns(self):
        """The namespace id of the peer when that is in another namespace, else None."""
        netns = ffi.new("int32_t *")
        return netns[0] if call(lib.fwc_interface_peer_netns, self, netns) else None

    @property
    def addresses(self):
        """Its addresses: a list of InterfaceAddress."""
        count = call(lib.fwc_interface_address_count, self)
        return [call(lib.fwc_interface_address_at, self, i, convert=_address) for i in range(count)]

    def __repr__(self):
        return "<fwcore.Interface%s>" % (", closed" if self._state.own is None else " %d %s" % (self.index, self.name))


class Interfaces(Listing, Root):
    """All interfaces, ordered by index: a sequence; interfaces["eth0"] finds by name."""

    __slots__ = ()
    _count, _at, _kind = lib.fwc_interfaces_count, lib.fwc_interfaces_at, Interface

    def __init__(self):
        raise TypeError("interfaces are read by Kernel.interfaces()")

    def _find(self, name):
        return Interface._of(self._state, call(lib.fwc_interfaces_find, self, text(name, "a name")))

    def find_index(self, index):
        """The interface of that index, None when there is none."""
        return Interface._of(self._state, call(lib.fwc_interfaces_find_index, self, index))
