// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fwcore"
)

// firewall is the ruleset of the README.
func firewall(t testing.TB, ports ...uint64) *fwcore.Ruleset {
	rs, _, input := newTable(t)
	value(input.AppendText(fwcore.SyntaxNFT, "iifname lo counter accept"))(t)
	for _, port := range ports {
		rule := value(input.Append())(t)
		must(t, firstOf(rule.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, port, port), rule.Counter(), rule.Verdict(fwcore.VerdictAccept, "")))
	}
	return rs
}

func TestAppliedRulesetIsWhatNftLists(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	rs := firewall(t, 22, 443)
	must(t, k.Apply(rs, &fwcore.ApplyOptions{Flags: fwcore.ApplyDryRun}))
	if listing := inside(t, ns, "nft list ruleset"); listing != "" {
		t.Error("a dry run left ", listing)
	}
	must(t, k.Apply(rs, nil))
	listing := inside(t, ns, "nft -a list ruleset")
	wantContains(t, listing, "policy drop;", `iifname "lo" counter packets 0 bytes 0 accept`, "tcp dport 443 counter packets 0 bytes 0 accept")
	must(t, k.Apply(rs, &fwcore.ApplyOptions{Retries: 3}))
	if again := inside(t, ns, "nft -a list ruleset"); again != listing {
		t.Errorf("applying again changed\n%s to\n%s", listing, again)
	}
	if k.Owner() != "gotest" {
		t.Error("the owner is ", k.Owner())
	}
}

