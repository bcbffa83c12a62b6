// SPDX-License-Identifier: LGPL-2.1-or-later

// What tests/bench/languages.py compares: tests/bench/calls.c in Go.
package main

import (
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"fwcore"
)

const calls, rules = 200000, 10000

// now is the processor time of the process so far, in nanoseconds, kernel included.
func now() float64 {
	var used syscall.Rusage

	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		fail(err)
	}
	return float64(used.Utime.Nano() + used.Stime.Nano())
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func build(chain *fwcore.Chain) {
	for i := 1; i <= rules; i++ {
		rule, _ := chain.Append()
		rule.MatchAddr(fwcore.FieldIPSaddr, fwcore.OpEQ, netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}))
		rule.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, uint64(i), uint64(i))
		rule.Counter()
		rule.Verdict(fwcore.VerdictAccept, "")
	}
}

// load prints each rule of the kernel's chain to nowhere.
func load(kernel *fwcore.Kernel) error {
	ruleset, err := kernel.Load(fwcore.FamilyIP, "bench")
	if err != nil {
		return err
	}
	defer ruleset.Close()
	for _, rule := range ruleset.Chain(fwcore.FamilyIP, "bench", "c").Rules() {
		if rule.String() == "" {
			return fmt.Errorf("a rule has no text")
		}
	}
	return nil
}

func main() {
	ruleset := fwcore.NewRuleset()
	table, _ := ruleset.AddTable(fwcore.FamilyIP, "bench", 0)
	chain, _ := table.AddChain("c", nil)

	before := now()
	for i := 0; i < calls; i++ {
		chain.Handle()
	}
	fmt.Printf("call: %f\n", (now()-before)/calls)

	before = now()
	build(chain)
	built := now() - before
	fmt.Printf("rule: %f\n", built/rules)

	before = now()
	kernel, err := fwcore.Open(nil)
	if err != nil {
		fail(err)
	}
	defer kernel.Close()
	if err := kernel.Apply(ruleset, nil); err != nil {
		fail(err)
	}
	fmt.Printf("built and applied: %f\n", built+now()-before)

	ruleset.Close()
	before = now()
	if err := load(kernel); err != nil {
		fail(err)
	}
	fmt.Printf("loaded and printed: %f\n", now()-before)
}
