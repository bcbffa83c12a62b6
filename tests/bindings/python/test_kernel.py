# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel: what was done is read back with nft and ip."""
import asyncio
import errno
import ipaddress
import os
import subprocess

import fwcore
import pytest
from conftest import nft, sh, sh_json
from fwcore import EventKind, Object


def wanted(*lines, table="t"):
    made = fwcore.Ruleset()
    chain = made.add_table(table).add_chain("c", hook="input")
    for words in lines or ("tcp dport 22 accept",):
        chain.append(words)
    return made


@pytest.fixture
def other():
    """Another network namespace, held by a process: its path."""
    holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdout.readline()
    yield "/proc/%d/ns/net" % holder.pid
    holder.stdin.close()
    holder.wait()


def test_applied_ruleset_is_what_nft_lists(kernel):
    ruleset = wanted("ct state established,related accept", 'tcp dport { 22, 80-89 } counter accept comment "web"')
    sets = ruleset["t"].add_set("s", "ipv4_addr . inet_service", flags="interval")
    sets.add((ipaddress.ip_network("10.0.0.0/8"), 80))
    kernel.apply(ruleset)
    assert nft("-s", "list", "ruleset").split() == ruleset.format("stateless").split()
    assert len(kernel.plan(ruleset)) == 0


def test_loaded_ruleset_is_what_nft_wrote(kernel):
    sh("nft -f - <<E\ntable ip x { set s { type ipv4_addr; flags timeout; elements = { 10.0.0.1 timeout 1h } }\n"
        "chain c { type filter hook input priority 0; counter packets 7 bytes 8 drop; }\n}\nE")
    ruleset = kernel.load()
    kernel.close()
    table = ruleset["x"]
    rule = table.chains["c"][0]
    assert str(rule) == "counter packets 7 bytes 8 drop" and rule.counters == (7, 8) and rule.handle > 0
    element = table.sets["s"][0]
    assert element.timeout_ms == 3600000 and 0 < element.expires_ms <= 3600000
    assert table.handle and table.sets["s"].handle and table.chains["c"].handle and rule.owner is None


def test_load_takes_a_family_or_a_table(kernel):
    nft("add table ip a; nft add table inet b; nft add table ip6 c")
    assert [t.name for t in kernel.load(family="ip")] == ["a"] and kernel.load("b")[0].family == fwcore.Family.INET
    assert sorted(t.name for t in kernel.load()) == ["a", "b", "c"]
    assert [t.name for t in kernel.load_sets("b")] == ["b"]
    with pytest.raises(fwcore.FwcoreError) as caught:
        kernel.load("nothing")
    assert caught.value.errno == errno.ENOENT


def test_counts_are_read_and_begin_anew(kernel):
    sh("nft 'add table inet t; add counter inet t n { packets 5 bytes 7; }; add chain inet t c;"
       " add rule inet t c counter packets 3 bytes 4'")
    read = kernel.reset(fwcore.Reset.COUNTERS, "t", "n")
    (name, kind, what), = read["t"].objects
    assert name == "n" and kind == fwcore.ObjectType.COUNTER and what["packets"] == 5
    assert "packets 0 bytes 0" in nft("list counter inet t n")
    try:
        assert kernel.reset("rules")["t"].chains["c"][0].counters == (3, 4)
    except fwcore.FwcoreError as e:
        assert e.errno == errno.EOPNOTSUPP
        pytest.skip(str(e))
    assert "counter packets 0 bytes 0" in nft("list chain inet t c")


def test_plan_says_its_steps_and_is_committed_once(kernel):
    ruleset = wanted()
    plan = kernel.plan(ruleset)
    assert list(plan) == ["add table inet t", "add chain inet t c { type filter hook input priority filter; policy accept; }",
                          "add rule inet t c tcp dport 22 accept"] and len(plan) == 3 and plan[-1] == plan[2]
    plan.commit(dry_run=True)
    assert nft("list", "ruleset") == ""
    plan = kernel.plan(ruleset)
    plan.commit()
    assert "dport 22" in nft("list", "ruleset")
    with pytest.raises(fwcore.FwcoreError):
        plan.commit()
    late = kernel.plan(wanted("tcp dport 23 accept"))
    nft("add table ip other")
    with pytest.raises(fwcore.FwcoreError) as caught:
        late.commit()
    assert caught.value.errno == errno.ESTALE


