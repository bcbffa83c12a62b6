// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"errors"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"fwcore"
)

func newTable(t testing.TB) (*fwcore.Ruleset, *fwcore.Table, *fwcore.Chain) {
	t.Helper()
	rs := fwcore.NewRuleset()
	t.Cleanup(func() { rs.Close() })
	table := value(rs.AddTable(fwcore.FamilyInet, "myapp", 0))(t)
	return rs, table, value(table.AddChain("input", &fwcore.BaseOptions{Hook: fwcore.HookInput, Policy: fwcore.VerdictDrop}))(t)
}

func text(t testing.TB, rule *fwcore.Rule) string {
	t.Helper()
	return value(rule.Format(fwcore.SyntaxNFT))(t)
}

func TestRulesBuiltByCallsReadInNftsWords(t *testing.T) {
	_, table, input := newTable(t)
	value(table.AddSet("knock", "ipv4_addr", &fwcore.SetOptions{Timeout: time.Second}))(t)
	field := fwcore.Field.Value
	for want, build := range map[string]func(r *fwcore.Rule) error{
		"tcp dport 22": func(r *fwcore.Rule) error { return r.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, 22, 22) },
		"tcp dport 22-80": func(r *fwcore.Rule) error {
			return r.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, 22, 80)
		},
		"tcp dport { 22, 80-89 }": func(r *fwcore.Rule) error {
			return r.MatchValue(field(fwcore.FieldTCPDport), fwcore.OpEQ,
				fwcore.List(fwcore.Number(22), fwcore.Range(fwcore.Number(80), fwcore.Number(89))))
		},
		"ip saddr 192.0.2.0/24": func(r *fwcore.Rule) error {
			return r.MatchPrefix(fwcore.FieldIPSaddr, fwcore.OpEQ, netip.MustParsePrefix("192.0.2.0/24"))
		},
		"ip6 daddr != 2001:db8::1": func(r *fwcore.Rule) error {
			return r.MatchAddr(fwcore.FieldIP6Daddr, fwcore.OpNE, netip.MustParseAddr("2001:db8::1"))
		},
		`iifname "eth0"`: func(r *fwcore.Rule) error {
			return r.MatchName(fwcore.FieldMetaIifname, fwcore.OpEQ, "eth0")
		},
		"ct state established,related": func(r *fwcore.Rule) error {
			return r.Match(fwcore.FieldCTState, fwcore.OpAnyOf, "established,related")
		},
		"tcp flags syn / syn,ack": func(r *fwcore.Rule) error {
			return r.MatchBits(fwcore.FieldTCPFlags, fwcore.OpEQ, 0x12, 0x02)
		},
		"ip saddr . tcp dport { 192.0.2.1 . 22 } counter": func(r *fwcore.Rule) error {
			left := fwcore.Concat(field(fwcore.FieldIPSaddr), field(fwcore.FieldTCPDport))
			right := fwcore.List(fwcore.Concat(fwcore.Addr(netip.MustParseAddr("192.0.2.1")), fwcore.Text("22")))
			return firstOf(r.MatchValue(left, fwcore.OpEQ, right), r.Counter())
		},
		"ip saddr @knock accept": func(r *fwcore.Rule) error {
			return firstOf(r.MatchValue(field(fwcore.FieldIPSaddr), fwcore.OpEQ, fwcore.NamedSet("knock")),
				r.Verdict(fwcore.VerdictAccept, ""))
		},
		"meta mark set ct mark & 0x000000ff": func(r *fwcore.Rule) error {
			return r.Assign(fwcore.FieldMetaMark, fwcore.Bits(field(fwcore.FieldCTMark), fwcore.BitsAnd, 0xff))
		},
		"tcp dport vmap { 22 : accept, 80 : jump web }": func(r *fwcore.Rule) error {
			pairs := fwcore.Pairs([]*fwcore.Value{fwcore.Number(22), fwcore.Number(80)},
				[]*fwcore.Value{fwcore.VerdictAccept.Value(""), fwcore.VerdictJump.Value("web")})
			return r.AddTarget(fwcore.NewTarget(fwcore.TargetVmap).
				SetValue(fwcore.ParamVmapValue, fwcore.Map(field(fwcore.FieldTCPDport), pairs)))
		},
		"ip daddr 192.0.2.0/25 limit rate 3/minute burst 7 packets log prefix \"x\" drop": func(r *fwcore.Rule) error {
			return firstOf(r.MatchValue(field(fwcore.FieldIPDaddr), fwcore.OpEQ, fwcore.Prefix(netip.MustParsePrefix("192.0.2.0/25"))),
				r.Limit(3, 60, 7), r.Log("x"), r.Verdict(fwcore.VerdictDrop, ""))
		},
		"reject with tcp reset": func(r *fwcore.Rule) error {
			return firstOf(r.MatchUint(fwcore.FieldMetaL4proto, fwcore.OpEQ, 6, 6), r.Reject(fwcore.RejectTCPReset, 0))
		},
		"log prefix \"a\" level debug": func(r *fwcore.Rule) error {
			return r.AddTarget(fwcore.NewTarget(fwcore.TargetLog).SetText(fwcore.ParamLogPrefix, "a").SetNumber(fwcore.ParamLogLevel, 7))
		},
		`oifname "a*" masquerade random`: func(r *fwcore.Rule) error {
			return firstOf(r.MatchValue(field(fwcore.FieldMetaOifname), fwcore.OpEQ, fwcore.Text("a*")),
				r.NAT(fwcore.TargetMasquerade, &fwcore.NATOptions{Flags: fwcore.NATRandom}))
		},
		`oifname "\*" continue comment "c"`: func(r *fwcore.Rule) error {
			return firstOf(r.MatchValue(field(fwcore.FieldMetaOifname), fwcore.OpEQ, fwcore.Name("*")),
				r.Verdict(fwcore.VerdictContinue, ""), r.SetComment("c"), r.SetTag("tag"))
		},
	} {
		rule := value(input.Append())(t)
		if err := build(rule); err != nil {
			t.Errorf("%s: %v", want, err)
		} else if got := text(t, rule); !strings.Contains(got, want) {
			t.Errorf("%s was written for %s", got, want)
		}
	}
}

