# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rulesets in memory: building, reading, failures. No privilege, no kernel."""
import errno
import gc
import ipaddress

import pytest

import fwcore
from fwcore import Family, Field, Op, Target, TargetKind, Value, ValueKind, Verdict

TEXT = """add table inet myapp
add set inet myapp blocked { type ipv4_addr; flags interval; }
add element inet myapp blocked { 192.0.2.0/24, 198.51.100.7 comment "seven" }
add map inet myapp ports { type inet_service : ipv4_addr . inet_service; }
add element inet myapp ports { 80 : 10.0.0.2 . 8080 }
add chain inet myapp input { type filter hook input priority filter - 5; policy drop; }
add chain inet myapp user
add rule inet myapp input ip saddr @blocked counter packets 3 bytes 4 drop comment "no"
add rule inet myapp input tcp dport { 22, 80-89 } jump user
"""


@pytest.fixture
def ruleset():
    return fwcore.Ruleset.parse(TEXT)


def chain_of(table="t", **base):
    made = fwcore.Ruleset()
    return made, made.add_table(table).add_chain("c", **base)


def test_rules_of_iptables_are_said_in_words_of_nft():
    table = fwcore.Ruleset().add_iptables_table("filter")
    chain = table.chains["INPUT"]
    exact = chain.append("-p tcp --dport 22 -j ACCEPT", syntax=fwcore.Syntax.IPTABLES).translate()
    assert exact == ("meta l4proto 6 tcp dport 22 counter accept", fwcore.Translation.EXACT, None)
    nearly = chain.append("-m owner ! --uid-owner 5", syntax=fwcore.Syntax.IPTABLES).translate()
    assert nearly.how == fwcore.Translation.APPROXIMATE and "without a socket" in nearly.differs
    with pytest.raises(fwcore.FwcoreError, match="-m recent, as it is used here, has no form in native tables"):
        chain.append("-m recent --set", syntax=fwcore.Syntax.IPTABLES).translate()


def test_parsed_text_is_read_through_properties(ruleset):
    assert len(ruleset) == 1 and ruleset[0] == ruleset["myapp"] == ruleset.find_table("inet", "myapp")
    table = ruleset["myapp"]
    assert (table.name, table.family, table.handle, table.comment, table.is_iptables) == ("myapp", Family.INET, None, None, False)
    assert [c.name for c in table.chains] == ["input", "user"] and [s.name for s in table.sets] == ["blocked", "ports"]
    chain = table.chains["input"]
    assert (chain.is_base, chain.type, chain.hook, chain.priority, chain.policy, chain.device) == (
        True, fwcore.ChainType.FILTER, fwcore.Hook.INPUT, -5, Verdict.DROP, None)
    assert (table.chains["user"].is_base, table.chains["user"].hook, table.chains["user"].policy) == (False, None, None)
    assert [str(rule) for rule in chain] == ['ip saddr @blocked counter packets 3 bytes 4 drop comment "no"',
                                             "tcp dport { 22, 80-89 } jump user"]
    assert chain[0].comment == "no" and chain[0].counters == (3, 4) and chain[1].counters is None
    assert chain[-1] == chain[1] != chain[0] and chain[:] == list(chain) and chain[0] in chain


def test_items_of_a_rule_are_read(ruleset):
    match, target = ruleset["myapp"].chains["input"][1]
    assert (match.kind, match.op, match.left.kind, match.left.as_field) == (
        fwcore.ItemKind.MATCH, Op.EQ, ValueKind.FIELD, Field.TCP_DPORT)
    assert match.right.kind == ValueKind.LIST and [str(e) for e in match.right.as_list] == ["22", "80-89"]
    assert [v.as_number for v in match.right.as_list[1].key] == [80, 89]
    assert (target.kind, target.target.kind, target.target.name) == (fwcore.ItemKind.TARGET, TargetKind.VERDICT, "verdict")
    assert target.target.params == {"code": Verdict.JUMP, "chain": "user"} and target.target["chain"] == "user"
    assert match.target is None and target.left is None and target.right is None and match.opaque is None
    assert ruleset["myapp"].chains["input"][0][1].target.params == {"packets": 3, "bytes": 4}