def test_plan_needs_its_ruleset(kernel):
    ruleset = wanted()
    plan = kernel.plan(ruleset)
    ruleset.close()
    for use in (plan.commit, lambda: plan[0], lambda: len(plan)):
        with pytest.raises(ValueError, match="the ruleset is closed"):
            use()


def test_dry_run_changes_nothing(kernel):
    kernel.apply(wanted(), dry_run=True)
    assert nft("list", "ruleset") == ""


def test_refused_rule_is_named(kernel):
    ruleset = wanted("accept", "accept")
    ruleset["t"].chains["c"].append("jump nowhere")
    with pytest.raises(fwcore.FwcoreError) as caught:
        kernel.apply(ruleset)
    error = caught.value
    assert (error.errno, error.table, error.chain, error.rule) == (errno.ENOENT, "t", "c", 2)
    assert error.outcome == fwcore.Outcome.NOTHING and nft("list", "ruleset") == ""


def test_batch_commits_at_the_end_of_with(kernel):
    nft("add table inet f; nft add chain inet f c; nft add rule inet f c tcp dport 1 drop; nft add set inet f s '{ type ipv4_addr; }'")
    handle = kernel.load("f")["f"].chains["c"][0].handle
    with kernel.batch() as batch:
        batch.add_rule("f", "c", "tcp dport 2 drop", tag="mine", comment="two")
        batch.add_rule("f", "c", first=True).match("tcp dport", 3).drop()
        batch.add_rule("f", "c", "tcp dport 4 drop", before=handle)
        batch.add_rule("f", "c", "tcp dport 5 drop", after=handle)
        batch.replace_rule("f", "c", handle).match("tcp dport", 6).drop()
        batch.add_element("f", "s", "10.0.0.1", comment="x").add_element("f", "s", ipaddress.ip_address("10.0.0.2"))
    assert [str(r) for r in kernel.load("f")["f"].chains["c"]] == [
        "tcp dport %d drop" % n + (' comment "two"' if n == 2 else "") for n in (3, 4, 6, 5, 2)]
    assert "10.0.0.1 comment \"x\", 10.0.0.2" in " ".join(nft("list", "set", "inet", "f", "s").split())
    rules = kernel.load("f")["f"].chains["c"]
    assert rules[-1].tag == "mine" and rules[-1].owner == "test"
    with kernel.batch() as batch:
        batch.del_rule("f", "c", rules[0].handle).del_tagged("f", "mine").del_element("f", "s", "10.0.0.1")
        batch.del_element("f", "s", ipaddress.ip_address("10.0.0.2"))
    assert len(kernel.load("f")["f"].chains["c"]) == 3 and "elements" not in nft("list", "ruleset")


def test_batch_that_ends_in_an_exception_is_not_committed(kernel):
    nft("add table inet f; nft add chain inet f c")
    with pytest.raises(KeyError):
        with kernel.batch() as batch:
            batch.add_rule("f", "c", "drop")
            raise KeyError
    assert "drop" not in nft("list", "ruleset") and batch.closed


def test_element_that_is_exclusive_is_a_reservation(kernel):
    nft("add table inet f; nft add set inet f s '{ type inet_service; }'; nft add element inet f s '{ 80 }'")
    with pytest.raises(fwcore.FwcoreError) as caught:
        with kernel.batch() as batch:
            batch.add_element("f", "s", 80, flags="exclusive")
    assert caught.value.errno == errno.EEXIST and caught.value.table == "f"


