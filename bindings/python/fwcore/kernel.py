# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel of one network namespace: open it, load what it has, plan and apply what is wanted."""
import collections
import os

from . import enums
from ._core import Held, Listing, Root, call, checked, formatted, instance, options, reads_text, text, text_of, text_or_null
from ._library import ffi, lib
from .address import addresses_to_c, to_c
from .batch import Batch, KernelBatch
from .feature import Features
from .forwarding import Settings
from .interface import Interfaces
from .iptables import Iptables
from .network import Networks, Port
from .route import Route, Routes, lookup_options
from .ruleset import Ruleset
from .watch import Watch


def _descriptor(netns):
    """The number of an open file, or of what has fileno()."""
    fd = netns.fileno() if hasattr(netns, "fileno") else netns
    if isinstance(fd, bool) or not isinstance(fd, int):
        raise TypeError("a namespace is an open file, its number or a path, not %s" % type(netns).__name__)
    if fd < 0:
        raise ValueError("%d is no open file" % fd)
    return fd


_ACTION, _OBJECT, _FAMILY = (enums.member(e) for e in (enums.PlanAction, enums.Object, enums.Family))


def _apply_opts(dry_run, retries=0):
    return options("fwc_apply_opts", flags=enums.ApplyFlags.DRY_RUN if dry_run else 0, retries=retries)


class Step(collections.namedtuple("Step", "action object family table name words")):
    """A step of a plan: PlanAction, Object, Family of the table, names, None where there is none, and all of it in nft's words."""

    __slots__ = ()


class Plan(Listing, Root):
    """What apply would do: a sequence of steps in words, empty when the kernel has it all. Its ruleset must stay open."""

    __slots__ = ("_kernel",)
    _count = lib.fwc_plan_count

    def __init__(self):
        raise TypeError("a plan is made by Kernel.plan()")

    def _item(self, i):
        return formatted(lib.fwc_plan_format, self, i) if i < len(self) else None

    @property
    def steps(self):
        """The same as a list of Step."""
        return [Step(_ACTION(call(lib.fwc_plan_action, self, i)), _OBJECT(call(lib.fwc_plan_object, self, i)),
                     _FAMILY(call(lib.fwc_plan_family, self, i)), call(lib.fwc_plan_table, self, i, convert=text_of),
                     call(lib.fwc_plan_name, self, i, convert=text_of) or None, words) for i, words in enumerate(self)]

    @property
    def kept(self):
        """In words, what differs and stays: comments that the kernel cannot change. @return a list"""
        return [formatted(lib.fwc_plan_kept_format, self, i) for i in range(call(lib.fwc_plan_kept_count, self))]

    def undo(self):
        """Work out what undoes it, once it was carried out: what it changed becomes what it was, what others changed since
        stays; ESTALE where both changed the same. @return a Plan"""
        plan = self._kernel._get((Plan, "struct fwc_plan"), lib.fwc_kernel_plan_undo, lib.fwc_plan_free, self)
        plan._kernel = self._kernel
        return plan

    def commit(self, dry_run=False):
        """Carry it out, once. ESTALE when others have written since it was made."""
        checked(lib.fwc_kernel_commit_plan, self._kernel, self, _apply_opts(dry_run))