func TestWhatWasReadCanBeTakenIntoAnotherRule(t *testing.T) {
	_, _, input := newTable(t)
	_, _, other := newTable(t)
	value(input.AppendText(fwcore.SyntaxNFT, "tcp dport { 22, 80-89 } ip saddr . ip daddr { 192.0.2.1 . 192.0.2.2 } log prefix \"p\" drop"))(t)
	was := input.Rule(0)
	copied := value(other.Append())(t)
	for _, item := range was.Items() {
		if item.Kind() == fwcore.ItemTarget {
			must(t, copied.AddTarget(item.Target()))
		} else {
			must(t, copied.MatchValue(item.Left(), item.Op(), item.Right()))
		}
	}
	if got := text(t, copied); got != text(t, was) {
		t.Errorf("%s became %s", text(t, was), got)
	}
}

func TestValuesTellWhatTheyAre(t *testing.T) {
	_, _, input := newTable(t)
	rule := value(input.AppendText(fwcore.SyntaxNFT, "tcp dport 22 ip saddr 192.0.2.0/24 ct mark & 0xff == 0x1 "+
		"tcp sport { 1, 5-6 } iifname \"eth*\" tcp sport vmap { 7 : jump web } comment \"words\""))(t)
	rule = input.Rule(rule.Len() * 0)
	items := rule.Items()
	if len(items) != 6 || rule.Len() != 6 || rule.Comment() != "words" || rule.Item(6) != nil || rule.Item(-1) != nil {
		t.Fatalf("%d items, comment %q", len(items), rule.Comment())
	}
	if f := items[0].Left().Field(); f != fwcore.FieldTCPDport || f.String() != "tcp dport" || items[0].Left().Kind() != fwcore.ValueField {
		t.Error("the field is ", f)
	}
	if n, ok := items[0].Right().Number(); !ok || n != 22 || items[0].Op() != fwcore.OpEQ {
		t.Error("the number is ", n)
	}
	if p, ok := items[1].Right().Prefix(); !ok || p != netip.MustParsePrefix("192.0.2.0/24") {
		t.Error("the prefix is ", p)
	}
	if op, bits, ok := items[2].Left().Bits(); !ok || op != fwcore.BitsAnd || bits != 0xff || items[2].Left().At(0).Field() != fwcore.FieldCTMark {
		t.Error("the bits are ", op, bits)
	}
	list := items[3].Right().Set()
	if list.Len() != 2 || list.Element(1).Key().Kind() != fwcore.ValueRange || list.Element(1).Key().Len() != 2 {
		t.Error("the list is ", list.Elements())
	}
	if n, _ := list.Element(1).Key().At(1).Number(); n != 6 {
		t.Error("the range ends with ", n)
	}
	if err := list.Add("9", "", nil); !errors.Is(err, syscall.EPERM) {
		t.Error("an anonymous set that is read was changed: ", err)
	}
	if name := items[4].Right().Name(); name != "eth" || items[4].Right().Kind() != fwcore.ValuePrefix {
		t.Error("the name is ", name)
	}
	verdicts := items[5].Target().Value(fwcore.ParamVmapValue).At(1).Set()
	if v := verdicts.Element(0).Data(); v.Verdict() != fwcore.VerdictJump || v.Name() != "web" {
		t.Error("the verdict is ", v.Verdict(), v.Name())
	}
	if items[5].Target().Kind() != fwcore.TargetVmap || items[5].Target().Name() != "vmap" {
		t.Error("the target is ", items[5].Target().Name())
	}
}