def test_batch_is_cleared_and_used_again(kernel):
    nft("add table inet f; nft add chain inet f c")
    batch = fwcore.Batch()
    old = batch.add_rule("f", "c", "accept")
    with pytest.raises(fwcore.FwcoreError):
        batch.add_rule("f", "c", "nonsense")
    assert batch.error.errno == errno.EINVAL
    with pytest.raises(fwcore.FwcoreError, match="nonsense"):
        kernel.commit(batch)
    batch.clear()
    assert batch.error is None
    with pytest.raises(ValueError, match="the batch is closed"):
        str(old)
    batch.add_rule("f", "c", "drop")
    for _ in range(2):
        kernel.commit(batch)
    assert len(kernel.load("f")["f"].chains["c"]) == 2
    with pytest.raises(TypeError, match="one place"):
        batch.add_rule("f", "c", first=True, before=3)


def test_declared_ruleset_is_part_of_a_batch(kernel):
    ruleset = wanted()
    ruleset["t"].add_set("s", "inet_service")
    with kernel.batch() as batch:
        batch.declare(ruleset).add_element("t", "s", "80")
    assert "dport 22" in nft("list", "ruleset") and "elements = { 80 }" in nft("list", "ruleset")
    with fwcore.Batch() as batch:
        batch.declare(ruleset)
        ruleset.close()
        with pytest.raises(ValueError, match="the ruleset is closed"):
            kernel.commit(batch)


def test_events_say_who_did_what(kernel):
    with kernel.watch() as watch:
        assert watch.next() is None and watch.fileno() > 2
        kernel.apply(wanted())
        own = list(watch)
        nft("add rule inet t c tcp dport 23 drop")
        others = list(watch)
        with kernel.batch() as batch:
            batch.add_rule("t", "c", "tcp dport 24 drop", tag="mine")
        tagged = next(iter(watch))
    assert (tagged.rule, tagged.tag, tagged.owner) == ("tcp dport 24 drop", "mine", "test")
    assert [e.object for e in own] == [Object.TABLE, Object.CHAIN, Object.RULE, Object.RULESET] and all(e.is_own for e in own)
    rule, end = others
    assert (rule.kind, rule.object, rule.family, rule.table, rule.name, rule.rule) == (
        EventKind.ADDED, Object.RULE, fwcore.Family.INET, "t", "c", "tcp dport 23 drop")
    assert not rule.is_own and rule.process == "nft" and rule.pid and rule.handle and rule.generation == end.generation
    assert end.kind == EventKind.COMMIT and end.table is None and end.rule is None


def test_watch_ends_with_its_kernel(kernel):
    watch = kernel.watch()
    kernel.close()
    for use in (watch.next, watch.fileno, lambda: list(watch)):
        with pytest.raises(ValueError, match="the kernel is closed"):
            use()
    watch.close()
    with pytest.raises(ValueError, match="the (watch|kernel) is closed"):
        watch.next()


def test_events_are_awaited_in_asyncio(kernel):
    async def first_foreign():
        with kernel.watch() as watch:
            async def look():
                async for event in watch:
                    if not event.is_own:
                        return event
            task = asyncio.ensure_future(look())
            await asyncio.sleep(0)
            kernel.apply(wanted())
            await asyncio.get_running_loop().run_in_executor(None, sh, "nft flush ruleset")
            return await asyncio.wait_for(task, 120)

    event = asyncio.run(first_foreign())
    assert event.kind == EventKind.DELETED and event.process == "nft"


def test_kernel_opens_another_namespace(kernel, other):
    with open(other) as file:
        for where in (other, file, file.fileno()):
            with fwcore.Kernel(netns=where, owner="there") as there:
                assert there.owner == "there"
                there.apply(wanted(table="over"))
    assert nft("list", "ruleset") == ""
    assert "table inet over" in sh("nsenter --net=%s nft list ruleset" % other)
    with pytest.raises(fwcore.FwcoreError) as caught:
        fwcore.Kernel(netns="no-such-namespace")
    assert caught.value.errno == errno.ENOENT and "/run/netns/no-such-namespace" in str(caught.value)


def test_name_of_ip_netns_is_enough(kernel):
    if os.geteuid() != 0 or subprocess.run(["ip", "netns", "add", "pyns"], capture_output=True).returncode:
        pytest.skip("ip netns cannot be used here")
    try:
        with fwcore.Kernel(netns="pyns") as there:
            there.apply(wanted(table="named"))
        assert "table inet named" in sh("ip netns exec pyns nft list ruleset")
    finally:
        sh("ip netns del pyns")