class Kernel(Root):
    """The kernel of a network namespace.

    netns   a name of `ip netns`, a path, an open file or its number; None: the calling thread's namespace
    owner   whose objects these are, 1 to 31 of [A-Za-z0-9_.-]; None: the program's name
    """

    __slots__ = ()

    def __init__(self, netns=None, owner=None):
        where = {}
        if isinstance(netns, (str, os.PathLike)):
            path = os.fspath(netns)
            where["netns_path"] = path if not isinstance(path, str) or "/" in path else "/run/netns/" + path
        elif netns is not None:
            where["netns_fd"] = _descriptor(netns)
            if where["netns_fd"] == 0:  # which says "none" in the struct
                where = {"netns_path": "/proc/self/fd/0"}
        ret = ffi.new("struct fwc_kernel **")
        checked(lib.fwc_kernel_open, ret, options("fwc_kernel_opts", owner=owner, **where))
        self._adopt(ret[0], lib.fwc_kernel_close)

    owner = reads_text("fwc_kernel_owner")

    def _get(self, kind, fn, free, *args, below=()):
        """A call that hands out something to be released."""
        ret = ffi.new("%s **" % kind[1])
        checked(fn, self, *args, ret)
        return kind[0]._made(ret[0], free, below)

    # Rulesets.

    def load(self, table=None, family=None):
        """Read tables: all of them, all of a family, or one. @return a Ruleset, which needs the kernel object no more"""
        if family is None:
            family = enums.Family.ANY if table is None else enums.Family.INET
        ret = ffi.new("struct fwc_ruleset **")
        checked(lib.fwc_kernel_load, self, enums.number(enums.Family, family), text_or_null(table, "a name"), ret)
        return Ruleset._loaded(ret[0])

    def load_sets(self, table, set=None, family=enums.Family.INET):
        """Read one set of a table with its elements, or all its sets, without its chains. @return a Ruleset to look at"""
        ret = ffi.new("struct fwc_ruleset **")
        checked(lib.fwc_kernel_load_sets, self, enums.number(enums.Family, family), text(table, "the table's name"),
                text_or_null(set, "a name"), ret)
        return Ruleset._loaded(ret[0])

    def reset(self, what, table=None, name=None, family=None):
        """Read counters and quotas and let them begin at zero again. what: a Reset; name: of one chain, object or set.
        @return a Ruleset to look at, with the counts as they were"""
        if family is None:
            family = enums.Family.ANY if table is None else enums.Family.INET
        ret = ffi.new("struct fwc_ruleset **")
        checked(lib.fwc_kernel_reset, self, enums.number(enums.Reset, what), enums.number(enums.Family, family),
                text_or_null(table, "a name"), text_or_null(name, "a name"), ret)
        return Ruleset._loaded(ret[0])

    def plan(self, ruleset):
        """Work out what apply() would do. @return a Plan"""
        ruleset = instance(ruleset, Ruleset)
        plan = self._get((Plan, "struct fwc_plan"), lib.fwc_kernel_plan, lib.fwc_plan_free, ruleset, below=(ruleset._state,))
        plan._kernel = self
        return plan

    def apply(self, ruleset, dry_run=False, retries=0):
        """Make the kernel's tables what the ruleset says, in one transaction; others are not touched. With dry_run the kernel
        checks and changes nothing. retries: how often to plan again when others wrote meanwhile; 0: 16."""
        checked(lib.fwc_kernel_apply, self, instance(ruleset, Ruleset), _apply_opts(dry_run, retries))

    def batch(self):
        """A Batch that is committed at the end of `with`."""
        return KernelBatch(self)

    def commit(self, batch):
        """Commit a batch: everything in it or nothing. It can be committed again."""
        checked(lib.fwc_kernel_commit, self, instance(batch, Batch))

    def commit_iptables(self, commands, flags=0):
        """Carry out commands of iptables, all or none; flags: IptablesCommitFlags or names. @return what they print"""
        ret = ffi.new("char **")
        checked(lib.fwc_kernel_commit_iptables, self, instance(commands, Iptables), enums.number(enums.IptablesCommitFlags, flags),
                ret)
        return text_of(ffi.gc(ret[0], lib.fwc_text_free))

    def watch(self):
        """Start watching what anybody changes. @return a Watch, which ends with the kernel object"""
        return self._get((Watch, "struct fwc_watch"), lib.fwc_watch_open, lib.fwc_watch_close, below=(self._state,))

    def features(self):
        """Ask the kernel what it can express, without changing anything. @return Features"""
        return self._get((Features, "struct fwc_features"), lib.fwc_features_get, lib.fwc_features_free)

    # Interfaces and forwarding.

    def interfaces(self):
        """Read all interfaces with their addresses and counters. @return Interfaces"""
        return self._get((Interfaces, "struct fwc_interfaces"), lib.fwc_interfaces_get, lib.fwc_interfaces_free)

    def forwarding(self, family=enums.Family.IP, interface=None):
        """Whether packets are forwarded, globally or by one interface."""
        ret = ffi.new("bool *")
        checked(lib.fwc_forwarding_get, self, enums.number(enums.Family, family), text_or_null(interface, "a name"), ret)
        return ret[0]

    def set_forwarding(self, on, family=enums.Family.IP, interface=None):
        """Switch forwarding on or off."""
        checked(lib.fwc_forwarding_set, self, enums.number(enums.Family, family), text_or_null(interface, "a name"),
                instance(on, bool))

    def change_forwarding(self, on, family=enums.Family.IP, interface=None, flags=0):
        """As set_forwarding(), with ForwardingFlags. @return Settings as they were, which restore() puts back"""
        return self._get((Settings, "struct fwc_settings"), lib.fwc_forwarding_change, lib.fwc_settings_free,
                         enums.number(enums.Family, family), text_or_null(interface, "a name"), instance(on, bool),
                         enums.number(enums.ForwardingFlags, flags))

    # Routes.

    def routes(self, family=enums.Family.ANY):
        """Read the routes of all tables. @return Routes"""
        return self._get((Routes, "struct fwc_routes"), lib.fwc_routes_get, lib.fwc_routes_free, enums.number(enums.Family, family))

    def lookup_route(self, destination, *, source=None, in_interface=0, out_interface=0, mark=0):
        """Ask for the Route that a packet would take, by rules and tables. ENETUNREACH when there is none."""
        with self._get((Routes, "struct fwc_routes"), lib.fwc_route_lookup, lib.fwc_routes_free, Held(to_c(destination)),
                       lookup_options(source, in_interface, out_interface, mark)) as found:
            return found[0]

    def add_route(self, route):
        """Add a Route; EEXIST when there is one of that destination, table and metric."""
        checked(lib.fwc_route_add, self, instance(route, Route)._to_c())

    def replace_route(self, route):
        """Add a Route, in the place of the one of that destination, table and metric when there is one."""
        checked(lib.fwc_route_replace, self, instance(route, Route)._to_c())

    def delete_route(self, route):
        """Delete the first route that is as this one, as far as it says. ESRCH when there is none."""
        checked(lib.fwc_route_delete, self, instance(route, Route)._to_c())

    # Networks.

    def networks(self):
        """The networks of this owner. @return Networks"""
        return self._get((Networks, "struct fwc_networks"), lib.fwc_networks_get, lib.fwc_networks_free)

    def create_network(self, name, **opts):
        """Create a network: subnet4 or subnet6 or both ("172.30.0.0/24"), gateway4, gateway6, mtu, flags (NetworkFlags or names)."""
        given = {k: str(v) if k[:-1] in ("subnet", "gateway") and v is not None and not isinstance(v, (bytes, int)) else v
                 for k, v in opts.items()}
        checked(lib.fwc_network_create, self, text(name, "a name"),
                options("fwc_network_opts", {"flags": enums.NetworkFlags}, **given))

    def delete_network(self, name):
        """Delete a network that has no endpoints."""
        checked(lib.fwc_network_delete, self, text(name, "a name"))

    def attach(self, network, id, netns, *, interface=None, ports=(), addresses=()):
        """Attach a container, of that id and network namespace (see Kernel), with ports that are published in the same commit
        and the addresses it is to have; without, the next free ones are taken."""
        made = [instance(p, Port)._to_c() for p in ports]
        c_ports = ffi.new("struct fwc_port[]", [p[0] for p in made])
        c_addresses, count = addresses_to_c(addresses)
        opts = options("fwc_attach_opts", interface=interface, ports=c_ports, ports_count=len(made), addresses=c_addresses,
                       addresses_count=count)
        opts.keep += [c_ports, c_addresses]
        opened = None
        if isinstance(netns, (str, os.PathLike)):
            path = os.fspath(netns)
            opened = os.open(path if "/" in path else "/run/netns/" + path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            checked(lib.fwc_network_attach, self, text(network, "a name"), text(id, "an id"),
                    _descriptor(netns) if opened is None else opened, opts)
        finally:
            if opened is not None:
                os.close(opened)

    def detach(self, network, id):
        """Detach a container with everything it published."""
        checked(lib.fwc_network_detach, self, text(network, "a name"), text(id, "an id"))

    def publish(self, network, id, port):
        """Publish a Port of a container."""
        checked(lib.fwc_network_publish, self, text(network, "a name"), text(id, "an id"), Held(instance(port, Port)._to_c()))

    def unpublish(self, network, id, port):
        """Take a published Port back."""
        checked(lib.fwc_network_unpublish, self, text(network, "a name"), text(id, "an id"), Held(instance(port, Port)._to_c()))