func TestSetsAndElementsAreReadAsTheyWereDeclared(t *testing.T) {
	rs, table, _ := newTable(t)
	set := value(table.AddSet("ports", "ipv4_addr . inet_service", &fwcore.SetOptions{
		Flags: fwcore.SetInterval, MaxElements: 99, Timeout: time.Minute, DataType: "verdict"}))(t)
	must(t, set.SetComment("the ports"))
	must(t, set.Add("192.0.2.1 . 80", "accept", &fwcore.ElementOptions{Timeout: 5 * time.Second, Comment: "c", Tag: "t"}))
	key := fwcore.Concat(fwcore.Addr(netip.MustParseAddr("192.0.2.2")), fwcore.Range(fwcore.Number(1), fwcore.Number(9)))
	must(t, set.AddValue(key, fwcore.VerdictDrop.Value(""), nil))
	set = rs.Set(fwcore.FamilyInet, "myapp", "ports")
	if set.Name() != "ports" || set.KeyType() != "ipv4_addr . inet_service" || set.DataType() != "verdict" ||
		set.MaxElements() != 99 || set.Timeout() != time.Minute || set.Comment() != "the ports" || set.Handle() != 0 ||
		set.Flags()&fwcore.SetInterval == 0 || len(table.Sets()) != 1 {
		t.Error(set.Name(), set.KeyType(), set.DataType(), set.MaxElements(), set.Timeout(), set.Comment(), set.Flags())
	}
	first := set.Element(0)
	if first.String() != `192.0.2.1 . 80 timeout 5s comment "c" : accept` || first.Timeout() != 5*time.Second || first.Comment() != "c" ||
		first.Tag() != "t" || first.Expires() != 0 || first.Data().Verdict() != fwcore.VerdictAccept {
		t.Error(first, first.Timeout(), first.Comment(), first.Tag(), first.Expires())
	}
	if second := set.Elements()[1].String(); second != "192.0.2.2 . 1-9 : drop" || set.Len() != 2 || set.Element(2) != nil {
		t.Error(second)
	}
	for _, d := range []time.Duration{-time.Second, time.Microsecond} {
		if err := set.Add("192.0.2.9 . 9", "accept", &fwcore.ElementOptions{Timeout: d}); !errors.Is(err, syscall.EINVAL) {
			t.Error(d, " was taken for a timeout: ", err)
		}
	}
}

func TestMapsLeadToObjects(t *testing.T) {
	_, table, _ := newTable(t)
	set := value(table.AddSet("m", "ipv4_addr", &fwcore.SetOptions{
		DataType: "counter", Policy: fwcore.SetPolicyMemory, GCInterval: time.Second}))(t)
	must(t, set.Add("10.0.0.1", "c", nil))
	if s := set.Element(0).String(); s != `10.0.0.1 : "c"` || set.ObjectType() != fwcore.ObjectTypeCounter ||
		set.Policy() != fwcore.SetPolicyMemory || set.GCInterval() != time.Second {
		t.Error(s, set.ObjectType(), set.Policy(), set.GCInterval())
	}
}

