// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"net/netip"
	"testing"

	"fwcore"
)

// A call that does next to nothing: what is left is the lock and the way into C.
func BenchmarkCall(b *testing.B) {
	_, _, input := newTable(b)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		input.Len()
	}
}

func buildRules(b *testing.B, count int) *fwcore.Ruleset {
	rs := fwcore.NewRuleset()
	table, _ := rs.AddTable(fwcore.FamilyInet, "bench", 0)
	input, _ := table.AddChain("input", nil)
	for i := 0; i < count; i++ {
		rule, _ := input.Append()
		rule.MatchAddr(fwcore.FieldIPSaddr, fwcore.OpEQ, netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		rule.MatchUint(fwcore.FieldTCPDport, fwcore.OpEQ, uint64(i%65535+1), uint64(i%65535+1))
		rule.Counter()
		rule.Verdict(fwcore.VerdictAccept, "")
	}
	must(b, rs.Err())
	return rs
}

func BenchmarkBuild10000Rules(b *testing.B) {
	for i := 0; i < b.N; i++ {
		buildRules(b, 10000).Close()
	}
}

func BenchmarkBuildAndApply10000Rules(b *testing.B) {
	for i := 0; i < b.N; i++ {
		b.StopTimer()
		k := openKernel(b, newNamespace(b))
		b.StartTimer()
		rs := buildRules(b, 10000)
		must(b, k.Apply(rs, nil))
		rs.Close()
	}
}
