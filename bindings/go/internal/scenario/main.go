// SPDX-License-Identifier: LGPL-2.1-or-later

// The scenario in Go, see tests/bindings/scenario/run.py: "scenario STEP CONTAINER" does one step in the namespace it is
// started in.
package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

	"fwcore"
)

const table = "scenario"

// ok says a failure, which is part of what is compared, and the step goes on.
func ok(err error) bool {
	var e *fwcore.Error
	if errors.As(err, &e) {
		fmt.Printf("error %d table=%s chain=%s rule=%d: %s\n", e.Errno, e.Table, e.Chain, e.Rule, e.Message)
	}
	return err == nil
}

func inputOf(rs *fwcore.Ruleset) (*fwcore.Table, *fwcore.Chain) {
	t, _ := rs.AddTable(fwcore.FamilyInet, table, 0)
	input, _ := t.AddChain("input", &fwcore.BaseOptions{Hook: fwcore.HookInput, Policy: fwcore.VerdictDrop, Priority: "filter - 5"})
	return t, input
}

func apply(k *fwcore.Kernel, rs *fwcore.Ruleset) {
	defer rs.Close()
	plan, err := k.Plan(rs)
	if !ok(err) {
		return
	}
	defer plan.Close()
	steps, err := plan.Steps()
	ok(err)
	for _, step := range steps {
		fmt.Println("plan", step)
	}
	ok(k.Apply(rs, nil))
}

func declared(withThird bool) *fwcore.Ruleset {
	rs := fwcore.NewRuleset()
	t, input := inputOf(rs)
	blocked, _ := t.AddSet("blocked", "ipv4_addr", &fwcore.SetOptions{Flags: fwcore.SetInterval})
	ports, _ := t.AddSet("ports", "inet_service", &fwcore.SetOptions{DataType: "verdict"})
	blocked.Add("192.0.2.0/24", "", &fwcore.ElementOptions{Comment: "a net"})
	ports.Add("80", "accept", nil)
	t.AddChain("user", nil)
	rule, _ := input.Append()
	rule.Match(fwcore.FieldCTState, fwcore.OpAnyOf, "established,related")
	rule.Counter()
	rule.Verdict(fwcore.VerdictAccept, "")
	rule, _ = input.Append()
	rule.MatchPrefix(fwcore.FieldIPSaddr, fwcore.OpNE, netip.MustParsePrefix("198.51.100.0/24"))
	rule.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, 8000, 8080)
	rule.Verdict(fwcore.VerdictJump, "user")
	if withThird {
		rule, _ = input.Append()
		rule.MatchName(fwcore.FieldMetaIifname, fwcore.OpEQ, "lo")
		rule.Log("lo: ")
		rule.Verdict(fwcore.VerdictAccept, "")
	}
	rule, _ = input.AppendText(fwcore.SyntaxNFT, "ip saddr @blocked tcp dport vmap @ports")
	rule.SetComment("words")
	return rs
}

func change(k *fwcore.Kernel, _ string) {
	apply(k, declared(true))
}

var blocked = fwcore.SetName{Family: fwcore.FamilyInet, Table: table, Set: "blocked"}

func operate(k *fwcore.Kernel, _ string) {
	b := fwcore.NewBatch()
	defer b.Close()
	place := fwcore.Place{Family: fwcore.FamilyInet, Table: table, Chain: "input", Where: fwcore.First}
	rule, _ := b.AddRuleText(place, fwcore.SyntaxNFT, "udp dport 53 accept")
	rule.SetTag("mine")
	b.AddElement(blocked, "203.0.113.7", "", 0, nil)
	ok(k.Commit(b))
}

func untag(k *fwcore.Kernel, _ string) {
	b := fwcore.NewBatch()
	defer b.Close()
	b.DelTagged(fwcore.FamilyInet, table, "mine")
	b.DelElement(blocked, "203.0.113.7")
	ok(k.Commit(b))
}

func refused(k *fwcore.Kernel, _ string) {
	rs := fwcore.NewRuleset()
	defer rs.Close()
	_, input := inputOf(rs)
	input.AppendText(fwcore.SyntaxNFT, "accept")
	input.AppendText(fwcore.SyntaxNFT, "jump nowhere")
	ok(k.Apply(rs, nil))
	_, err := input.AppendText(fwcore.SyntaxNFT, "tcp dport 70000 accept")
	ok(err)
	_, err = fwcore.ParseRuleset(fwcore.SyntaxNFT, "add nonsense")
	ok(err)
}