func TestElementsKeepWhatTheirSetSaysOrWhatTheyAreGiven(t *testing.T) {
	_, table, _ := newTable(t)
	set := value(table.AddSet("s", "ipv4_addr", nil))(t)
	must(t, set.AddTarget(fwcore.NewTarget(fwcore.TargetCounter)))
	own := fwcore.NewTarget(fwcore.TargetCounter).SetNumber(fwcore.ParamCounterPackets, 3)
	must(t, set.Add("10.0.0.1", "", &fwcore.ElementOptions{Targets: []*fwcore.Target{own}}))
	must(t, set.AddValue(fwcore.AnyKey(), nil, &fwcore.ElementOptions{Targets: set.Targets()}))
	if s := set.Element(0).String(); s != "10.0.0.1 counter packets 3 bytes 0" {
		t.Error(s)
	}
	if s := set.Element(1).String(); s != "* counter packets 0 bytes 0" || len(set.Targets()) != 1 {
		t.Error(s, set.Targets())
	}
	if n, _ := set.Element(0).Targets()[0].Number(fwcore.ParamCounterPackets); n != 3 {
		t.Error(n)
	}
	three := []*fwcore.Target{own, own, own}
	if err := set.Add("10.0.0.2", "", &fwcore.ElementOptions{Targets: three}); !errors.Is(err, syscall.EINVAL) {
		t.Error("three targets were taken: ", err)
	}
}

func TestTablesAndChainsAreReadAsTheyWereDeclared(t *testing.T) {
	rs, table, input := newTable(t)
	must(t, table.SetComment("t"))
	must(t, input.SetComment("c"))
	value(table.AddChain("user", nil))(t)
	if table.Name() != "myapp" || table.Family() != fwcore.FamilyInet || table.Comment() != "t" || table.Flags() != 0 ||
		table.Handle() != 0 || table.IsIptables() || len(table.Chains()) != 2 || len(rs.Tables()) != 1 ||
		rs.Table(fwcore.FamilyIP, "myapp") != nil || rs.Table(fwcore.FamilyInet, "myapp").Name() != "myapp" {
		t.Error("the table reads otherwise")
	}
	if input.Name() != "input" || !input.IsBase() || input.Type() != fwcore.ChainFilter || input.Hook() != fwcore.HookInput ||
		input.Priority() != 0 || input.Policy() != fwcore.VerdictDrop || input.Device() != "" || input.Comment() != "c" ||
		input.Handle() != 0 || input.Len() != 0 || rs.Chain(fwcore.FamilyInet, "myapp", "user").IsBase() {
		t.Error("the chain reads otherwise")
	}
	netdev := value(rs.AddTable(fwcore.FamilyNetdev, "early", 0))(t)
	ingress := value(netdev.AddChain("in", &fwcore.BaseOptions{Hook: fwcore.HookIngress, Devices: []string{"eth0", "eth1"}}))(t)
	if devices := ingress.Devices(); len(devices) != 2 || devices[1] != "eth1" || ingress.Device() != "eth0" {
		t.Error(devices)
	}
}

func TestRulesetsAreParsedAndWritten(t *testing.T) {
	const commands = "add table inet myapp\nadd chain inet myapp input { type filter hook input priority filter; policy drop; }\n" +
		"add rule inet myapp input tcp dport 22 accept\n"
	rs := value(fwcore.ParseRuleset(fwcore.SyntaxNFT, commands))(t)
	defer rs.Close()
	if got := value(rs.Format(fwcore.SyntaxNFT, fwcore.FormatCommands))(t); got != commands {
		t.Errorf("%q", got)
	}
	wantContains(t, rs.String(), "table inet myapp {", "tcp dport 22 accept")

	var e *fwcore.Error
	_, err := fwcore.ParseRuleset(fwcore.SyntaxNFT, "add table inet myapp\nadd rule inet myapp nowhere tcp dprt 22\n")
	if !errors.As(err, &e) || !errors.Is(err, syscall.EINVAL) || e.Line != 2 || e.Column < 1 {
		t.Errorf("%+v", e)
	}
	for _, hostile := range []string{"add table inet a\x00b", "\x00", strings.Repeat("{", 100000)} {
		if _, err := fwcore.ParseRuleset(fwcore.SyntaxNFT, hostile); err == nil {
			t.Errorf("%.20q was parsed", hostile)
		}
	}
}

