# SPDX-License-Identifier: LGPL-2.1-or-later
"""Routes and their next hops: plain values. Kernel has the calls that read and change them."""
import collections
import ipaddress

from . import enums
from ._core import Held, Listing, Root, call, instance, options, text_of
from ._library import ffi, lib
from .address import from_c, prefix_to_c, to_c

NextHop = collections.namedtuple("NextHop", "gateway interface weight flags", defaults=(None, 0, 1, 0))
NextHop.__doc__ = "Where packets go next: a gateway or None, the interface's index or 0, their share, RTNH_F_*."

_FIELDS = ("table", "protocol", "scope", "metric", "mtu", "flags")


def _hop_to_c(hop):
    made = ffi.new("struct fwc_next_hop *", {"interface": hop.interface, "weight": hop.weight, "flags": hop.flags})
    if hop.gateway is not None:
        made.gateway = to_c(hop.gateway)[0]
    return made


class Route(collections.namedtuple("Route", ("destination", "hops", "type", "source") + _FIELDS,
                                   defaults=((), 0, None, 0, 0, 0, 0, 0, 0))):
    """A route: Route("10.0.0.0/8", [NextHop("192.0.2.1")], metric=5). 0 is what the library chooses: table main, type unicast."""

    __slots__ = ()

    @property
    def type_name(self):
        """In ip-route's words, "unicast", "blackhole"."""
        return text_of(lib.fwc_route_type_name(int(self.type)))

    @property
    def protocol_name(self):
        """In ip-route's words, "kernel", "static"."""
        return text_of(lib.fwc_route_protocol_name(self.protocol))

    def _to_c(self):
        """Held: the array of hops lives as long as the route."""
        destination, length = prefix_to_c(self.destination)
        made = [_hop_to_c(instance(hop, NextHop)) for hop in self.hops]
        hops = ffi.new("struct fwc_next_hop[]", [m[0] for m in made])
        route = ffi.new("struct fwc_route *", {"destination": destination[0], "prefix_len": length, "hops": hops,
                                                "hop_count": len(made)})
        for name in _FIELDS:
            setattr(route, name, getattr(self, name))
        route.type = enums.number(enums.RouteType, self.type)
        if self.source is not None:
            route.source = to_c(self.source)[0]
        return Held(route, [hops])

    @classmethod
    def _from_c(cls, ptr):
        """None for NULL, which is past the end of a list."""
        if ptr == ffi.NULL:
            return None
        hops = [NextHop(from_c(h.gateway), h.interface, h.weight, h.flags) for h in (ptr.hops[i] for i in range(ptr.hop_count))]
        return cls(ipaddress.ip_network((from_c(ptr.destination), ptr.prefix_len)), hops, enums.member(enums.RouteType)(ptr.type),
                   from_c(ptr.source), *(getattr(ptr, name) for name in _FIELDS))


class Routes(Listing, Root):
    """Routes as they were when the snapshot was read: a sequence of Route."""

    __slots__ = ()
    _count, _at = lib.fwc_routes_count, lib.fwc_routes_at

    def __init__(self):
        raise TypeError("routes are read by Kernel.routes()")

    def _item(self, i):
        return call(self._at, self, i, convert=Route._from_c)


def lookup_options(source, in_interface, out_interface, mark):
    """struct fwc_route_lookup_opts."""
    ip = ffi.NULL if source is None else to_c(source)
    made = options("fwc_route_lookup_opts", source=ip, in_interface=in_interface, out_interface=out_interface, mark=mark)
    made.keep.append(ip)
    return made
