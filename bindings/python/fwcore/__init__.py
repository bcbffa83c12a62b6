# SPDX-License-Identifier: LGPL-2.1-or-later
"""libfwcore: tables, chains, rules, targets, interfaces and forwarding as Python objects.

    import fwcore

    wanted = fwcore.Ruleset()
    chain = wanted.add_table("myapp").add_chain("input", hook="input", policy="drop")
    chain.append("ct state established,related accept")
    chain.append().match("tcp dport", [22, 443]).counter().accept()

    with fwcore.Kernel(netns="blue") as kernel:
        kernel.apply(wanted)
        for table in kernel.load():
            for chain in table.chains:
                for rule in chain:
                    print(table.name, chain.name, rule)

Failures are FwcoreError, an OSError with table, chain, rule and item. See docs/CONVENTIONS.md of libfwcore for what holds everywhere.
"""
from . import enums
from ._core import text_of as _text_of
from ._library import lib as _lib
from .address import format_address, parse_address
from .batch import Batch
from .enums import *  # noqa: F401,F403
from .error import FwcoreError
from .feature import Feature, Features
from .forwarding import Settings
from .interface import Interface, InterfaceAddress, Interfaces, InterfaceStats
from .iptables import Iptables
from .kernel import Kernel, Plan, Step
from .network import Endpoint, Network, Networks, Port
from .route import NextHop, Route, Routes
from .rule import Counters, Item, Rule, Translated
from .ruleset import Chain, Fold, Ruleset, Table
from .set import Element, Set
from .target import RuleTarget, Target
from .value import Value, field_name, find_field, value
from .watch import Event, Watch


def version():
    """The version of the library that is running, "0.1.0"."""
    return _text_of(_lib.fwc_version())


__all__ = enums.__all__ + [
    "Batch", "Chain", "Counters", "Element", "Endpoint", "Event", "Feature", "Features", "Fold", "FwcoreError", "Interface",
    "InterfaceAddress", "InterfaceStats", "Interfaces", "Iptables", "Item", "Kernel", "Network", "Networks", "NextHop", "Plan", "Port", "Route", "Routes", "Rule", "RuleTarget", "Ruleset", "Set", "Settings", "Step",
    "Table", "Target", "Translated", "Value", "Watch", "field_name", "find_field", "format_address", "parse_address", "value", "version"]
