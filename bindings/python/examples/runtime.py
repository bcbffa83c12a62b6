#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A container runtime in a page: a docker0-style network, each namespace that is given attached to it with its port 80 published,
until Enter is pressed; then everything is taken back."""
import contextlib
import sys

import fwcore

NETWORK = "runtime0"


def set_up(kernel, namespaces, undo):
    """What was made so far is taken back by `undo`, from wherever this ends."""
    before = kernel.change_forwarding(True)
    undo.callback(before.restore, kernel)
    kernel.create_network(NETWORK, subnet4="172.29.0.0/24")
    undo.callback(kernel.delete_network, NETWORK)
    for number, namespace in enumerate(namespaces, 1):
        kernel.attach(NETWORK, "c%d" % number, namespace, ports=[fwcore.Port(8080 + number, 80)])
        undo.callback(kernel.detach, NETWORK, "c%d" % number)


def main():
    if len(sys.argv) < 2 or sys.argv[1] == "--help":
        sys.exit("usage: runtime.py NETNS...   namespaces, as a name of `ip netns` or /proc/PID/ns/net")
    try:
        with fwcore.Kernel(owner="runtime") as kernel, contextlib.ExitStack() as undo:
            set_up(kernel, sys.argv[1:], undo)
            for one in kernel.networks()[NETWORK].endpoints:
                print("%s has %s, published on port %d" % (one.id, one.address4, one.ports[0].host_port))
            print("Press Enter to take everything back.", flush=True)
            sys.stdin.readline()
    except OSError as error:  # FwcoreError is one, and so is what open() says
        sys.exit("runtime: %s" % error.strerror)


if __name__ == "__main__":
    main()