func load(k *fwcore.Kernel, _ string) {
	rs, err := k.Load(fwcore.FamilyInet, table)
	if !ok(err) {
		return
	}
	defer rs.Close()
	for _, chain := range rs.Tables()[0].Chains() {
		for _, rule := range chain.Rules() {
			fmt.Printf("rule %s: %s, %d items\n", chain.Name(), rule, rule.Len())
		}
	}
	for _, set := range rs.Tables()[0].Sets() {
		for _, element := range set.Elements() {
			fmt.Printf("element %s: %s\n", set.Name(), element)
		}
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func watch(k *fwcore.Kernel, _ string) {
	w, err := k.Watch()
	if !ok(err) {
		return
	}
	defer w.Close()
	operate(k, "")
	for {
		event, more, err := w.Poll()
		if !more {
			ok(err)
			return
		}
		fmt.Printf("event %d own=%d object=%d %s %s\n", uint32(event.Kind), number(event.Own), uint32(event.Object), event.Table, event.Name)
	}
}

func interfaces(k *fwcore.Kernel, _ string) {
	all, err := k.Interfaces()
	ok(err)
	for _, one := range all {
		fmt.Printf("interface %s %s mtu %d %s\n", one.Name, one.Kind, one.MTU, one.State)
		for _, address := range one.Addresses {
			fmt.Printf("address %s %s\n", address.Prefix, address.ScopeName)
		}
	}
}

func forward(k *fwcore.Kernel, _ string) {
	before, err := k.ChangeForwarding(fwcore.FamilyIP, "", true, 0)
	if !ok(err) {
		return
	}
	defer before.Close()
	for _, setting := range before.List() {
		fmt.Printf("setting %s was %s\n", setting.Name, setting.Value)
	}
	on, err := k.Forwarding(fwcore.FamilyIP, "")
	ok(err)
	fmt.Printf("forwarding %d\n", number(on))
}

func showNetworks(k *fwcore.Kernel) {
	all, err := k.Networks()
	ok(err)
	for _, n := range all {
		for _, e := range n.Endpoints {
			fmt.Printf("endpoint %s %s %s %d ports\n", n.Name, e.ID, e.Address4, len(e.Ports))
		}
	}
}

var more = fwcore.Port{Protocol: 17, HostPort: 5000, Port: 6000, Count: 2}

func network(k *fwcore.Kernel, container string) {
	port := fwcore.Port{Protocol: 6, HostPort: 8080, Port: 80}
	netns, err := os.Open(container)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	defer netns.Close()
	ok(k.CreateNetwork("scene0", fwcore.NetworkOptions{Subnet4: netip.MustParsePrefix("172.31.0.0/24")}))
	ok(k.Attach("scene0", "c1", netns, &fwcore.AttachOptions{Ports: []fwcore.Port{port}}))
	ok(k.Publish("scene0", "c1", more))
	ok(k.Publish("scene0", "c1", port)) // taken
	showNetworks(k)
}

func noNetwork(k *fwcore.Kernel, _ string) {
	ok(k.DeleteNetwork("scene0")) // has an endpoint
	ok(k.Unpublish("scene0", "c1", more))
	ok(k.Detach("scene0", "c1"))
	ok(k.DeleteNetwork("scene0"))
	ok(k.SetForwarding(fwcore.FamilyIP, "", false))
	showNetworks(k)
}

func absent(k *fwcore.Kernel, _ string) {
	rs := fwcore.NewRuleset()
	rs.AbsentTable(fwcore.FamilyInet, table)
	apply(k, rs)
}

var steps = map[string]func(k *fwcore.Kernel, container string){
	"declare": func(k *fwcore.Kernel, _ string) { apply(k, declared(false)) },
	"change":  change, "again": change, "operate": operate, "load": load, "untag": untag, "watch": watch, "refused": refused,
	"interfaces": interfaces, "forward": forward, "network": network, "no-network": noNetwork, "absent": absent,
}

func main() {
	if len(os.Args) != 3 || steps[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: scenario STEP CONTAINER")
		os.Exit(2)
	}
	k, err := fwcore.Open(&fwcore.KernelOptions{Owner: "scenario"})
	if !ok(err) {
		os.Exit(1)
	}
	defer k.Close()
	steps[os.Args[1]](k, os.Args[2])
}