func TestLoadedRulesetHasHandlesAndCounters(t *testing.T) {
	needProgram(t, "nft", "ping")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	must(t, k.Apply(firewall(t, 22), nil))
	inside(t, ns, "ping -n -c 1 127.0.0.1")
	rs := value(k.Load(fwcore.FamilyInet, "myapp"))(t)
	defer rs.Close()
	rule := rs.Chain(fwcore.FamilyInet, "myapp", "input").Rules()[0]
	if packets, bytes, ok := rule.Counted(); !ok || packets != 2 || bytes != 168 {
		t.Error("counted ", packets, bytes)
	}
	wantContains(t, inside(t, ns, "nft -a list ruleset"), fmt.Sprintf("accept # handle %d\n", rule.Handle()))
	if rs.Tables()[0].Handle() == 0 || rs.Tables()[0].Chains()[0].Handle() == 0 {
		t.Error("handles are missing")
	}
	if all := value(k.Load(fwcore.FamilyAny, ""))(t); len(all.Tables()) != 1 {
		t.Error("there are ", all.Tables())
	}
	if sets := value(k.LoadSets(fwcore.FamilyInet, "myapp", ""))(t); len(sets.Tables()) != 1 || len(sets.Tables()[0].Chains()) != 0 {
		t.Fatal("sets are not loaded alone")
	}
	if _, err := k.Load(fwcore.FamilyInet, "none"); !errors.Is(err, syscall.ENOENT) || !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestCountsAreReadAndBeginAnew(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	inside(t, ns, "nft 'add table inet t; add counter inet t n { packets 5 bytes 7; }'")
	rs := value(k.Reset(fwcore.ResetCounters, fwcore.FamilyInet, "t", "n"))(t)
	defer rs.Close()
	wantContains(t, value(rs.Format(fwcore.SyntaxNFT, 0))(t), "packets 5 bytes 7")
	wantContains(t, inside(t, ns, "nft list counter inet t n"), "packets 0 bytes 0")
	if _, err := k.Reset(fwcore.ResetQuotas, fwcore.FamilyInet, "t", "n"); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
}

func TestRulesInASharedTableTellTheirOwner(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	inside(t, ns, "nft 'add table ip t { chain c { accept; }; }'")
	rs := fwcore.NewRuleset()
	defer rs.Close()
	table := value(rs.AddTable(fwcore.FamilyIP, "t", fwcore.TableShared))(t)
	must(t, value(value(table.AddChain("c", nil))(t).AppendText(fwcore.SyntaxNFT, "tcp dport 22 drop"))(t).SetTag("ours"))
	must(t, k.Apply(rs, nil))
	wantContains(t, inside(t, ns, "nft list table ip t"), "tcp dport 22 drop\n\t\taccept")
	loaded := value(k.Load(fwcore.FamilyIP, "t"))(t)
	defer loaded.Close()
	if rules := loaded.Chain(fwcore.FamilyIP, "t", "c").Rules(); rules[0].Owner() != "gotest" || rules[0].Tag() != "ours" || rules[1].Owner() != "" {
		t.Error(rules[0].Owner(), rules[0].Tag(), rules[1].Owner())
	}
}

func TestRefusalOfTheKernelNamesTheRule(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	rs, _, input := newTable(t)
	value(input.AppendText(fwcore.SyntaxNFT, "accept"))(t)
	value(input.AppendText(fwcore.SyntaxNFT, "tcp dport 22 jump nowhere"))(t)
	err := k.Apply(rs, nil)
	var e *fwcore.Error
	if !errors.As(err, &e) || !errors.Is(err, syscall.ENOENT) || e.Table != "myapp" || e.Chain != "input" || e.Rule != 1 ||
		e.Outcome != fwcore.OutcomeNothing || e.Message == "" {
		t.Errorf("%+v", e)
	}
}

func TestPlanSaysWhatWillBeDoneAndIsCarriedOutOnce(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	rs := firewall(t, 22)
	plan := value(k.Plan(rs))(t)
	stale := value(k.Plan(rs))(t)
	must(t, rs.Close()) // the plans keep its memory
	wantContains(t, strings.Join(value(plan.Steps())(t), "\n"), "add rule inet myapp input tcp dport 22 counter accept")
	if _, err := plan.Step(plan.Len()); !errors.Is(err, syscall.EINVAL) {
		t.Error(err)
	}
	must(t, k.CommitPlan(plan, nil))
	if err := k.CommitPlan(stale, nil); !errors.Is(err, syscall.ESTALE) {
		t.Error("a plan from before was carried out: ", err)
	}
	must(t, firstOf(plan.Close(), plan.Close(), stale.Close()))
	if err := k.CommitPlan(plan, nil); !errors.Is(err, os.ErrClosed) || plan.Len() != 0 {
		t.Error(err)
	}
	if plan := value(k.Plan(firewall(t, 22)))(t); plan.Len() != 0 {
		t.Error("after it was carried out a plan has ", plan.Len())
	}
}

func TestBatchChangesWhatIsThere(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	inside(t, ns, "nft add table ip t '{ chain c { accept; }; set s { type ipv4_addr; }; map m { type inet_service : ipv4_addr; }; }'")
	loaded := value(k.Load(fwcore.FamilyIP, "t"))(t)
	old := loaded.Chain(fwcore.FamilyIP, "t", "c").Rule(0).Handle()
	here := fwcore.Place{Family: fwcore.FamilyIP, Table: "t", Chain: "c"}
	set := fwcore.SetName{Family: fwcore.FamilyIP, Table: "t", Set: "s"}
	b := fwcore.NewBatch()
	defer b.Close()
	first := value(b.AddRule(fwcore.Place{Family: fwcore.FamilyIP, Table: "t", Chain: "c", Where: fwcore.First}))(t)
	must(t, firstOf(first.MatchAddr(fwcore.FieldIPSaddr, fwcore.OpEQ, netip.MustParseAddr("192.0.2.1")), first.Verdict(fwcore.VerdictDrop, ""), first.SetTag("gone")))
	value(b.AddRuleText(here, fwcore.SyntaxNFT, "tcp dport 1 drop"))(t)
	here.Handle = old
	must(t, value(b.ReplaceRule(here))(t).Verdict(fwcore.VerdictReturn, ""))
	must(t, b.AddElement(set, "192.0.2.7", "", 0, &fwcore.ElementOptions{Comment: "c"}))
	must(t, b.AddElementValue(set, fwcore.Addr(netip.MustParseAddr("192.0.2.8")), nil, fwcore.ElementExclusive, nil))
	must(t, b.AddElement(fwcore.SetName{Family: fwcore.FamilyIP, Table: "t", Set: "m"}, "80", "192.0.2.9", 0, nil))
	must(t, b.Declare(firewall(t, 22)))
	must(t, k.Commit(b))
	wantContains(t, inside(t, ns, "nft list ruleset"), "ip saddr 192.0.2.1 drop\n\t\treturn\n\t\ttcp dport 1 drop", "table inet myapp",
		`elements = { 192.0.2.7 comment "c", 192.0.2.8 }`, "80 : 192.0.2.9")

	must(t, b.Clear())
	if err := first.Counter(); !errors.Is(err, os.ErrClosed) {
		t.Error("a rule of a batch that was cleared took a counter: ", err)
	}
	must(t, firstOf(b.DelTagged(fwcore.FamilyIP, "t", "gone"), b.DelElement(set, "192.0.2.7"),
		b.DelElementValue(set, fwcore.Addr(netip.MustParseAddr("192.0.2.8"))), k.Commit(b)))
	if listing := inside(t, ns, "nft list table ip t"); strings.Contains(listing, "192.0.2.1 ") || strings.Contains(listing, "192.0.2.7") {
		t.Error(listing)
	}
	must(t, b.Clear())
	must(t, firstOf(b.AddElement(set, "192.0.2.7", "", 0, nil), b.DelRule(fwcore.Place{Family: fwcore.FamilyIP, Table: "t", Chain: "c", Handle: 9999})))
	if err := k.Commit(b); !errors.Is(err, syscall.ENOENT) || strings.Contains(inside(t, ns, "nft list ruleset"), "192.0.2.7") {
		t.Error("a batch that failed: ", err)
	}
}

func TestBatchKeepsItsFirstFailure(t *testing.T) {
	b := fwcore.NewBatch()
	k := openKernel(t, newNamespace(t))
	place := fwcore.Place{Family: fwcore.FamilyIP, Table: "t", Chain: "c"}
	set := fwcore.SetName{Family: fwcore.FamilyIP, Table: "t", Set: "s"}
	failedRuleset := fwcore.NewRuleset()
	failedRuleset.AddTable(0, "x\x00", 0)
	for name, build := range map[string]func() error{
		"place":    func() error { _, err := b.AddRule(fwcore.Place{Table: "a\x00"}); return err },
		"words":    func() error { _, err := b.AddRuleText(place, fwcore.SyntaxNFT, "\x00"); return err },
		"no words": func() error { _, err := b.AddRuleText(place, fwcore.SyntaxNFT, "nothing at all"); return err },
		"set":      func() error { return b.AddElement(fwcore.SetName{Set: "\x00"}, "1", "", 0, nil) },
		"key":      func() error { return b.DelElement(set, "1\x00") },
		"value":    func() error { return b.DelElementValue(set, nil) },
		"data":     func() error { return b.AddElementValue(set, fwcore.Number(1), fwcore.Field(99999).Value(), 0, nil) },
		"timeout": func() error {
			return b.AddElementValue(set, fwcore.Number(1), nil, 0, &fwcore.ElementOptions{Timeout: -1})
		},
		"tag":    func() error { return b.DelTagged(fwcore.FamilyIP, "t", "\x00") },
		"handle": func() error { return b.DelRule(place) },
		"failed ruleset": func() error {
			if err := b.Declare(failedRuleset); err != nil {
				return err
			}
			return k.Commit(b)
		},
	} {
		if err := build(); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("%s: %v", name, err)
		}
		if err := k.Commit(b); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("%s: committed: %v", name, err)
		}
		must(t, b.Clear())
	}
	must(t, k.Commit(b))
	must(t, firstOf(b.Close(), b.Close()))
	if err := k.Commit(b); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