def test_elements_of_a_set_are_read(ruleset):
    blocked, ports = ruleset["myapp"].sets
    assert (blocked.key_type, blocked.data_type, blocked.flags, blocked.timeout_ms, blocked.max_elements) == (
        "ipv4_addr", None, fwcore.SetFlags.INTERVAL, None, None)
    assert [e.key.as_address for e in blocked] == [ipaddress.ip_network("192.0.2.0/24"), ipaddress.ip_address("198.51.100.7")]
    assert (blocked[1].comment, blocked[1].tag, blocked[1].data, blocked[1].timeout_ms, blocked[1].expires_ms) == (
        "seven", None, None, None, None)
    assert ports.data_type == "ipv4_addr . inet_service" and str(ports[0]) == "80 : 10.0.0.2 . 8080"
    assert [v.as_address or v.as_number for v in ports[0].data] == [ipaddress.ip_address("10.0.0.2"), 8080]
    assert len(ruleset["myapp"].sets) == 2
    assert ruleset.find_set(Family.INET, "myapp", "ports") == ports and "ports" in ruleset["myapp"].sets


def test_format_says_what_was_parsed(ruleset):
    commands = ruleset.format("commands")
    assert fwcore.Ruleset.parse(commands).format(fwcore.FormatFlags.COMMANDS) == commands
    assert "packets 3" in str(ruleset) and "packets 3" not in ruleset.format(("stateless", "commands"))


def test_builders_say_the_same_as_words():
    made, chain = chain_of(hook="input")
    lines = []

    def rule(words):
        lines.append(words)
        return chain.append()

    rule("tcp dport 22 accept").match("tcp dport", 22).accept()
    rule("tcp dport 80-89 drop").match(Field.TCP_DPORT, range(80, 90)).drop()
    rule("tcp dport != { 22, 80-89 } continue").match("tcp dport", [22, range(80, 90)], "ne").verdict("continue")
    rule("ip saddr 10.0.0.0/8 return").match("ip saddr", ipaddress.ip_network("10.0.0.0/8")).verdict(Verdict.RETURN)
    rule("ip6 daddr 2001:db8::1 jump d").match("ip6 daddr", ipaddress.ip_address("2001:db8::1")).jump("d")
    rule('iifname "a,b" goto d').match_name("meta iifname", "a,b").goto("d")
    rule("tcp flags syn / syn,ack counter packets 0 bytes 0").match_bits("tcp flags", 0x12, 0x02).counter()
    rule("ct state established,related accept").match("ct state", "established,related", Op.ANY_OF).accept()
    rule("ip saddr . tcp dport { 10.0.0.1 . 22 } accept").match(
        (Field.IP_SADDR, Field.TCP_DPORT), [(ipaddress.ip_address("10.0.0.1"), 22)]).accept()
    rule("meta mark & 0x000000ff == 0x00000001 meta mark set ct mark").match(
        Value.field("meta mark") & 0xff, 1).assign("meta mark", Field.CT_MARK)
    rule('log prefix "a: " limit rate 3/minute').log("a: ").limit(3, 60)
    rule('log prefix "b" level debug').log("b", level=7)
    rule("reject").reject()
    rule("meta l4proto tcp reject with tcp reset").match("meta l4proto", 6).reject("tcp_reset")
    rule("tcp dport vmap { 22 : accept, 23 : goto d }").target(
        "vmap", value=Value.map(Field.TCP_DPORT, {22: Verdict.ACCEPT, 23: Value.verdict("goto", "d")}))
    made["t"].add_chain("d")
    assert str(chain.append().match("meta oifname", Value.name("eth0"))) == 'oifname "eth0"'
    assert [str(r) for r in chain][:-1] == lines
    parsed, again = chain_of(hook="input")
    for words in lines:
        again.append(words)
    assert [str(r) for r in again] == lines


def test_nat_of_words_and_builders_is_the_same():
    made = fwcore.Ruleset()
    chain = made.add_table("n", "ip").add_chain("c", type="nat", hook="prerouting", priority="dstnat")
    out = made["n"].add_chain("o", type="nat", hook="postrouting")
    lines = ["tcp dport 80 dnat to 10.0.0.2:8080", "udp dport 53 redirect to :5353", "dnat to 10.0.0.2-10.0.0.9 persistent"]
    chain.append().match("tcp dport", 80).dnat("10.0.0.2", 8080)
    chain.append().match("udp dport", 53).redirect(5353)
    chain.append().dnat(("10.0.0.2", "10.0.0.9"), flags="persistent")
    out.append().match("meta l4proto", 6).masquerade((1024, 2047), ("random", "persistent"))
    out.append().snat(ipaddress.ip_address("192.0.2.1"))
    assert [str(r) for r in chain] == lines
    assert [str(r) for r in out] == ["meta l4proto tcp masquerade to :1024-2047 random,persistent", "snat to 192.0.2.1"]