def test_interfaces_are_what_ip_lists(kernel):
    sh("ip link add br0 type bridge; ip link add v0 type veth peer name v1; ip link set v0 master br0 up; ip link set v1 up;"
       "ip addr add 10.9.0.1/24 brd + dev v1; ip link set v1 alias words")
    found = kernel.interfaces()
    kernel.close()
    for row in sh_json("ip -j -s -d addr show"):
        one = found[row["ifname"]]
        assert (one.index, one.name, one.mtu, one.link_type_name, one.state, one.tx_queue_len) == (
            row["ifindex"], row["ifname"], row["mtu"], row["link_type"], row["operstate"], row["txqlen"])
        assert one.mac == row.get("address") and one.alias == row.get("ifalias")
        assert one.kind == row.get("linkinfo", {}).get("info_kind", "")
        kinds = [(str(a.ip), a.prefix_len, a.scope_name, a.label or None, str(a.broadcast) if a.broadcast else None)
                 for a in one.addresses]
        assert kinds == [(a["local"], a["prefixlen"], a["scope"], a.get("label"), a.get("broadcast")) for a in row["addr_info"]]
        assert one.stats.collisions == 0 and one.stats.rx_packets >= 0
    assert [i.name for i in found] == [row["ifname"] for row in sh_json("ip -j link")] and len(found) == 4
    v0, v1 = found["v0"], found["v1"]
    assert (v0.master, v0.peer, v1.peer, v1.master, v0.peer_netns) == (found["br0"].index, v1.index, v0.index, None, None)
    assert v1.addresses[0].interface == ipaddress.ip_interface("10.9.0.1/24") and v1.carrier and not v1.is_physical
    assert found.find_index(v1.index) == v1 and found.find_index(4000) is None and "v2" not in found
    assert v1.flags & 1 and v1.link_type == 1
    with pytest.raises(KeyError):
        found["v2"]


def test_routes_are_those_of_ip(kernel):
    sh("ip link add v0 type veth peer name v1; ip addr add 192.0.2.1/24 dev v0; ip link set v0 up; ip link set v1 up;"
       "ip addr add 2001:db8::1/64 dev v0 nodad; ip route add 10.1.0.0/16 via 192.0.2.9 metric 7 mtu 1400 table 9;"
       "ip route add table 9 10.2.0.0/16 nexthop via 192.0.2.9 weight 3 nexthop dev v0; ip route add blackhole 10.3.0.0/16 table 9")
    shown = lambda: sh("ip route show table 9").replace(" linkdown", "")  # which goes a moment later
    before = shown()
    made = [r for r in kernel.routes("ip") if r.table == 9]
    assert [str(r.destination) for r in made] == ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]
    v0 = kernel.interfaces()["v0"].index
    assert made[0].hops == [fwcore.NextHop(ipaddress.ip_address("192.0.2.9"), v0)] and (made[0].metric, made[0].mtu) == (7, 1400)
    assert [(h.weight, h.interface) for h in made[1].hops] == [(3, v0), (1, v0)] and made[1].protocol_name == "boot"
    assert made[2].type == fwcore.RouteType.BLACKHOLE and made[2].type_name == "blackhole" and made[2].hops == []
    for route in made:
        kernel.delete_route(route)
    assert shown() == ""
    for route in made:
        kernel.add_route(route)
    assert shown() == before
    with pytest.raises(fwcore.FwcoreError) as caught:
        kernel.add_route(made[0])
    assert caught.value.errno == errno.EEXIST
    assert any(r.destination == ipaddress.ip_network("2001:db8::/64") for r in kernel.routes())
    kernel.replace_route(fwcore.Route("0.0.0.0/0", [fwcore.NextHop("192.0.2.9")], source="192.0.2.1", protocol=4))
    assert "default via 192.0.2.9 dev v0 proto static src 192.0.2.1" in sh("ip route")
    found = kernel.lookup_route("198.51.100.1", mark=5)
    assert str(found.hops[0].gateway) == "192.0.2.9" and found.table == fwcore.RouteTable.MAIN
    assert str(found.destination) == "198.51.100.1/32"
    with pytest.raises(fwcore.FwcoreError) as caught:
        kernel.lookup_route("2001:db8:9::1")
    assert caught.value.errno == errno.ENETUNREACH


