// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"runtime"
	"syscall"
)

// Batch is operations on tables as they are, one's own or others', all in one commit. Its builders keep their first
// failure like a ruleset's.
type Batch struct {
	root
	c        *C.struct_fwc_batch
	declared []*Ruleset // each counts the batch among its users
}

// NewBatch is an empty batch. It panics when there is no memory, as the Go runtime does.
func NewBatch() *Batch {
	c := C.fwc_batch_new()
	if c == nil {
		panic(memoryError())
	}
	b := &Batch{c: c}
	b.open("batch", func() { C.fwc_batch_free(c) })
	b.first = func(err *C.struct_fwc_error) C.int { return C.fwc_batch_error(c, err) }
	runtime.SetFinalizer(b, (*Batch).Close)
	return b
}

// Close releases the batch and its rules. A second Close does nothing.
func (b *Batch) Close() error {
	if b == nil || !b.close() {
		return nil
	}
	b.mu.Lock()
	declared := b.takeDeclared()
	b.mu.Unlock()
	letGo(declared)
	return nil
}

func (b *Batch) enter() error {
	if b == nil {
		return nilError("batch")
	}
	return b.root.enterNow()
}

func (b *Batch) refuse(err error) error {
	return b.root.refuse(err, func() C.int { return C.fwc_batch_del_rule(b.c, nil) })
}

// Clear empties the batch, its failure too, to be used again. Rules taken from it are closed.
func (b *Batch) Clear() error {
	if err := b.enter(); err != nil {
		return err
	}
	C.fwc_batch_clear(b.c)
	b.epoch++
	b.failed = nil
	declared := b.takeDeclared()
	b.leave()
	letGo(declared)
	return nil
}

func (b *Batch) takeDeclared() []*Ruleset {
	declared := b.declared
	b.declared = nil
	return declared
}

// letGo is called outside the batch: rulesets are entered before batches that were made later.
func letGo(declared []*Ruleset) {
	for _, rs := range declared {
		rs.letGo()
	}
}

// Err is the first failure of a builder, nil when there was none.
func (b *Batch) Err() error {
	if err := b.enter(); err != nil {
		return err
	}
	defer b.leave()
	return b.sticky()
}

// Place is a place in a chain, or the rule there.
type Place struct {
	Family Family
	Table  string
	Chain  string
	Where  Where  // the zero value: at the end
	Handle uint64 // a rule's; for Before, After, ReplaceRule and DelRule
}

func (p *Place) c(s *scratch) *C.struct_fwc_place {
	return &C.struct_fwc_place{
		family: C.uint32_t(p.Family),
		where:  C.uint32_t(p.Where),
		handle: C.uint64_t(p.Handle),
		table:  s.text("the table's name", p.Table),
		chain:  s.text("the chain's name", p.Chain),
	}
}

// at runs a builder that takes a place. Its rule is nil for those that make none.
func (b *Batch) at(place Place, build func(c *C.struct_fwc_place) (*C.struct_fwc_rule, C.int)) (*Rule, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.leave()
	var s scratch
	defer s.free()
	c := place.c(&s)
	if s.err != nil {
		return nil, b.refuse(s.err)
	}
	rule, r := build(c)
	if r < 0 {
		return nil, b.failure(r)
	}
	if rule == nil {
		return nil, b.failedAdd()
	}
	return &Rule{node: node{&b.root, b.epoch}, c: rule}, nil
}

// AddRule adds a rule, to be filled by the rule's builders.
func (b *Batch) AddRule(place Place) (*Rule, error) {
	return b.at(place, func(c *C.struct_fwc_place) (*C.struct_fwc_rule, C.int) {
		return C.fwc_batch_add_rule(b.c, c), 0
	})
}

// AddRuleText adds a rule in words.
func (b *Batch) AddRuleText(place Place, syntax Syntax, text string) (*Rule, error) {
	ctext, refusal := cString("the rule", text)
	return b.at(place, func(c *C.struct_fwc_place) (*C.struct_fwc_rule, C.int) {
		if refusal != nil {
			b.refuse(refusal)
			return nil, -C.int(syscall.EINVAL)
		}
		return C.fwc_batch_add_rule_text(b.c, c, C.uint32_t(syntax), ctext), 0
	})
}

// ReplaceRule replaces the rule of the place's handle. The new one is to be filled.
func (b *Batch) ReplaceRule(place Place) (*Rule, error) {
	return b.at(place, func(c *C.struct_fwc_place) (*C.struct_fwc_rule, C.int) {
		return C.fwc_batch_replace_rule(b.c, c), 0
	})
}

// DelRule deletes the rule of the place's handle.
func (b *Batch) DelRule(place Place) error {
	if err := b.enter(); err != nil {
		return err
	}
	defer b.leave()
	var s scratch
	defer s.free()
	c := place.c(&s)
	if s.err != nil {
		return b.refuse(s.err)
	}
	return b.failure(C.fwc_batch_del_rule(b.c, c))
}

// DelTagged deletes all rules and elements of a table that carry a tag and the kernel object's owner. None is no failure.
func (b *Batch) DelTagged(family Family, table, tag string) error {
	if err := b.enter(); err != nil {
		return err
	}
	defer b.leave()
	ctable, err := cString("the table's name", table)
	if err != nil {
		return b.refuse(err)
	}
	ctag, err := cString("the tag", tag)
	if err != nil {
		return b.refuse(err)
	}
	return b.failure(C.fwc_batch_del_tagged(b.c, C.uint32_t(family), ctable, ctag))
}

// SetName is which set or map of which table.
type SetName struct {
	Family Family
	Table  string
	Set    string
}