def test_sets_and_maps_are_built():
    made = fwcore.Ruleset()
    table = made.add_table("t", flags="dormant")
    assert table.flags == fwcore.TableFlags.DORMANT
    knock = table.add_set("knock", "ipv4_addr", timeout_ms=30000, flags=("dynamic", "timeout"), max_elements=9)
    assert (knock.timeout_ms, knock.max_elements, knock.handle) == (30000, 9, None)
    knock.add("10.0.0.1", timeout_ms=500, comment="c", tag="t").add(ipaddress.ip_address("10.0.0.2"))
    assert (knock[0].timeout_ms, knock[0].comment, knock[0].tag) == (500, "c", "t")
    ports = table.add_set("ports", "ipv4_addr . inet_service", data_type="verdict", flags="interval")
    ports.add("10.0.0.1 . 80", "accept").add((ipaddress.ip_address("10.0.0.2"), range(80, 90)), Verdict.DROP)
    assert [str(e) for e in ports] == ["10.0.0.1 . 80 : accept", "10.0.0.2 . 80-89 : drop"]
    assert ports[1].data.as_verdict == Verdict.DROP
    chain = table.add_chain("c", hook="forward")
    chain.append().target("vmap", value=Value.map((Field.IP_SADDR, Field.TCP_DPORT), Value.set("ports")))
    assert str(chain[0]) == "ip saddr . tcp dport vmap @ports"


def test_maps_lead_to_objects():
    made = fwcore.Ruleset()
    counters = made.add_table("t").add_set("m", "ipv4_addr", data_type="ct helper", policy="memory", gc_interval_ms=500)
    counters.add("10.0.0.1", "ftp").add(Value.any(), Value.name("tftp"))
    assert [str(e) for e in counters] == ['10.0.0.1 : "ftp"', '* : "tftp"']
    assert counters[0].data.kind == ValueKind.OBJECT and counters.object_type == fwcore.ObjectType.CT_HELPER
    assert (counters.policy, counters.gc_interval_ms) == (fwcore.SetPolicy.MEMORY, 500)


def test_elements_keep_what_their_set_says_or_what_they_are_given():
    made = fwcore.Ruleset()
    counted = made.add_table("t").add_set("s", "ipv4_addr").add_target(Target("counter")).add_target(Target("quota", bytes=1024))
    with Target("counter", packets=3) as own:
        counted.add("10.0.0.1", targets=[own, counted.targets[1]]).add(Value.any()).add("10.0.0.2")
    assert [t.name for t in counted.targets] == ["counter", "quota"]
    assert [str(e) for e in counted] == ["10.0.0.1 counter packets 3 bytes 0 quota 1 kbytes", "*", "10.0.0.2"]
    assert counted[0].targets[0].params["packets"] == 3 and counted[1].targets == ()
    with pytest.raises(fwcore.FwcoreError, match="elements of this set have 2 targets, not 1"):
        counted.add("10.0.0.3", targets=Target("counter"))
    with pytest.raises(ValueError, match="two targets at most"):
        counted.add("10.0.0.3", targets=[Target("counter")] * 3)


def test_comments_and_tags_are_written_and_removed():
    made, chain = chain_of()
    made["t"].comment = chain.comment = "words"
    sets = made["t"].add_set("s", "mark")
    sets.comment = "of a set"
    rule = chain.append("accept", comment="x", tag="y")
    assert (made["t"].comment, chain.comment, sets.comment, rule.comment, rule.tag) == ("words", "words", "of a set", "x", "y")
    rule.comment = rule.tag = made["t"].comment = None
    assert (made["t"].comment, rule.comment, rule.tag, rule.owner, rule.handle) == (None, None, None, None, None)


