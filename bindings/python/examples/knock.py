#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A port knocker: lets an address reach port 22 for thirty seconds, in a firewall that somebody else wrote.

The table `inet filter` and its chain `input` are another program's. Declared SHARED, only what carries our owner name is compared,
added and removed in it. After the first knock the set and its rule are there, and a knock is a commit of one element.
"""
import argparse
import sys

import fwcore


def declared():
    """What we want in their table: a set whose elements expire, and one rule that reads it."""
    ruleset = fwcore.Ruleset()
    table = ruleset.add_table("filter", flags="shared")
    table.add_set("knock", "ipv4_addr", timeout_ms=30000)
    table.add_chain("input").append("ip saddr @knock tcp dport 22 ct state new accept", tag="knock")
    return ruleset


def knock(kernel, address):
    with kernel.batch() as batch:
        batch.declare(declared()).add_element("filter", "knock", address)


def clear(kernel):
    """Their table, with nothing of ours in it."""
    with fwcore.Ruleset() as ruleset:
        ruleset.add_table("filter", flags="shared")
        kernel.apply(ruleset)


def main():
    parser = argparse.ArgumentParser(description="Let an IPv4 address reach port 22 for 30 seconds.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("address", nargs="?")
    what.add_argument("--clear", action="store_true", help="take the set and the rule away")
    args = parser.parse_args()
    try:
        with fwcore.Kernel(owner="knock") as kernel:
            if args.clear:
                clear(kernel)
            else:
                knock(kernel, fwcore.parse_address(args.address))
    except fwcore.FwcoreError as error:
        sys.exit("knock: %s" % error.strerror)


if __name__ == "__main__":
    main()