def test_forwarding_is_switched_and_put_back(kernel):
    assert not kernel.forwarding()
    kernel.set_forwarding(True)
    assert kernel.forwarding() and sh("sysctl -n net.ipv4.ip_forward").strip() == "1"
    kernel.set_forwarding(False)
    with kernel.change_forwarding(True) as before:
        assert ("net.ipv4.ip_forward", "0") in before and len(before) == len(list(before)) and kernel.forwarding()
        before.restore(kernel)
    assert sh("sysctl -n net.ipv4.ip_forward").strip() == "0" and not kernel.forwarding(interface="lo")
    with pytest.raises(TypeError):
        kernel.set_forwarding(1)


def test_networks_are_made_and_taken_back(kernel, other):
    kernel.set_forwarding(True)
    kernel.set_forwarding(True, "ip6")
    kernel.create_network("net0", subnet4=ipaddress.ip_network("172.30.0.0/24"), subnet6="fd30::/64", flags="isolated")
    kernel.attach("net0", "c1", other, ports=[fwcore.Port(8080, 80)], addresses=["172.30.0.9"])
    kernel.publish("net0", "c1", fwcore.Port(5000, 6000, "udp", count=2, host="127.0.0.1"))
    networks = kernel.networks()
    network = networks["net0"]
    assert (network.name, network.flags, len(networks)) == ("net0", fwcore.NetworkFlags.ISOLATED, 1)
    assert network.subnet4 == ipaddress.ip_interface("172.30.0.1/24") and str(network.subnet6) == "fd30::1/64"
    endpoint, = network.endpoints
    assert (endpoint.id, str(endpoint.address4)) == ("c1", "172.30.0.9") and endpoint.address6 in network.subnet6.network
    assert endpoint.ports == [fwcore.Port(8080, 80), fwcore.Port(5000, 6000, "udp", 2, ipaddress.ip_address("127.0.0.1"))]
    assert endpoint.interface in [row["ifname"] for row in sh_json("ip -j link")]
    inside = sh_json("nsenter --net=%s ip -j -4 addr show dev eth0" % other)
    assert inside[0]["addr_info"][0]["local"] == "172.30.0.9" and "8080" in nft("list", "ruleset")
    with pytest.raises(fwcore.FwcoreError) as caught:
        kernel.delete_network("net0")
    assert caught.value.errno == errno.EBUSY
    kernel.unpublish("net0", "c1", fwcore.Port(5000, 6000, "udp", count=2, host="127.0.0.1"))
    kernel.detach("net0", "c1")
    kernel.delete_network("net0")
    assert len(kernel.networks()) == 0 and nft("list", "ruleset") == ""


def test_extensions_keep_the_kernels_bytes(kernel):
    if subprocess.run("iptables-nft -A INPUT -m string --algo bm --string x -j ACCEPT", shell=True, capture_output=True).returncode:
        pytest.skip("iptables-nft is not there, or its match string")
    rule = kernel.load("filter", "ip")["filter"].chains["INPUT"][0]
    string, = [item for item in rule if item.kind == fwcore.ItemKind.EXTENSION]
    assert (string.extension_name, string.extension_revision, string.extension_is_target) == ("string", 1, False)
    assert b"bm\0" in string.extension_info and string.opaque is None
    assert kernel.load("filter", "ip")["filter"].is_iptables


def test_use_after_close_raises(kernel):
    kernel.close()
    kernel.close()
    ruleset = wanted()
    for use in (kernel.load, lambda: kernel.apply(ruleset), kernel.watch, kernel.interfaces, kernel.networks, kernel.forwarding,
                lambda: kernel.owner, lambda: kernel.plan(ruleset), lambda: kernel.commit(fwcore.Batch()), kernel.__enter__,
                lambda: kernel.create_network("x", subnet4="10.0.0.0/8")):
        with pytest.raises(ValueError, match="the kernel is closed"):
            use()