def test_values_are_read_as_they_were_made():
    address, network = ipaddress.ip_address("10.0.0.1"), ipaddress.ip_network("2001:db8::/32")
    made, chain = chain_of()
    for left, right in (("ip saddr", address), ("ip6 saddr", network), ("meta mark", 1 << 31), ("tcp dport", range(1, 65536))):
        chain.append().match(left, right)
    right = [rule[0].right for rule in chain]
    assert [right[0].as_address, right[1].as_address, right[2].as_number] == [address, network, 1 << 31]
    assert [v.as_number for v in right[3]] == [1, 65535] and right[0].as_name is None and right[0].as_bits is None
    left = chain.append().match(Value.field("ct mark") >> 8, 3)[0].left
    assert left.as_bits == (fwcore.BitsOp.RSHIFT, 8) and left[0].as_field == Field.CT_MARK
    assert Value.set("blocked").as_name == "blocked" and Value.verdict("jump", "x").as_name == "x"
    assert repr(Value.concat(Field.IP_SADDR, Field.TCP_DPORT)).count("FIELD") == 2


def test_bits_of_values_have_operators():
    mark = Value.field("meta mark")
    found = [(mark | 1).as_bits, (mark & 2).as_bits, (mark ^ 3).as_bits, (mark << 4).as_bits, (mark >> 5).as_bits]
    assert [(op.name, bits) for op, bits in found] == [("OR", 1), ("AND", 2), ("XOR", 3), ("LSHIFT", 4), ("RSHIFT", 5)]


def test_values_are_made_of_two_of_the_packet():
    both = Value.join(mark := Value.field("meta mark"), fwcore.BitsOp.AND, Value.field("ct mark"))
    made, chain = chain_of()
    chain.append().match(both, 1)
    assert str(chain[0]) == "meta mark & ct mark == 0x00000001"
    with pytest.raises(ValueError, match="no join"):
        Value.join(mark, fwcore.BitsOp.LSHIFT, mark)


def test_targets_are_read_as_they_were_made():
    target = fwcore.Target("log", prefix="x", group=3)
    target["snaplen"] = 40
    assert (target.kind, target.name, target.params) == (TargetKind.LOG, "log", {"prefix": "x", "group": 3, "snaplen": 40})
    with pytest.raises(KeyError):
        target["level"]
    made, chain = chain_of()
    for _ in range(2):
        chain.append().target(target)
    assert [str(r) for r in chain] == ['log prefix "x" group 3 snaplen 40'] * 2
    assert fwcore.Target("assign", field=Field.META_MARK, value=Value.number(1))["value"].kind == ValueKind.UNTYPED


def test_target_holds_a_target():
    update = fwcore.Target("update", set="s", key=Field.IP_SADDR, target=fwcore.Target("limit", rate=3, unit_s=60))
    inner = update["target"]
    assert (inner.kind, inner["rate"], inner.params["unit_s"]) == (TargetKind.LIMIT, 3, 60)
    with pytest.raises(TypeError, match="Target or RuleTarget is wanted, not int"):
        update["target"] = 3


def test_named_objects_are_read_as_they_were_declared():
    with fwcore.Ruleset() as rs:
        table = rs.add_table("t")
        table.add_object("hits", "counter", packets=3)
        table.add_object("slow", fwcore.Target("limit", rate=5))
        (name, kind, what), second = table.objects
        assert (name, kind, what["packets"]) == ("hits", fwcore.ObjectType.COUNTER, 3) and second[2]["rate"] == 5
        with pytest.raises(fwcore.FwcoreError, match="declared already"):
            table.add_object("hits", "counter")


def test_fields_are_found_by_name():
    assert fwcore.find_field("tcp dport") is Field.TCP_DPORT and fwcore.field_name(Field.TCP_DPORT) == "tcp dport"
    # Fields with parameters have no name without them.
    named = [field for field in Field if fwcore.field_name(field)]
    assert len(named) > 200 and all(fwcore.find_field(fwcore.field_name(field)) is field for field in named)
    with pytest.raises(ValueError, match="'nothing' is not a field"):
        fwcore.find_field("nothing")


def test_addresses_go_both_ways():
    for words in ("192.0.2.1", "2001:db8::1", "::"):
        assert fwcore.format_address(words) == fwcore.format_address(ipaddress.ip_address(words)) == words
        assert fwcore.parse_address(words) == ipaddress.ip_address(words)
    with pytest.raises(fwcore.FwcoreError, match="192.0.2.256"):
        fwcore.parse_address("192.0.2.256")


