// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"fmt"
	"testing"

	"fwcore"
)

func TestRulesAreFoldedIntoASetAndComeBack(t *testing.T) {
	rs, _, input := newTable(t)
	for port := 0; port < 8; port++ {
		value(input.AppendText(fwcore.SyntaxNFT, fmt.Sprintf("tcp dport %d accept", port)))(t)
	}
	value(input.AppendText(fwcore.SyntaxNFT, "tcp dport 99 limit rate 1/second accept"))(t)
	before := rs.String()
	folds := value(rs.Optimize(nil))(t)
	if len(folds) != 2 {
		t.Fatalf("%v", folds)
	}
	made := folds[0]
	if made.Kind != fwcore.FoldSet || made.Reason != fwcore.FoldNoReason || made.Family != fwcore.FamilyInet ||
		made.Table != "myapp" || made.Chain != "input" || made.Set != "input.tcp_dport" || made.First != 0 || made.Rules != 8 ||
		made.String() != "table inet myapp, chain input, rules 1 to 8: folded into set input.tcp_dport" {
		t.Errorf("%+v", made)
	}
	if left := folds[1]; left.Kind != fwcore.FoldLeft || left.Reason != fwcore.FoldTarget || left.Set != "" {
		t.Errorf("%+v", left)
	}
	if got := len(input.Rules()); got != 2 {
		t.Errorf("%d rules are left", got)
	}
	if err := rs.Unfold(); err != nil || rs.String() != before {
		t.Errorf("%v: %s", err, rs)
	}
	if _, err := rs.Optimize(&fwcore.OptimizeOptions{MinRules: 1}); err == nil {
		t.Error("one rule is folded")
	}
	rs.Close()
	if _, err := rs.Optimize(nil); err == nil {
		t.Error("a closed ruleset is optimised")
	}
	if rs.Unfold() == nil {
		t.Error("a closed ruleset is unfolded")
	}
}
