#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A kill switch for a VPN: nothing enters or leaves this machine except through wg0, and to the VPN's server.

It watches the kernel and puts its table back when somebody changes it. It cannot fail open: the table is applied in one
transaction, and a rule that could not be built raises. Ending the program leaves the switch on; `--off` takes it away.
"""
import argparse
import ipaddress
import select
import sys

import fwcore

ND = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-%s } accept"


def wanted(server, port):
    ruleset = fwcore.Ruleset()
    table = ruleset.add_table("killswitch")
    into = table.add_chain("in", hook="input", policy="drop")
    out = table.add_chain("out", hook="output", policy="drop")
    into.append("iifname { lo, wg0 } accept")
    into.append("ct state established,related accept")
    into.append(ND % "advert")
    out.append("oifname { lo, wg0 } accept")
    out.append(ND % "solicit")
    # Values that somebody else wrote: objects, never printed into words.
    out.append().match("ip daddr" if server.version == 4 else "ip6 daddr", server).match("udp dport", port).accept()
    return ruleset


def switch_on(kernel, ruleset):
    """Puts the table back whenever a transaction that is not ours was made."""
    with kernel.watch() as watch:  # first: what happens before the apply is then seen
        kernel.apply(ruleset)
        print("killswitch: on", flush=True)
        while select.select([watch], [], []):
            if not all([event.is_own for event in watch]):
                kernel.apply(ruleset)


def main():
    parser = argparse.ArgumentParser(description="Only wg0, and UDP to the server. Runs until interrupted; the switch then stays on.")
    parser.add_argument("server", nargs="?", type=ipaddress.ip_address)
    parser.add_argument("port", nargs="?", type=int, default=51820)
    parser.add_argument("--off", action="store_true", help="take the table away")
    args = parser.parse_args()
    if not args.off and (args.server is None or not 0 < args.port < 65536):
        parser.error("a server is wanted, and a port from 1 to 65535")
    try:
        with fwcore.Kernel(owner="killswitch") as kernel:
            if args.off:
                kernel.apply(fwcore.Ruleset().absent_table("killswitch"))
            else:
                switch_on(kernel, wanted(args.server, args.port))
    except fwcore.FwcoreError as error:
        sys.exit("killswitch: %s" % error.strerror)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