def test_failure_says_where_and_sticks():
    made, chain = chain_of()
    chain.append("accept")
    with pytest.raises(fwcore.FwcoreError) as caught:
        chain.append("tcp dport 70000 accept")
    error = caught.value
    assert isinstance(error, OSError) and error.errno == errno.EINVAL and "70000" in error.strerror
    assert (error.table, error.chain, error.rule, error.line, error.column) == ("t", "c", 1, 1, 11)
    assert (error.item, error.handle, error.kconfig, error.from_kernel, error.outcome) == (
        None, None, None, False, fwcore.Outcome.NOTHING)
    chain.append("drop")  # builders go on: one check at the end is enough in C
    for use in (made.format, lambda: str(chain[0]), lambda: made.format("commands")):
        with pytest.raises(fwcore.FwcoreError, match="70000"):
            use()
    assert made.error.strerror == error.strerror and fwcore.Ruleset().error is None


def test_parse_failure_has_line_and_column():
    with pytest.raises(fwcore.FwcoreError) as caught:
        fwcore.Ruleset.parse("add table inet t\nadd chain inet t c\nadd rule inet t c tcp dprt 1\n")
    assert (caught.value.errno, caught.value.line, caught.value.column) == (errno.EINVAL, 3, 19)
    assert caught.value.object == fwcore.Object.TEXT


def test_second_table_of_a_name_is_refused_with_its_errno():
    made, _ = chain_of()
    with pytest.raises(fwcore.FwcoreError) as caught:
        made.add_table("t")
    assert caught.value.errno == errno.EEXIST


def test_what_is_read_is_read_only(ruleset):
    rule = ruleset["myapp"].chains["input"][0]
    for change in (lambda: rule.accept(), lambda: setattr(rule, "comment", "x"), lambda: rule.match("tcp dport", 1),
                   lambda: rule.target("counter")):
        with pytest.raises(TypeError, match="read-only"):
            change()
    with pytest.raises(TypeError, match="read-only"):
        ruleset["myapp"].chains["input"][1][0].right.as_list.add("1")
    with pytest.raises(TypeError):
        ruleset["myapp"].chains["input"][1][1].target["code"] = 1


def test_children_keep_their_ruleset():
    rule = fwcore.Ruleset.parse(TEXT)["myapp"].chains["input"][1]
    element = fwcore.Ruleset.parse(TEXT)["myapp"].sets[0][0]
    value = next(iter(fwcore.Ruleset.parse(TEXT)["myapp"].chains["input"][1])).right
    gc.collect()
    others = [fwcore.Ruleset.parse(TEXT) for _ in range(50)]  # would take over what had been freed
    assert str(rule) == "tcp dport { 22, 80-89 } jump user" and str(element) == "192.0.2.0/24"
    assert [str(e) for e in value.as_list] == ["22", "80-89"] and others


def test_value_keeps_the_value_it_is_part_of():
    part = Value.range(80, 90)[1]
    gc.collect()
    others = [Value.range(1, 2) for _ in range(50)]
    assert part.kind == ValueKind.UNTYPED and others


def test_use_after_close_raises(ruleset):
    table = ruleset["myapp"]
    chain, first = table.chains["input"], table.chains["input"][0]
    element, value, target = table.sets[0][0], first[0].right, first[1].target
    rules = iter(chain)
    next(rules)
    ruleset.close()
    ruleset.close()
    assert ruleset.closed and "closed" in repr(ruleset) + repr(chain) + repr(table) + repr(first) + repr(element)
    for use in (lambda: len(ruleset), lambda: table.name, lambda: len(chain), lambda: next(rules), lambda: str(first),
                lambda: first.comment, lambda: element.key, lambda: value.kind, lambda: target["packets"],
                lambda: chain.append("accept"), lambda: table.chains["x"], lambda: ruleset.format(), lambda: ruleset.error,
                lambda: len(first), ruleset.__enter__):
        with pytest.raises(ValueError, match="the ruleset is closed"):
            use()


def test_with_closes():
    with fwcore.Ruleset() as made, fwcore.Target("counter") as target, fwcore.Batch() as batch:
        made.add_table("t")
    assert made.closed and target.closed and batch.closed
    with pytest.raises(ValueError, match="the target is closed"):
        target.params


def test_closing_one_leaves_others():
    one, two = fwcore.Ruleset.parse(TEXT), fwcore.Ruleset.parse(TEXT)
    one.close()
    assert len(two["myapp"].chains) == 2