func TestKernelIsOfTheNamespaceThatWasNamed(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	for name, open := range map[string]func() (*fwcore.Kernel, error){
		"file": func() (*fwcore.Kernel, error) { return fwcore.Open(&fwcore.KernelOptions{Netns: ns}) },
		"path": func() (*fwcore.Kernel, error) {
			return fwcore.Open(&fwcore.KernelOptions{NetnsPath: fmt.Sprintf("/proc/self/fd/%d", ns.Fd())})
		},
		"thread": func() (k *fwcore.Kernel, err error) {
			done := make(chan bool)
			go func() {
				runtime.LockOSThread()
				defer close(done)
				if _, _, errno := syscall.Syscall(sysSetns, ns.Fd(), syscall.CLONE_NEWNET, 0); errno != 0 {
					err = errno
					return
				}
				k, err = fwcore.Open(nil)
			}()
			<-done
			return k, err
		},
	} {
		k := value(open())(t)
		rs := fwcore.NewRuleset()
		value(rs.AddTable(fwcore.FamilyIP, name, 0))(t)
		must(t, k.Apply(rs, nil))
		wantContains(t, inside(t, ns, "nft list tables"), "table ip "+name)
		must(t, firstOf(k.Close(), k.Close(), rs.Close()))
		if err := k.Apply(rs, nil); !errors.Is(err, os.ErrClosed) || k.Owner() != "" {
			t.Error(err)
		}
	}
	closed := newNamespace(t)
	closed.Close()
	if _, err := fwcore.Open(&fwcore.KernelOptions{Netns: closed}); !errors.Is(err, syscall.EBADF) {
		t.Error(err)
	}
	if _, err := fwcore.Open(&fwcore.KernelOptions{NetnsPath: "/nowhere"}); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
	for _, owner := range []string{"a b", "a\x00", strings.Repeat("x", 32)} {
		if _, err := fwcore.Open(&fwcore.KernelOptions{Owner: owner}); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("%q: %v", owner, err)
		}
	}
}

