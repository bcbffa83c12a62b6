# SPDX-License-Identifier: LGPL-2.1-or-later
"""Addresses: Python's ipaddress objects on this side, struct fwc_ip on the other."""
import ipaddress

from . import enums
from ._core import Held, call, checked, formatted, text
from ._library import ffi, lib

_CLASSES = {int(enums.Family.IP): (ipaddress.IPv4Address, 4), int(enums.Family.IP6): (ipaddress.IPv6Address, 16)}


def _parsed(words):
    ip = ffi.new("struct fwc_ip *")
    checked(lib.fwc_ip_parse, text(words, "an address"), ip)
    return ip


def to_c(address):
    """struct fwc_ip of an ipaddress object or of a str."""
    if isinstance(address, str):
        return _parsed(address)
    if not isinstance(address, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        raise TypeError("an address is a str or an ipaddress object, not %s" % type(address).__name__)
    if getattr(address, "scope_id", None):
        raise ValueError("%s: an address without a scope is wanted" % address)
    ip = ffi.new("struct fwc_ip *")
    ip.family = enums.Family.IP if address.version == 4 else enums.Family.IP6
    packed = address.packed
    ffi.memmove(ip.bytes, packed, len(packed))
    return ip


def prefix_to_c(network):
    """(struct fwc_ip, prefix length) of an ipaddress object, or of "10.0.0.0/8"."""
    if isinstance(network, str) and "/" in network:
        network = ipaddress.ip_interface(network)
    if isinstance(network, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return to_c(network.network_address), network.prefixlen
    if isinstance(network, (ipaddress.IPv4Interface, ipaddress.IPv6Interface)):
        return to_c(network.ip), network.network.prefixlen
    ip = to_c(network)
    return ip, _CLASSES[ip.family][1] * 8


def from_c(ip):
    """An ipaddress object; None when there is none."""
    kind = _CLASSES.get(ip.family)
    return kind[0](bytes(ip.bytes)[:kind[1]]) if kind else None


def addresses_to_c(addresses):
    """An array of struct fwc_ip, and its length."""
    made = [to_c(a) for a in addresses]
    return ffi.new("struct fwc_ip[]", [m[0] for m in made]), len(made)


def parse_address(words):
    """An ipaddress object of what the library understands as an address."""
    return from_c(_parsed(words))


def format_address(address):
    """The text that the library writes for an address."""
    return formatted(lib.fwc_ip_format, Held(to_c(address)))


def ip_out(fn, *args):
    """What a function that fills a struct fwc_ip found; None when it returned false."""
    ip = ffi.new("struct fwc_ip *")
    return from_c(ip) if call(fn, *args, ip) else None