def test_base_chain_on_devices_has_their_names():
    made = fwcore.Ruleset()
    table = made.add_table("t", "netdev")
    chain = table.add_chain("c", hook="ingress", devices=["eth0", "eth1"])
    assert chain.devices == ["eth0", "eth1"] and chain.device == "eth0"
    assert table.add_chain("d", hook="ingress", device="eth0").devices == ["eth0"]
    assert made.add_table("u").add_chain("c", hook="input").devices == []
    with pytest.raises(TypeError):
        table.add_chain("e", hook="ingress", devices="eth0")


def test_absent_table_is_declared():
    made = fwcore.Ruleset()
    assert made.absent_table("old") is made and "delete table inet old" in made.format("commands") and len(made) == 0


def test_unknown_options_name_the_known_ones():
    made, _ = chain_of()
    with pytest.raises(TypeError, match="there is no 'hok'; there are type, hook, policy, priority, device"):
        made["t"].add_chain("d", hok="input")
    with pytest.raises(ValueError, match="'inptu' is none of prerouting, input, forward"):
        made["t"].add_chain("d", hook="inptu")
    assert made.error is None


def test_version_is_that_of_the_project():
    assert fwcore.version() == "0.1.0"


def test_rules_are_folded_into_a_set_and_come_back():
    ruleset, chain = chain_of()
    for port in range(8):
        chain.append("tcp dport %d accept" % port, tag="t%d" % port)
    chain.append("tcp dport 99 limit rate 1/second accept")
    before = str(ruleset)
    made, left = ruleset.optimize()
    assert (made.kind, made.reason, made.family, made.table, made.chain, made.set, made.first, made.rules) == (
        fwcore.FoldKind.SET, fwcore.FoldReason.NO_REASON, Family.INET, "t", "c", "c.tcp_dport", 0, 8)
    assert (left.kind, left.reason, left.set) == (fwcore.FoldKind.LEFT, fwcore.FoldReason.TARGET, None)
    assert str(made) == "table inet t, chain c, rules 1 to 8: folded into set c.tcp_dport"
    assert [str(rule) for rule in chain][0] == "tcp dport @c.tcp_dport accept" and len(chain) == 2
    ruleset.unfold()
    assert str(ruleset) == before and chain[3].tag == "t3"
    assert [fold.kind for fold in ruleset.optimize(min_rules=9)] == [fwcore.FoldKind.LEFT] * 2
    with pytest.raises(fwcore.FwcoreError):
        ruleset.optimize(min_rules=1)
    ruleset.close()
    for late in (ruleset.optimize, ruleset.unfold):
        with pytest.raises(ValueError):
            late()


def test_fields_with_parameters_are_given_numbers():
    ruleset, chain = chain_of()
    raw = Value.field(Field.RAW_PAYLOAD, header=fwcore.Header.TRANSPORT, offset=16, length=16)
    assert raw.details == {"header": 2, "offset": 16, "length": 16}
    assert Value.field(Field.TCP_DPORT).details == {}
    rule = chain.append().match(raw, 80).target("assign", to=raw, value=81)
    assert rule.text == "@th,16,16 0x50 @th,16,16 set 0x51"
    with pytest.raises(ValueError):
        Value.field(Field.NUMGEN, kind=5)
    ruleset.close()


def test_a_rule_has_rules_of_its_own():
    ruleset, chain = chain_of()
    rule = chain.append().match("tcp dport", 22)
    block = rule.add_block()
    block.append().counter().accept()
    assert rule.text == "tcp dport 22 jump { counter packets 0 bytes 0 accept; }"
    assert len(rule[1].target.block) == 1
    assert chain.append("accept")[0].target.block is None
    with pytest.raises(fwcore.FwcoreError):
        block.append().add_block()
    ruleset.close()


def test_rule_as_json_is_appended_as_the_same_rule():
    with fwcore.Ruleset() as rs:
        chain = rs.add_table("t").add_chain("c")
        rule = chain.append("ip saddr { 10.0.0.1, 10.0.0.2 } counter accept comment \"x\"")
        again = chain.append(rule.json, syntax=fwcore.Syntax.JSON)
        assert again.text == rule.text and again.json == rule.json
        with pytest.raises(fwcore.FwcoreError, match=r"expr\[0\].nonsense: is no statement"):
            chain.append('{"expr":[{"nonsense":null}]}', syntax=fwcore.Syntax.JSON)