// The Go runtime interrupts its threads with signals; the library's calls have to go on.
func TestSignalsOfTheRuntimeDoNotDisturbCalls(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Microsecond):
				syscall.Kill(os.Getpid(), syscall.SIGURG)
			}
		}
	}()
	for round := uint64(1); round <= 100; round++ {
		must(t, k.Apply(firewall(t, round, round+1, round+2), nil))
		must(t, value(k.Load(fwcore.FamilyAny, ""))(t).Close())
	}
	close(stop)
	<-stopped
}

func TestRoutesAreThoseOfIp(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	inside(t, ns, "ip link add v0 type veth peer name v1; ip addr add 192.0.2.1/24 dev v0; ip link set v0 up; ip link set v1 up; "+
		"ip route add 10.1.0.0/16 via 192.0.2.9 metric 7 mtu 1400 table 9; ip route add blackhole 10.3.0.0/16 table 9; "+
		"ip route add table 9 10.2.0.0/16 nexthop via 192.0.2.9 weight 3 nexthop dev v0")
	shown := func() string { // which links have their carrier is told a moment later
		return strings.ReplaceAll(inside(t, ns, "ip route show table 9"), " linkdown", "")
	}
	before := shown()
	var made []fwcore.Route
	for _, r := range value(k.Routes(fwcore.FamilyIP))(t) {
		if r.Table == 9 {
			made = append(made, r)
			must(t, k.DeleteRoute(r))
		}
	}
	if after := shown(); len(made) != 3 || after != "" {
		t.Fatal(len(made), " routes are read, left are ", after)
	}
	if r := made[0]; r.Metric != 7 || r.MTU != 1400 || r.TypeName() != "unicast" || r.ProtocolName() != "boot" {
		t.Errorf("%+v", r)
	}
	for _, r := range made {
		must(t, k.AddRoute(r))
		must(t, k.ReplaceRoute(r))
	}
	if after := shown(); after != before {
		t.Error(after, " is not ", before)
	}
	to := netip.MustParseAddr("192.0.2.77")
	r := value(k.LookupRoute(to, &fwcore.RouteLookup{Source: netip.MustParseAddr("192.0.2.1"), Mark: 5}))(t)
	if r.Destination != netip.PrefixFrom(to, 32) || len(r.Hops) != 1 || r.Table != uint32(fwcore.RouteTableMain) {
		t.Errorf("%+v", r)
	}
	if _, err := k.LookupRoute(netip.MustParseAddr("203.0.113.1"), nil); !errors.Is(err, syscall.ENETUNREACH) {
		t.Error(err)
	}
}

