# SPDX-License-Identifier: LGPL-2.1-or-later
"""calls.c in Python: see languages.py."""
import ipaddress
import time

import fwcore

CALLS, RULES = 200000, 10000
now = time.process_time_ns

ruleset = fwcore.Ruleset()
chain = ruleset.add_table("bench", "ip").add_chain("c")

before = now()
for _ in range(CALLS):
    chain.handle
print("call: %f" % ((now() - before) / CALLS))

addresses = [ipaddress.ip_address(0x0a000000 + i) for i in range(1, RULES + 1)]
before = now()
for port, address in enumerate(addresses, 1):
    chain.append().match(fwcore.Field.IP_SADDR, address).match(fwcore.Field.TCP_DPORT, port).counter().accept()
built = now() - before
print("rule: %f" % (built / RULES))

before = now()
kernel = fwcore.Kernel()
kernel.apply(ruleset)
print("built and applied: %f" % (built + now() - before))

ruleset.close()
before = now()
for rule in kernel.load("bench", "ip")["bench"].chains["c"]:
    str(rule)
print("loaded and printed: %f" % (now() - before))