func (n *SetName) c() (table, set *C.char, err error) {
	if table, err = cString("the table's name", n.Table); err != nil {
		return nil, nil, err
	}
	set, err = cString("the set's name", n.Set)
	return table, set, err
}

// AddElement adds an element in nft's words. The data are for a map, else "".
func (b *Batch) AddElement(set SetName, key, data string, flags ElementFlags, options *ElementOptions) error {
	return b.withValues(set, nil, options, func(table, name *C.char, _ []*C.struct_fwc_value) C.int {
		ckey, err := cString("the key", key)
		if err != nil {
			return b.refuseNow(err)
		}
		cdata, err := cStringOrNil("the data", data)
		if err != nil {
			return b.refuseNow(err)
		}
		var s scratch
		defer s.free()
		opts := s.elementOptions(options)
		if s.err != nil {
			return b.refuseNow(s.err)
		}
		return C.fwc_batch_add_element(b.c, C.uint32_t(set.Family), table, name, ckey, cdata, C.uint32_t(flags), opts)
	})
}

// refuseNow is refuse within a call: the failure is told when that returns.
func (b *Batch) refuseNow(err error) C.int {
	b.refuse(err)
	return -C.int(syscall.EINVAL)
}

// DelElement deletes an element.
func (b *Batch) DelElement(set SetName, key string) error {
	if err := b.enter(); err != nil {
		return err
	}
	defer b.leave()
	ctable, cset, err := set.c()
	if err != nil {
		return b.refuse(err)
	}
	ckey, err := cString("the key", key)
	if err != nil {
		return b.refuse(err)
	}
	return b.failure(C.fwc_batch_del_element(b.c, C.uint32_t(set.Family), ctable, cset, ckey))
}

// AddElementValue adds an element by values. The data are for a map, else nil.
func (b *Batch) AddElementValue(set SetName, key, data *Value, flags ElementFlags, options *ElementOptions) error {
	return b.withValues(set, []*Value{key, data}, options, func(table, name *C.char, c []*C.struct_fwc_value) C.int {
		if data != nil && c[1] == nil {
			return b.refuseNow(refused(syscall.EINVAL, "the data are no value"))
		}
		var s scratch
		defer s.free()
		opts := s.elementOptions(options)
		if s.err != nil {
			return b.refuseNow(s.err)
		}
		return C.fwc_batch_add_element_value(b.c, C.uint32_t(set.Family), table, name, c[0], c[1], C.uint32_t(flags), opts)
	})
}

// DelElementValue deletes an element by value.
func (b *Batch) DelElementValue(set SetName, key *Value) error {
	return b.withValues(set, []*Value{key}, nil, func(table, name *C.char, c []*C.struct_fwc_value) C.int {
		return C.fwc_batch_del_element_value(b.c, C.uint32_t(set.Family), table, name, c[0])
	})
}

func (b *Batch) withValues(set SetName, values []*Value, options *ElementOptions, build func(table, name *C.char, c []*C.struct_fwc_value) C.int) error {
	if b == nil {
		return nilError("batch")
	}
	in, err := enterAll(options.needs(needsOf([]need{{root: &b.root, held: true}}, values))...)
	if err != nil {
		return err
	}
	defer in.leave()
	if err := b.usable(b.epoch); err != nil {
		return err
	}
	table, name, err := set.c()
	if err != nil {
		return b.refuse(err)
	}
	made, err := makeValues(values)
	defer made.free()
	if err != nil {
		return b.refuse(err)
	}
	return b.failure(build(table, name, made.c))
}

// Declare makes a declared ruleset part of the commit: the difference is worked out when the batch is committed, and
// comes before the operations. The batch keeps the ruleset's memory, also after the ruleset's Close.
func (b *Batch) Declare(rs *Ruleset) error {
	if b == nil {
		return nilError("batch")
	}
	if rs == nil {
		return nilError("ruleset")
	}
	in, err := enterAll(need{root: &b.root, held: true}, need{root: &rs.root})
	if err != nil {
		return err
	}
	defer in.leave()
	if err := b.usable(b.epoch); err != nil {
		return err
	}
	if r := C.fwc_batch_declare(b.c, rs.c); r < 0 {
		return b.failure(r)
	}
	rs.users++
	b.declared = append(b.declared, rs)
	return nil
}

// Commit commits a batch: everything in it or nothing. The batch can be committed again.
func (k *Kernel) Commit(b *Batch) error {
	if k == nil {
		return nilError("kernel object")
	}
	if b == nil {
		return nilError("batch")
	}
	in, err := b.enterFor(k)
	if err != nil {
		return err
	}
	defer in.leave()
	if b.failed != nil {
		return b.failed
	}
	for _, rs := range b.declared {
		if rs.failed != nil {
			return rs.failed
		}
	}
	var cerr C.struct_fwc_error
	return failed(C.fwc_kernel_commit(k.c, b.c, &cerr), &cerr)
}

// enterFor enters the kernel object, the batch and the rulesets that it declares. Which these are is only known inside
// the batch: it looks, enters them in their order, and looks again.
func (b *Batch) enterFor(k *Kernel) (entered, error) {
	for {
		b.mu.Lock()
		declared := b.declared
		b.mu.Unlock()
		needs := []need{k.at(), {root: &b.root, held: true}}
		for _, rs := range declared {
			needs = append(needs, need{root: &rs.root, held: true})
		}
		in, err := enterAll(needs...)
		if err != nil {
			return nil, err
		}
		if err := b.usable(b.epoch); err != nil {
			in.leave()
			return nil, err
		}
		if len(b.declared) == len(declared) && (len(declared) == 0 || &b.declared[0] == &declared[0]) {
			return in, nil
		}
		in.leave()
	}
}
