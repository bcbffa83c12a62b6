# SPDX-License-Identifier: LGPL-2.1-or-later
"""docker0-style networks. Kernel has the calls that change them; these are snapshots, and a published port."""
import collections
import ipaddress
import socket

from . import enums
from ._core import Listing, Object, Root, call, reads, reads_text, text, text_of
from ._library import ffi, lib
from .address import from_c, ip_out, to_c

_PROTOCOLS = {"tcp": socket.IPPROTO_TCP, "udp": socket.IPPROTO_UDP, "sctp": socket.IPPROTO_SCTP}
_NAMES = {number: name for name, number in _PROTOCOLS.items()}


class Port(collections.namedtuple("Port", "host_port port protocol count host", defaults=("tcp", 1, None))):
    """A published port or range: Port(8080, 80), Port(5000, 5000, "udp", count=10, host="192.0.2.1")."""

    __slots__ = ()

    def _to_c(self):
        made = ffi.new("struct fwc_port *")
        protocol = self.protocol
        if isinstance(protocol, str):
            if protocol not in _PROTOCOLS:
                raise ValueError("%r is none of %s" % (protocol, ", ".join(_PROTOCOLS)))
            protocol = _PROTOCOLS[protocol]
        made.protocol, made.host_port, made.port, made.count = protocol, self.host_port, self.port, self.count
        if self.host is not None:
            made.host = to_c(self.host)[0]
        return made

    @classmethod
    def _from_c(cls, ptr):
        return cls(ptr.host_port, ptr.port, _NAMES.get(ptr.protocol, ptr.protocol), ptr.count, from_c(ptr.host))


Endpoint = collections.namedtuple("Endpoint", "id interface address4 address6 ports")
Endpoint.__doc__ = "A container on a network: its host's interface (\"\" when it has gone), addresses or None, a list of Port."


class Network(Object):
    """A network as it was when the snapshot was read."""

    __slots__ = ()
    name = reads_text("fwc_network_name")
    flags = reads("fwc_network_flags", enums.NetworkFlags)

    def _subnet(self, family):
        gateway, length = ffi.new("struct fwc_ip *"), ffi.new("uint32_t *")
        if not call(lib.fwc_network_subnet, self, family, gateway, length):
            return None
        return ipaddress.ip_interface((from_c(gateway), length[0]))

    @property
    def subnet4(self):
        """The bridge's IPv4 address and network, an ipaddress interface; None."""
        return self._subnet(enums.Family.IP)

    @property
    def subnet6(self):
        """The bridge's IPv6 address and network, an ipaddress interface; None."""
        return self._subnet(enums.Family.IP6)

    @property
    def endpoints(self):
        """Its containers: a list of Endpoint."""
        return [self._endpoint(i) for i in range(call(lib.fwc_network_endpoint_count, self))]

    def _endpoint(self, i):
        ports = [call(lib.fwc_network_endpoint_port_at, self, i, j, convert=Port._from_c)
                 for j in range(call(lib.fwc_network_endpoint_port_count, self, i))]
        return Endpoint(call(lib.fwc_network_endpoint_id, self, i, convert=text_of),
                        call(lib.fwc_network_endpoint_interface, self, i, convert=text_of),
                        ip_out(lib.fwc_network_endpoint_address, self, i, enums.Family.IP),
                        ip_out(lib.fwc_network_endpoint_address, self, i, enums.Family.IP6), ports)

    def __repr__(self):
        return "<fwcore.Network%s>" % (", closed" if self._state.own is None else " %s" % self.name)


class Networks(Listing, Root):
    """The networks of one owner: a sequence; networks["web"] finds by name."""

    __slots__ = ()
    _count, _at, _kind = lib.fwc_networks_count, lib.fwc_networks_at, Network

    def __init__(self):
        raise TypeError("networks are read by Kernel.networks()")

    def _find(self, name):
        return Network._of(self._state, call(lib.fwc_networks_find, self, text(name, "a name")))
