#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a list of rules costs as it is, folded into a map, and in iptables-nft: to load it, and each packet.

optimize.py BUILD [ROUNDS]     as root; in network namespaces of its own. Packets come over a veth pair and match none of the
rules; sender and receiver share one processor, so the time of a send is the time of the packet's way. In each round all
three are measured one after the other; printed are medians, and the median ratio to the linear list.
"""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SIZES = (10, 1000, 10000)
PACKETS = {10: 20000, 1000: 10000, 10000: 2000}


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **more)


def address(i):
    return "192.%d.%d.%d" % (i >> 14 & 127, i >> 7 & 127, i & 127)


def rules(count):
    head = "add table ip t\nadd chain ip t input { type filter hook input priority filter; policy accept; }\n"
    return head + "".join("add rule ip t input ip saddr %s udp dport %d counter drop\n" % (address(i), 1 + i % 60000)
                          for i in range(count))


def iptables_rules(count):
    return "*filter\n:INPUT ACCEPT [0:0]\n" + "".join(
        "-A INPUT -s %s -p udp --dport %d -j DROP\n" % (address(i), 1 + i % 60000) for i in range(count)) + "COMMIT\n"


def timed(*command, **more):
    begin = time.perf_counter()
    run(*command, **more)
    return (time.perf_counter() - begin) * 1e3


def per_packet(peer, count):
    """ns each; sent from the other namespace, which this process is in for that long."""
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    libc.setns(peer, 0)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    libc.setns(here, 0)
    os.close(here)
    sender.connect(("10.9.0.1", 61000))
    for _ in range(200):
        sender.send(b"x")
    begin = time.perf_counter()
    for _ in range(count):
        sender.send(b"x")
    end = time.perf_counter()
    sender.close()
    return (end - begin) / count * 1e9


def measure(build, peer, size, folder):
    fwctl = os.path.join(build, "examples", "fwctl")
    path = os.path.join(folder, "rules")
    with open(path, "w", encoding="ascii") as file:
        file.write(rules(size))
    ways = {"linear": (fwctl, "apply", path), "optimised": (fwctl, "apply", "--optimize", path),
            "iptables-nft": ("iptables-nft-restore",)}
    figures = {}
    for name, command in ways.items():
        text = iptables_rules(size) if name == "iptables-nft" else None
        load = timed(*command, **({"input": text.encode()} if text else {"stdin": subprocess.DEVNULL}))
        figures[name] = load, per_packet(peer, PACKETS[size])
        run("nft", "flush", "ruleset")
    return figures


def inside(build, rounds):
    holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdout.read(1)
    peer = os.open("/proc/%d/ns/net" % holder.pid, os.O_RDONLY)
    for line in ("ip link add b0 type veth peer name b1", "ip link set b1 netns %d" % holder.pid, "ip addr add 10.9.0.1/24 dev b0",
                 "ip link set b0 up", "nsenter -t %d -n ip addr add 10.9.0.2/24 dev b1" % holder.pid,
                 "nsenter -t %d -n ip link set b1 up" % holder.pid):
        run(*line.split())
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("10.9.0.1", 61000))
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            seen = [measure(build, peer, size, folder) for _ in range(rounds)]
            for way in seen[0]:
                load = statistics.median(s[way][0] for s in seen)
                packet = statistics.median(s[way][1] for s in seen)
                ratios = [statistics.median(s[way][i] / s["linear"][i] for s in seen) for i in (0, 1)]
                print("%6d rules  %-12s load %8.1f ms (%.2fx)   packet %8.0f ns (%.2fx)" % (size, way, load, ratios[0], packet, ratios[1]))
    holder.stdin.close()
    holder.wait()


if __name__ == "__main__":
    if os.environ.get("FWC_BENCH_INSIDE"):
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        inside(sys.argv[1], int(sys.argv[2]))
    else:
        os.environ["FWC_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, os.path.abspath(__file__), sys.argv[1],
                              sys.argv[2] if len(sys.argv) > 2 else "5"])