def test_forked_child_may_not_use_the_kernel(kernel):
    pid = os.fork()
    if pid == 0:
        try:
            kernel.load()
        except fwcore.FwcoreError as error:
            os._exit(error.errno)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == errno.ECHILD
    assert len(kernel.load()) == 0


def test_features_are_asked_of_the_kernel(kernel):
    features = kernel.features()
    counter = features["counter"]
    assert counter.is_present and counter.since == "3.13" and counter.summary and counter.kconfig == ""
    assert counter.example.startswith("add table inet t\n") and "counter" in repr(counter)
    assert "nonsense" not in features and len(list(features)) == len(features) > 70
    assert nft("list", "ruleset") == ""


def test_a_plan_is_carried_out_and_undone(kernel):
    wanted = fwcore.Ruleset()
    chain = wanted.add_table("t").add_chain("c")
    chain.append("tcp dport 22 accept")
    with kernel.plan(wanted) as plan:
        assert plan.kept == []
        with pytest.raises(fwcore.FwcoreError):
            plan.undo()
        assert [(s.action, s.object, s.family, s.table, s.name) for s in plan.steps] == [
            (fwcore.PlanAction.ADD, fwcore.Object.TABLE, fwcore.Family.INET, "t", None),
            (fwcore.PlanAction.ADD, fwcore.Object.CHAIN, fwcore.Family.INET, "t", "c"),
            (fwcore.PlanAction.ADD, fwcore.Object.RULE, fwcore.Family.INET, "t", "c")]
        assert plan.steps[2].words == plan[2] == "add rule inet t c tcp dport 22 accept"
        plan.commit()
        undo = plan.undo()
    assert "tcp dport 22 accept" in nft("list", "ruleset")
    undo.commit()
    assert nft("list", "ruleset") == ""
    undo.undo().commit()
    assert "tcp dport 22 accept" in nft("list", "ruleset")
    chain.comment = "new"
    assert kernel.plan(wanted).kept == ['comment of chain inet t c stays none, declared is "new"']


FILE = """*filter
:INPUT DROP [0:0]
:mine - [0:0]
[3:180] -A INPUT -p tcp --dport 22 -j mine
COMMIT
"""


def test_commands_of_iptables_are_carried_out_together(kernel):
    commands = fwcore.Iptables()
    commands.add_file(FILE, flags="counters")
    assert commands.add(["-A", "mine", "-m", "comment", "--comment", "of python", "-j", "ACCEPT"]) == fwcore.IptablesResult.COMMAND
    commands.add("-S mine")
    assert kernel.commit_iptables(commands, flags="test") == kernel.commit_iptables(commands) == (
        '-N mine\n-A mine -m comment --comment "of python" -j ACCEPT\n')
    assert "dport 22 counter packets 3 bytes 180 jump mine" in nft("list", "ruleset")
    assert commands.failed is None and commands.add("-m limit -h") == fwcore.IptablesResult.HELP
    assert "limit match options:" in commands.help()
    commands.add("-D mine 7")
    with pytest.raises(fwcore.FwcoreError) as caught:
        kernel.commit_iptables(commands)
    assert caught.value.errno == errno.E2BIG and commands.failed == "D"
    with pytest.raises(fwcore.FwcoreError, match="no command specified"):
        commands.add("-j ACCEPT")
    with pytest.raises(ValueError):
        fwcore.Iptables("inet")


def test_file_of_iptables_is_a_declaration(kernel):
    kernel.apply(fwcore.Ruleset.parse_iptables(FILE))
    assert "policy drop" in nft("list", "ruleset")
    with pytest.raises(fwcore.FwcoreError) as caught:
        fwcore.Ruleset.parse_iptables("*filter\n-I INPUT\nCOMMIT\n", family="ip6")
    assert caught.value.line == 2