func TestInterfacesAreThoseOfIp(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	inside(t, ns, "ip link add v0 type veth peer name v1; ip link set v0 alias words up; ip addr add 192.0.2.1/24 brd + dev v0; ip addr add 2001:db8::1/64 dev v0 nodad")
	var all []struct {
		Ifname, Address, Ifalias string
		Ifindex, Mtu             uint32
		Addr_info                []struct {
			Local, Scope string
			Prefixlen    int
		}
	}
	must(t, json.Unmarshal([]byte(inside(t, ns, "ip -j -d addr")), &all))
	read := value(k.Interfaces())(t)
	if len(read) != len(all) || len(all) != 3 {
		t.Fatal(len(read), " interfaces are read, ip has ", len(all))
	}
	for i, want := range all {
		got := read[i]
		if got.Name != want.Ifname || got.Index != want.Ifindex || got.MTU != want.Mtu || got.MAC.String() != want.Address ||
			got.Alias != want.Ifalias || len(got.Addresses) != len(want.Addr_info) {
			t.Errorf("%+v is read for %+v", got, want)
			continue
		}
		for j, a := range want.Addr_info {
			if p := got.Addresses[j]; p.Prefix.Addr().String() != a.Local || p.Prefix.Bits() != a.Prefixlen || p.ScopeName != a.Scope {
				t.Errorf("%+v is read for %+v", p, a)
			}
		}
	}
	v0 := value(k.Interface("v0"))(t)
	if v1 := value(k.InterfaceByIndex(v0.Peer))(t); v1.Name != "v1" || v0.Kind != "veth" || v0.PeerNetns != nil || v0.Flags&1 == 0 {
		t.Errorf("%+v", v0)
	}
	if none := value(k.Interface("none"))(t); none != nil {
		t.Error(none)
	}
	if none := value(k.InterfaceByIndex(1 << 31))(t); none != nil {
		t.Error(none)
	}
}

func TestAPlanIsCarriedOutAndUndone(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	rs := fwcore.NewRuleset()
	table := value(rs.AddTable(fwcore.FamilyInet, "t", 0))(t)
	chain := value(table.AddChain("c", nil))(t)
	value(chain.AppendText(fwcore.SyntaxNFT, "tcp dport 22 accept"))(t)
	plan := value(k.Plan(rs))(t)
	if _, err := k.PlanUndo(plan); !errors.Is(err, syscall.EINVAL) {
		t.Error(err)
	}
	steps := value(plan.Changes())(t)
	want := fwcore.PlanStep{Action: fwcore.PlanAdd, Object: fwcore.ObjectRule, Family: fwcore.FamilyInet, Table: "t", Name: "c",
		Words: "add rule inet t c tcp dport 22 accept"}
	if len(steps) != 3 || steps[2] != want {
		t.Error(steps)
	}
	if kept := value(plan.Kept())(t); len(kept) != 0 {
		t.Error(kept)
	}
	must(t, k.CommitPlan(plan, nil))
	undo := value(k.PlanUndo(plan))(t)
	must(t, plan.Close())
	must(t, k.CommitPlan(undo, nil))
	if left := inside(t, ns, "nft list ruleset"); left != "" {
		t.Error(left)
	}
	must(t, undo.Close())
}

func TestFeaturesAreAskedOfTheKernel(t *testing.T) {
	k := openKernel(t, newNamespace(t))
	all := value(k.Features())(t)
	counter := value(k.Feature("counter"))(t)
	if len(all) <= 70 || counter == nil || !counter.Present || counter.Since != "3.13" || counter.Summary == "" || counter.Kconfig != "" ||
		!strings.HasPrefix(counter.Example, "add table inet t\n") {
		t.Error(len(all), counter)
	}
	if none := value(k.Feature("nonsense"))(t); none != nil {
		t.Error(none)
	}
}

func TestForwardingIsSwitchedAndPutBack(t *testing.T) {
	ns := newNamespace(t)
	k := openKernel(t, ns)
	if on := value(k.Forwarding(fwcore.FamilyIP, ""))(t); on {
		t.Error("a new namespace forwards")
	}
	before, err := k.ChangeForwarding(fwcore.FamilyIP, "", true, 0)
	if errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EPERM) {
		t.Skip("settings cannot be written here: " + err.Error())
	}
	must(t, err)
	if on := value(k.Forwarding(fwcore.FamilyIP, "lo"))(t); !on || inside(t, ns, "cat /proc/sys/net/ipv4/ip_forward") != "1\n" {
		t.Error("it was not switched on")
	}
	if list := before.List(); len(list) == 0 || list[0].Name != "net.ipv4.ip_forward" || list[0].Value != "0" {
		t.Error("it changed ", list)
	}
	must(t, k.RestoreSettings(before))
	if inside(t, ns, "cat /proc/sys/net/ipv4/ip_forward") != "0\n" {
		t.Error("it was not put back")
	}
	must(t, firstOf(before.Close(), before.Close()))
	if err := k.RestoreSettings(before); !errors.Is(err, os.ErrClosed) || before.List() != nil {
		t.Error(err)
	}
	if err := k.SetForwarding(fwcore.FamilyIP, "none", true); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
}

