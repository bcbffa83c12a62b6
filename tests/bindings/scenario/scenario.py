# SPDX-License-Identifier: LGPL-2.1-or-later
"""The scenario in Python, see run.py: `scenario.py STEP CONTAINER` does one step in the namespace it is started in."""
import ipaddress
import sys

import fwcore
from fwcore import Port

TABLE = "scenario"


def attempt(call, *args, **options):
    """Failures are part of what is compared: a line, and the step goes on."""
    try:
        return call(*args, **options)
    except fwcore.FwcoreError as error:
        print("error %d table=%s chain=%s rule=%d: %s" % (error.errno, error.table or "", error.chain or "",
                                                          -1 if error.rule is None else error.rule, error.strerror))
        return None


def input_of(ruleset):
    return ruleset.add_table(TABLE).add_chain("input", hook="input", policy="drop", priority="filter - 5")


def apply(kernel, ruleset):
    plan = attempt(kernel.plan, ruleset)
    if plan is not None:
        for step in plan:
            print("plan", step)
        attempt(kernel.apply, ruleset)


def declared(with_third):
    ruleset = fwcore.Ruleset()
    chain = input_of(ruleset)
    table = ruleset[TABLE]
    table.add_set("blocked", "ipv4_addr", flags="interval").add("192.0.2.0/24", comment="a net")
    table.add_set("ports", "inet_service", data_type="verdict").add("80", "accept")
    table.add_chain("user")
    chain.append().match("ct state", "established,related", "any_of").counter().accept()
    chain.append().match("ip saddr", ipaddress.ip_network("198.51.100.0/24"), "ne").match("tcp dport", range(8000, 8081)).jump("user")
    if with_third:
        chain.append().match_name("meta iifname", "lo").log("lo: ").accept()
    chain.append("ip saddr @blocked tcp dport vmap @ports", comment="words")
    return ruleset


def declare(kernel, _):
    apply(kernel, declared(False))


def change(kernel, _):
    apply(kernel, declared(True))


def operate(kernel, _):
    with fwcore.Batch() as batch:
        batch.add_rule(TABLE, "input", "udp dport 53 accept", first=True, tag="mine")
        batch.add_element(TABLE, "blocked", "203.0.113.7")
        attempt(kernel.commit, batch)


def untag(kernel, _):
    with fwcore.Batch() as batch:
        batch.del_tagged(TABLE, "mine").del_element(TABLE, "blocked", "203.0.113.7")
        attempt(kernel.commit, batch)


def refused(kernel, _):
    ruleset = fwcore.Ruleset()
    chain = input_of(ruleset)
    chain.append("accept")
    chain.append("jump nowhere")
    attempt(kernel.apply, ruleset)
    attempt(chain.append, "tcp dport 70000 accept")
    attempt(fwcore.Ruleset.parse, "add nonsense")


def load(kernel, _):
    table = kernel.load(TABLE)[0]
    for chain in table.chains:
        for rule in chain:
            print("rule %s: %s, %d items" % (chain.name, rule, len(rule)))
    for one in table.sets:
        for element in one:
            print("element %s: %s" % (one.name, element))


def watch(kernel, _):
    with kernel.watch() as events:
        operate(kernel, _)
        for event in events:
            print("event %d own=%d object=%d %s %s" % (event.kind, event.is_own, event.object, event.table or "", event.name or ""))


def interfaces(kernel, _):
    for one in kernel.interfaces():
        print("interface %s %s mtu %d %s" % (one.name, one.kind, one.mtu, one.state))
        for address in one.addresses:
            print("address %s %s" % (address.interface, address.scope_name))


def forward(kernel, _):
    for setting in attempt(kernel.change_forwarding, True) or ():
        print("setting %s was %s" % setting)
    print("forwarding %d" % attempt(kernel.forwarding))


def show_networks(kernel):
    for one in attempt(kernel.networks) or ():
        for endpoint in one.endpoints:
            print("endpoint %s %s %s %d ports" % (one.name, endpoint.id, endpoint.address4, len(endpoint.ports)))


def network(kernel, container):
    attempt(kernel.create_network, "scene0", subnet4="172.31.0.0/24")
    attempt(kernel.attach, "scene0", "c1", container, ports=[Port(8080, 80)])
    attempt(kernel.publish, "scene0", "c1", Port(5000, 6000, "udp", count=2))
    attempt(kernel.publish, "scene0", "c1", Port(8080, 80))  # taken
    show_networks(kernel)


def no_network(kernel, _):
    attempt(kernel.delete_network, "scene0")  # has an endpoint
    attempt(kernel.unpublish, "scene0", "c1", Port(5000, 6000, "udp", count=2))
    attempt(kernel.detach, "scene0", "c1")
    attempt(kernel.delete_network, "scene0")
    attempt(kernel.set_forwarding, False)
    show_networks(kernel)


def absent(kernel, _):
    apply(kernel, fwcore.Ruleset().absent_table(TABLE))


STEPS = {"declare": declare, "change": change, "again": change, "operate": operate, "load": load, "untag": untag, "watch": watch,
         "refused": refused, "interfaces": interfaces, "forward": forward, "network": network, "no-network": no_network,
         "absent": absent}

if __name__ == "__main__":
    with fwcore.Kernel(owner="scenario") as opened:
        STEPS[sys.argv[1]](opened, sys.argv[2])
