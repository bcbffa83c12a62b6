// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

// OptimizeOptions are for Optimize.
type OptimizeOptions struct {
	MinRules uint32 // fewer rules than this stay as they are; 0: 8
}

func (o *OptimizeOptions) c() *C.struct_fwc_optimize_opts {
	if o == nil {
		return nil
	}
	return &C.struct_fwc_optimize_opts{
		size:      C.sizeof_struct_fwc_optimize_opts,
		min_rules: C.uint32_t(o.MinRules),
	}
}

// Fold is what became of rules that follow each other in a chain.
type Fold struct {
	Kind   FoldKind
	Reason FoldReason // of FoldLeft
	Family Family
	Table  string
	Chain  string
	Set    string // the set or map that was made; "" of FoldLeft
	First  int    // the index that the first of the rules had in its chain
	Rules  int    // how many rules
	text   string
}

// String is the entry in words.
func (f Fold) String() string {
	return f.text
}

func newFold(c *C.struct_fwc_fold) Fold {
	text, _ := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
		return C.fwc_fold_format(c, buf, size, needed)
	})
	return Fold{
		Kind:   FoldKind(C.fwc_fold_kind(c)),
		Reason: FoldReason(C.fwc_fold_reason(c)),
		Family: Family(C.fwc_fold_family(c)),
		Table:  C.GoString(C.fwc_fold_table(c)),
		Chain:  C.GoString(C.fwc_fold_chain(c)),
		Set:    C.GoString(C.fwc_fold_set(c)),
		First:  int(C.fwc_fold_first(c)),
		Rules:  int(C.fwc_fold_rules(c)),
		text:   text,
	}
}

// Optimize folds adjacent rules into sets and maps; it returns what was folded, and what was left and why.
func (rs *Ruleset) Optimize(options *OptimizeOptions) ([]Fold, error) {
	if err := rs.enter(); err != nil {
		return nil, err
	}
	defer rs.leave()
	if rs.failed != nil {
		return nil, rs.failed
	}
	var c *C.struct_fwc_folds
	var cerr C.struct_fwc_error
	if r := C.fwc_ruleset_optimize(rs.c, options.c(), &c, &cerr); r < 0 {
		return nil, failed(r, &cerr)
	}
	defer C.fwc_folds_free(c)
	folds := make([]Fold, int(C.fwc_folds_count(c)))
	for i := range folds {
		folds[i] = newFold(C.fwc_folds_at(c, C.size_t(i)))
	}
	return folds, nil
}

// Unfold turns what Optimize folded into rules again, also in a ruleset that was loaded.
func (rs *Ruleset) Unfold() error {
	if err := rs.enter(); err != nil {
		return err
	}
	defer rs.leave()
	if rs.failed != nil {
		return rs.failed
	}
	var cerr C.struct_fwc_error
	return failed(C.fwc_ruleset_unfold(rs.c, &cerr), &cerr)
}