func TestContainersAreAttachedAndPublished(t *testing.T) {
	needProgram(t, "nft")
	ns, container := newNamespace(t), newNamespace(t)
	k := openKernel(t, ns)
	options := fwcore.NetworkOptions{Subnet4: netip.MustParsePrefix("172.30.0.0/24"), Subnet6: netip.MustParsePrefix("fd30::/64")}
	if err := k.CreateNetwork("net0", options); !errors.Is(err, syscall.ENOTCONN) {
		t.Error("forwarding is off: ", err)
	}
	for _, family := range []fwcore.Family{fwcore.FamilyIP, fwcore.FamilyIP6} {
		if err := k.SetForwarding(family, "", true); err != nil {
			t.Skip("forwarding cannot be switched on here: " + err.Error())
		}
	}
	must(t, k.CreateNetwork("net0", options))
	port := fwcore.Port{Protocol: 6, HostPort: 8080, Port: 80, Count: 1}
	must(t, k.Attach("net0", "c1", container, &fwcore.AttachOptions{Interface: "eth7", Ports: []fwcore.Port{port},
		Addresses: []netip.Addr{netip.MustParseAddr("172.30.0.77")}}))
	wantContains(t, inside(t, container, "ip addr show dev eth7"), "172.30.0.77/24", "fd30::")
	second := fwcore.Port{Protocol: 17, HostPort: 53, Port: 5353, Host: netip.MustParseAddr("127.0.0.1")}
	must(t, k.Publish("net0", "c1", second))
	wantContains(t, inside(t, ns, "nft -n list ruleset"), `6 . 8080 comment "c1" : 172.30.0.77 . 80`, `127.0.0.1 . 17 . 53 comment "c1" : 172.30.0.77 . 5353`)
	n := value(k.Network("net0"))(t)
	if n.Gateway4 != netip.MustParsePrefix("172.30.0.1/24") || n.Gateway6.Bits() != 64 || n.Flags != 0 || len(n.Endpoints) != 1 ||
		n.Endpoints[0].ID != "c1" || n.Endpoints[0].Interface == "" || n.Endpoints[0].Address4 != netip.MustParseAddr("172.30.0.77") ||
		!n.Endpoints[0].Address6.Is6() || len(n.Endpoints[0].Ports) != 2 {
		t.Errorf("%+v", n)
	}
	if err := k.DeleteNetwork("net0"); !errors.Is(err, syscall.EBUSY) {
		t.Error(err)
	}
	must(t, firstOf(k.Unpublish("net0", "c1", second), k.Detach("net0", "c1"), k.DeleteNetwork("net0")))
	if err := k.Detach("net0", "c1"); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
	if left := value(k.Networks())(t); len(left) != 0 || inside(t, ns, "nft list ruleset") != "" {
		t.Error("left: ", left)
	}
	for _, err := range []error{k.Attach("net0", "c1", nil, nil), k.Attach("net0\x00", "c1", container, nil), k.CreateNetwork("x", fwcore.NetworkOptions{}),
		k.Publish("net0", "c\x00", port), k.Publish("n", "c", fwcore.Port{Host: netip.MustParseAddr("fe80::1%lo")})} {
		if !errors.Is(err, syscall.EINVAL) {
			t.Error(err)
		}
	}
}

