#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts a table back when somebody flushes or changes it, in asyncio: guard.py FILE, with nft's command words.

Its own commits are events too; is_own tells them apart, so that it does not wake itself for ever.
"""
import asyncio
import sys

import fwcore


async def guard(kernel, ruleset):
    with kernel.watch() as watch:  # first: what happens before the apply is then seen
        kernel.apply(ruleset)
        print("guard: on", flush=True)
        async for event in watch:
            if event.kind == fwcore.EventKind.RESYNC or (event.kind == fwcore.EventKind.COMMIT and not event.is_own):
                steps = len(kernel.plan(ruleset))
                kernel.apply(ruleset)
                print("guard: %s wrote, %d steps put back" % (event.process or "somebody", steps), flush=True)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: guard.py FILE   a ruleset in nft's command words")
    try:
        with open(sys.argv[1], encoding="utf-8") as file, fwcore.Kernel(owner="guard") as kernel:
            asyncio.run(guard(kernel, fwcore.Ruleset.parse(file.read())))
    except OSError as error:
        sys.exit("guard: %s" % error.strerror)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