func TestFirstFailureIsKeptAndNamesItsPlace(t *testing.T) {
	rs, _, input := newTable(t)
	rule := value(input.Append())(t)
	must(t, rule.Counter())
	err := rule.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, 70000, 70000)
	var e *fwcore.Error
	if !errors.As(err, &e) || !errors.Is(err, syscall.EINVAL) || e.Table != "myapp" || e.Chain != "input" || e.Rule != 0 || e.Item != 1 {
		t.Fatalf("%+v", e)
	}
	wantContains(t, err.Error(), "70000")
	later := rule.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, 80000, 80000)
	wantContains(t, later.Error(), "earlier failure", "70000")
	if _, err := rs.Format(fwcore.SyntaxNFT, 0); !errors.Is(err, syscall.EINVAL) || rs.Err() == nil {
		t.Error("a ruleset that failed was written: ", err)
	}
	var missing *fwcore.Chain
	if _, err := missing.Append(); !errors.Is(err, syscall.EINVAL) {
		t.Error("a chain that is nil took a rule: ", err)
	}
}

// A refusal that only this package makes must stop the ruleset just as well.
func TestTextWithNulIsRefusedAndTheRulesetWithIt(t *testing.T) {
	const nul = "a\x00b"
	bad := fwcore.Name(nul)
	for name, build := range map[string]func(rs *fwcore.Ruleset, table *fwcore.Table, input *fwcore.Chain, rule *fwcore.Rule, set *fwcore.Set) error{
		"table": func(rs *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := rs.AddTable(fwcore.FamilyIP, nul, 0)
			return err
		},
		"absent": func(rs *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			return rs.AbsentTable(fwcore.FamilyIP, nul)
		},
		"chain": func(_ *fwcore.Ruleset, table *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := table.AddChain(nul, nil)
			return err
		},
		"priority": func(_ *fwcore.Ruleset, table *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := table.AddChain("c", &fwcore.BaseOptions{Priority: nul})
			return err
		},
		"devices": func(_ *fwcore.Ruleset, table *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := table.AddChain("c", &fwcore.BaseOptions{Devices: []string{"eth0", ""}})
			return err
		},
		"set": func(_ *fwcore.Ruleset, table *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := table.AddSet(nul, "ipv4_addr", nil)
			return err
		},
		"set type": func(_ *fwcore.Ruleset, table *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := table.AddSet("s", "ipv4_addr", &fwcore.SetOptions{DataType: nul})
			return err
		},
		"rule in words": func(_ *fwcore.Ruleset, _ *fwcore.Table, input *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			_, err := input.AppendText(fwcore.SyntaxNFT, "accept\x00")
			return err
		},
		"match": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.Match(fwcore.FieldTCPDport, fwcore.OpEQ, "22\x00")
		},
		"name": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.MatchName(fwcore.FieldMetaIifname, fwcore.OpEQ, nul)
		},
		"value": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.MatchValue(fwcore.FieldMetaIifname.Value(), fwcore.OpEQ, fwcore.List(fwcore.Name("x"), bad))
		},
		"target": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.AddTarget(fwcore.NewTarget(fwcore.TargetLog).SetText(fwcore.ParamLogPrefix, nul))
		},
		"verdict": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.Verdict(fwcore.VerdictJump, nul)
		},
		"log": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.Log(nul)
		},
		"comment": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.SetComment(nul)
		},
		"tag": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.SetTag(nul)
		},
		"element": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, set *fwcore.Set) error {
			return set.Add("192.0.2.1\x00", "", nil)
		},
		"element's tag": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, set *fwcore.Set) error {
			return set.Add("192.0.2.1", "", &fwcore.ElementOptions{Tag: nul})
		},
		"zone": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.MatchAddr(fwcore.FieldIP6Saddr, fwcore.OpEQ, netip.MustParseAddr("fe80::1%eth0"))
		},
		"zero prefix": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.MatchPrefix(fwcore.FieldIPSaddr, fwcore.OpEQ, netip.Prefix{})
		},
		"nil value": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, rule *fwcore.Rule, _ *fwcore.Set) error {
			return rule.MatchValue(fwcore.FieldIPSaddr.Value(), fwcore.OpEQ, nil)
		},
		"data that are no value": func(_ *fwcore.Ruleset, _ *fwcore.Table, _ *fwcore.Chain, _ *fwcore.Rule, set *fwcore.Set) error {
			return set.AddValue(fwcore.Addr(netip.MustParseAddr("192.0.2.1")), fwcore.Field(99999).Value(), nil)
		},
		"rule to be read": func(_ *fwcore.Ruleset, _ *fwcore.Table, input *fwcore.Chain, _ *fwcore.Rule, _ *fwcore.Set) error {
			return input.Rule(0).Verdict(fwcore.VerdictAccept, "")
		},
	} {
		rs, table, input := newTable(t)
		rule := value(input.Append())(t)
		set := value(table.AddSet("set", "ipv4_addr", nil))(t)
		err := build(rs, table, input, rule, set)
		if err == nil || rs.Err() == nil {
			t.Errorf("%s: error %v, the ruleset keeps %v", name, err, rs.Err())
			continue
		}
		if _, formatted := rs.Format(fwcore.SyntaxNFT, 0); formatted == nil {
			t.Errorf("%s: the ruleset that was refused is written", name)
		}
		if name == "match" {
			var e *fwcore.Error
			if errors.As(err, &e); e.Table != "myapp" || e.Chain != "input" || e.Rule != 0 || !strings.Contains(e.Message, `"22\x00"`) {
				t.Errorf("the refusal does not name its place: %+v", e)
			}
		}
	}
}