func TestWatchTellsWhatOthersDo(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	w := value(k.Watch())(t)
	must(t, k.Close()) // the watch keeps it
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	events := w.Events(ctx)
	inside(t, ns, "nft 'add table ip t; add chain ip t c; add rule ip t c tcp dport 22 accept'")
	var seen []string
	for e := range events {
		seen = append(seen, strings.TrimSpace(fmt.Sprint(e.Kind, " ", e.Object, " ", e.Table, " ", e.Name, " ", e.Rule)))
		if e.Own || e.Process != "nft" || e.PID == 0 || e.Generation == 0 {
			t.Errorf("%+v", e)
		}
		if e.Kind == fwcore.EventCommit {
			break
		}
	}
	if got := strings.Join(seen, "\n"); got != "added table t\nadded chain t c\nadded rule t c tcp dport 22 accept\ncommit ruleset" {
		t.Error(got)
	}
	must(t, firstOf(w.Close(), w.Close(), w.Err()))
	if _, more := <-events; more || w.FD() != -1 {
		t.Error("a watch that was closed goes on")
	}
	if _, _, err := w.Poll(); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if _, more := <-w.Events(ctx); more || w.Rule() != nil {
		t.Error("a watch that was closed begins again")
	}
}

func TestWatchKnowsItsOwnCommits(t *testing.T) {
	k := openKernel(t, newNamespace(t))
	w := value(k.Watch())(t)
	defer w.Close()
	rs, _, input := newTable(t)
	must(t, value(input.AppendText(fwcore.SyntaxNFT, "tcp dport 22 accept"))(t).SetTag("ssh"))
	must(t, k.Apply(rs, nil))
	var rule *fwcore.Rule
	for count := 0; ; count++ {
		e, ok, err := w.Poll()
		must(t, err)
		if !ok {
			if count == 0 || rule == nil {
				t.Fatal("no events")
			}
			break
		}
		if !e.Own {
			t.Errorf("%+v", e)
		}
		if e.Object == fwcore.ObjectRule {
			rule = w.Rule()
			if rule.String() != e.Rule || e.Tag != "ssh" || !errors.Is(rule.Counter(), syscall.EPERM) {
				t.Error(rule, e)
			}
		}
	}
	if rule.Len() != 0 || w.FD() < 0 {
		t.Error("the rule of an event outlived it")
	}
}

func TestWatchEndsWithItsContextAndLeavesNoGoroutine(t *testing.T) {
	k := openKernel(t, newNamespace(t))
	before := runtime.NumGoroutine()
	files := openFiles(t)
	for round := 0; round < 50; round++ {
		w := value(k.Watch())(t)
		ctx, cancel := context.WithCancel(context.Background())
		events, others := w.Events(ctx), w.Events(context.Background())
		if round%2 == 0 {
			must(t, k.Apply(firewall(t, uint64(round+1)), nil)) // events that nobody takes
		}
		cancel()
		for range events {
		}
		must(t, w.Close())
		for range others {
		}
		must(t, w.Err())
	}
	until(t, "goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
	if now := openFiles(t); now != files {
		t.Errorf("%d descriptors were open, %d are", files, now)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	return len(value(os.ReadDir("/proc/self/fd"))(t))
}

func TestCommandsOfIptablesAreCarriedOutTogether(t *testing.T) {
	needProgram(t, "nft")
	ns := newNamespace(t)
	k := openKernel(t, ns)
	const file = "*filter\n:mine - [0:0]\n[3:180] -A INPUT -p tcp --dport 22 -j mine\nCOMMIT\n"
	commands := value(fwcore.NewIptables(fwcore.FamilyIP))(t)
	defer commands.Close()
	must(t, commands.AddFile(file, fwcore.IptablesCounters, ""))
	value(commands.Add("-S", "mine"))(t)
	printed := value(k.CommitIptables(commands, 0))(t)
	if printed != "-N mine\n" {
		t.Error("printed ", printed)
	}
	wantContains(t, inside(t, ns, "nft list ruleset"), "packets 3 bytes 180 jump mine")
	if result := value(commands.Add("-m", "limit", "-h"))(t); result != fwcore.IptablesHelp {
		t.Error("help is ", result)
	}
	wantContains(t, value(commands.Help())(t), "limit match options:")
	value(commands.Add("-D", "mine", "7"))(t)
	if _, err := k.CommitIptables(commands, 0); !errors.Is(err, syscall.E2BIG) || commands.Failed() != 'D' {
		t.Error("a number that is too big: ", err)
	}
	rs := value(fwcore.ParseIptables(fwcore.FamilyIP, file))(t)
	defer rs.Close()
	must(t, k.Apply(rs, nil))
	if _, err := fwcore.NewIptables(fwcore.FamilyInet); !errors.Is(err, syscall.EINVAL) {
		t.Error("a list of commands of inet: ", err)
	}
}