func TestWhatIsBorrowedEndsWithItsRoot(t *testing.T) {
	rs, table, input := newTable(t)
	rule := value(input.AppendText(fwcore.SyntaxNFT, "tcp dport { 22, 80 } accept"))(t)
	item := rule.Item(0)
	list := item.Right()
	set := list.Set()
	must(t, rs.Close())
	must(t, rs.Close())
	if err := rule.Counter(); !errors.Is(err, os.ErrClosed) || !errors.Is(err, syscall.EBADF) {
		t.Error(err)
	}
	if _, err := table.AddChain("x", nil); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if input.Name() != "" || rule.String() != "<the ruleset is closed>" || item.Kind() != 0 || list.Kind() != 0 || set.Len() != 0 {
		t.Error("something closed can be read")
	}
	other, _, chain := newTable(t)
	if err := value(chain.Append())(t).MatchValue(fwcore.FieldTCPDport.Value(), fwcore.OpEQ, list); !errors.Is(err, os.ErrClosed) {
		t.Error("a value of a closed ruleset went into a rule: ", err)
	}
	must(t, other.Close())
}

func TestAddressesAreReadAndWrittenByTheLibrary(t *testing.T) {
	for _, text := range []string{"192.0.2.1", "2001:db8::1", "::", "0.0.0.0"} {
		addr := value(fwcore.ParseAddr(text))(t)
		if back := value(fwcore.FormatAddr(addr))(t); back != text || addr != netip.MustParseAddr(text) {
			t.Error(text, " became ", back)
		}
	}
	for _, text := range []string{"", "192.0.2", "fe80::1%eth0", "192.0.2.1\x00"} {
		if _, err := fwcore.ParseAddr(text); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := fwcore.FormatAddr(netip.Addr{}); !errors.Is(err, syscall.EINVAL) {
		t.Error(err)
	}
	if fwcore.FindField("tcp dport") != fwcore.FieldTCPDport || fwcore.FindField("nothing") != 0 || !strings.Contains(fwcore.Version(), ".") {
		t.Error("names of fields, or the version ", fwcore.Version())
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestFieldsWithParametersAndRulesOfARule(t *testing.T) {
	_, _, input := newTable(t)
	raw := fwcore.FieldRawPayload.With(map[fwcore.FieldDetail]uint32{
		fwcore.FieldDetailHeader: uint32(fwcore.HeaderTransport), fwcore.FieldDetailOffset: 16, fwcore.FieldDetailLength: 16})
	if n, ok := raw.FieldDetail(fwcore.FieldDetailOffset); !ok || n != 16 {
		t.Errorf("the offset is %d, %t", n, ok)
	}
	if _, ok := raw.FieldDetail(fwcore.FieldDetailModulus); ok {
		t.Error("bytes of a packet have a modulus")
	}
	rule := value(input.Append())(t)
	must(t, rule.MatchValue(raw, fwcore.OpEQ, fwcore.Number(80)))
	block := value(rule.AddBlock(fwcore.VerdictJump))(t)
	must(t, value(block.Append())(t).Verdict(fwcore.VerdictAccept, ""))
	if got := text(t, rule); got != "@th,16,16 0x50 jump { accept; }" {
		t.Errorf("the rule is %q", got)
	}
	if n := rule.Items()[1].Target().Block().Len(); n != 1 {
		t.Errorf("there are %d rules", n)
	}
}
