// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"runtime"
	"syscall"
	"unsafe"
)

// Ruleset is what a program wants (built or parsed) or what a kernel has (loaded): memory only.
//
// Everything taken from it is borrowed: it keeps the ruleset in memory and answers with an error after Close.
type Ruleset struct {
	root
	c *C.struct_fwc_ruleset
}

// NewRuleset is an empty ruleset. It panics when there is no memory, as the Go runtime does.
func NewRuleset() *Ruleset {
	c := C.fwc_ruleset_new()
	if c == nil {
		panic(memoryError())
	}
	return newRuleset(c)
}

func newRuleset(c *C.struct_fwc_ruleset) *Ruleset {
	rs := &Ruleset{c: c}
	rs.open("ruleset", func() { C.fwc_ruleset_free(c) })
	rs.first = func(err *C.struct_fwc_error) C.int { return C.fwc_ruleset_error(c, err) }
	runtime.SetFinalizer(rs, (*Ruleset).Close)
	return rs
}

// ParseRuleset reads a ruleset in nft's command words, one command a line ("add table inet myapp"). The error has
// line and column.
func ParseRuleset(syntax Syntax, text string) (*Ruleset, error) {
	var err C.struct_fwc_error
	bytes := append([]byte(text), 0)
	c := C.fwc_ruleset_parse((*C.char)(unsafe.Pointer(&bytes[0])), C.size_t(len(text)), C.uint32_t(syntax), &err)
	if c == nil {
		return nil, failed(err.code, &err)
	}
	return newRuleset(c), nil
}

// Close releases the ruleset. Plans and batches that use it go on. A second Close does nothing.
func (rs *Ruleset) Close() error {
	if rs != nil {
		rs.close()
	}
	return nil
}

func (rs *Ruleset) enter() error {
	if rs == nil {
		return nilError("ruleset")
	}
	return rs.root.enterNow()
}

func (rs *Ruleset) node() node {
	return node{root: &rs.root}
}

// Err is the first failure of a builder, nil when there was none. A ruleset that failed is neither printed nor
// applied: errors of builders need not be looked at one by one.
func (rs *Ruleset) Err() error {
	if err := rs.enter(); err != nil {
		return err
	}
	defer rs.leave()
	return rs.sticky()
}

// sticky is the failure that a builder left.
func (r *root) sticky() error {
	if r.failed != nil {
		return r.failed
	}
	if r.first == nil {
		return nil
	}
	return r.failure(r.first(nil))
}

// addTable makes a table with what a call of the library makes of its name.
func (rs *Ruleset) addTable(name string, add func(*C.char) *C.struct_fwc_table) (*Table, error) {
	if err := rs.enter(); err != nil {
		return nil, err
	}
	defer rs.leave()
	cname, err := cString("the table's name", name)
	if err != nil {
		return nil, rs.refuse(err)
	}
	c := add(cname)
	if c == nil {
		return nil, rs.failedAdd()
	}
	return &Table{rs.node(), c}, nil
}

// AddTable declares a table. Without TableShared it is ours and wanted whole: what is not declared goes.
func (rs *Ruleset) AddTable(family Family, name string, flags TableFlags) (*Table, error) {
	return rs.addTable(name, func(cname *C.char) *C.struct_fwc_table {
		return C.fwc_ruleset_add_table(rs.c, C.uint32_t(family), cname, C.uint32_t(flags))
	})
}

// AddIptablesTable declares a table of iptables, "filter" or another, with its base chains. That of arptables is "filter" of
// FamilyARP.
func (rs *Ruleset) AddIptablesTable(family Family, name string, flags TableFlags) (*Table, error) {
	return rs.addTable(name, func(cname *C.char) *C.struct_fwc_table {
		return C.fwc_ruleset_add_iptables_table(rs.c, C.uint32_t(family), cname, C.uint32_t(flags))
	})
}

// AbsentTable declares that a table is not wanted.
func (rs *Ruleset) AbsentTable(family Family, name string) error {
	if err := rs.enter(); err != nil {
		return err
	}
	defer rs.leave()
	cname, err := cString("the table's name", name)
	if err != nil {
		return rs.refuse(err)
	}
	return rs.failure(C.fwc_ruleset_absent_table(rs.c, C.uint32_t(family), cname))
}

func (rs *Ruleset) refuse(err error) error {
	return rs.root.refuse(err, func() C.int { return C.fwc_ruleset_absent_table(rs.c, C.uint32_t(FamilyInet), nil) })
}

// Format writes the whole ruleset as text that `nft -f` takes.
func (rs *Ruleset) Format(syntax Syntax, flags FormatFlags) (string, error) {
	if err := rs.enter(); err != nil {
		return "", err
	}
	defer rs.leave()
	if rs.failed != nil {
		return "", rs.failed
	}
	var text *C.char
	var size C.size_t
	var cerr C.struct_fwc_error
	if r := C.fwc_ruleset_format(rs.c, C.uint32_t(syntax), C.uint32_t(flags), &text, &size, &cerr); r < 0 {
		return "", failed(r, &cerr)
	}
	defer C.fwc_text_free(text)
	return string(unsafe.Slice((*byte)(unsafe.Pointer(text)), int(size))), nil
}

// String is Format as `nft list ruleset` prints, or the failure in angle brackets.
func (rs *Ruleset) String() string {
	text, err := rs.Format(SyntaxNFT, 0)
	if err != nil {
		return "<" + err.Error() + ">"
	}
	return text
}

// Tables are the declared or loaded ones, absent ones not among them; none when the ruleset is closed.
func (rs *Ruleset) Tables() []*Table {
	if rs.enter() != nil {
		return nil
	}
	defer rs.leave()
	tables := make([]*Table, 0, C.fwc_ruleset_count(rs.c))
	for i := 0; i < cap(tables); i++ {
		tables = append(tables, &Table{rs.node(), C.fwc_ruleset_at(rs.c, C.size_t(i))})
	}
	return tables
}

// Table finds a table; nil when there is none.
func (rs *Ruleset) Table(family Family, name string) *Table {
	cname, err := cString("the name", name)
	if err != nil || rs.enter() != nil {
		return nil
	}
	defer rs.leave()
	c := C.fwc_ruleset_find_table(rs.c, C.uint32_t(family), cname)
	if c == nil {
		return nil
	}
	return &Table{rs.node(), c}
}

// Chain finds a chain; nil when there is none.
func (rs *Ruleset) Chain(family Family, table, name string) *Chain {
	ctable, err := cString("the name", table)
	if err != nil {
		return nil
	}
	cname, err := cString("the name", name)
	if err != nil || rs.enter() != nil {
		return nil
	}
	defer rs.leave()
	c := C.fwc_ruleset_find_chain(rs.c, C.uint32_t(family), ctable, cname)
	if c == nil {
		return nil
	}
	return &Chain{rs.node(), c}
}

// Set finds a named set or map; nil when there is none.
func (rs *Ruleset) Set(family Family, table, name string) *Set {
	ctable, err := cString("the name", table)
	if err != nil {
		return nil
	}
	cname, err := cString("the name", name)
	if err != nil || rs.enter() != nil {
		return nil
	}
	defer rs.leave()
	c := C.fwc_ruleset_find_set(rs.c, C.uint32_t(family), ctable, cname)
	if c == nil {
		return nil
	}
	return &Set{node: rs.node(), c: c}
}

// Table is a table of a ruleset. Its readers give zero values when the ruleset is closed.
type Table struct {
	node
	c *C.struct_fwc_table
}

func (t *Table) enter() error {
	if t == nil {
		return nilError("table")
	}
	return t.node.enter()
}

func (t *Table) refuse(err error) error {
	return t.root.refuse(err, func() C.int {
		C.fwc_table_add_chain(t.c, nil, nil)
		return -C.int(syscall.EINVAL)
	})
}

// BaseOptions make a chain a base chain: one that sees packets by itself.
type BaseOptions struct {
	Type     ChainType // 0: ChainFilter
	Hook     Hook
	Policy   Verdict  // VerdictAccept or VerdictDrop; 0: accept
	Priority string   // a name or number, with offset: "filter", "dstnat - 5", "-300"; "": "filter" (nat: by hook)
	Devices  []string // for ingress and egress, else none
}

// AddChain declares a chain; without options a user chain or, in a shared table, whatever it is.
func (t *Table) AddChain(name string, base *BaseOptions) (*Chain, error) {
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	cname, err := cString("the chain's name", name)
	if err != nil {
		return nil, t.refuse(err)
	}
	var c *C.struct_fwc_chain
	if base == nil {
		c = C.fwc_table_add_chain(t.c, cname, nil)
	} else {
		var s scratch
		defer s.free()
		opts := C.struct_fwc_base_opts{
			size:     C.sizeof_struct_fwc_base_opts,
			_type:    C.uint32_t(base.Type),
			hook:     C.uint32_t(base.Hook),
			policy:   C.uint32_t(base.Policy),
			priority: s.text("the priority", base.Priority),
			devices:  s.texts("the device", base.Devices),
		}
		if s.err != nil {
			return nil, t.refuse(s.err)
		}
		c = C.fwc_table_add_chain(t.c, cname, &opts)
	}
	if c == nil {
		return nil, t.root.failedAdd()
	}
	return &Chain{t.node, c}, nil
}

// SetComment is a comment that nft shows; "" for none.
func (t *Table) SetComment(text string) error {
	if err := t.enter(); err != nil {
		return err
	}
	defer t.leave()
	c, err := cStringOrNil("the comment", text)
	if err != nil {
		return t.refuse(err)
	}
	return t.root.failure(C.fwc_table_comment(t.c, c))
}

// Name is the table's name.
func (t *Table) Name() string {
	if t.enter() != nil {
		return ""
	}
	defer t.leave()
	return goString(C.fwc_table_name(t.c))
}

// Family is the table's family.
func (t *Table) Family() Family {
	if t.enter() != nil {
		return 0
	}
	defer t.leave()
	return Family(C.fwc_table_family(t.c))
}

// Flags are the table's flags.
func (t *Table) Flags() TableFlags {
	if t.enter() != nil {
		return 0
	}
	defer t.leave()
	return TableFlags(C.fwc_table_flags(t.c))
}

// Handle is the kernel's, 0 when not read from a kernel.
func (t *Table) Handle() uint64 {
	if t.enter() != nil {
		return 0
	}
	defer t.leave()
	return uint64(C.fwc_table_handle(t.c))
}

// Comment is what nft shows, "" when there is none.
func (t *Table) Comment() string {
	if t.enter() != nil {
		return ""
	}
	defer t.leave()
	return goString(C.fwc_table_comment_get(t.c))
}

// IsIptables says that iptables-nft made this table: then it is read and kept, and not written.
func (t *Table) IsIptables() bool {
	if t.enter() != nil {
		return false
	}
	defer t.leave()
	return bool(C.fwc_table_is_iptables(t.c))
}

// Chains are the table's.
func (t *Table) Chains() []*Chain {
	if t.enter() != nil {
		return nil
	}
	defer t.leave()
	chains := make([]*Chain, 0, C.fwc_table_chain_count(t.c))
	for i := 0; i < cap(chains); i++ {
		chains = append(chains, &Chain{t.node, C.fwc_table_chain_at(t.c, C.size_t(i))})
	}
	return chains
}

// NamedObject is an object of a table that has a name: a counter, quota or the like that rules share.
type NamedObject struct {
	Name string
	Type ObjectType
	What *Target // what it does, for reading; nil where that is kept as bytes
}

// AddObject declares a named object that does what the target does.
func (t *Table) AddObject(name string, what *Target) error {
	if t == nil {
		return nilError("table")
	}
	in, err := enterAll(what.needs([]need{t.node.at()})...)
	if err != nil {
		return err
	}
	defer in.leave()
	cname, err := cString("the object's name", name)
	if err != nil {
		return t.refuse(err)
	}
	c, err := what.make()
	if err != nil {
		return t.refuse(err)
	}
	defer what.unmake(c)
	return t.root.failure(C.fwc_table_add_object(t.c, cname, c))
}

// Objects are the table's named objects.
func (t *Table) Objects() []NamedObject {
	if t.enter() != nil {
		return nil
	}
	defer t.leave()
	objects := make([]NamedObject, 0, C.fwc_table_object_count(t.c))
	for i := 0; i < cap(objects); i++ {
		object := NamedObject{
			Name: goString(C.fwc_table_object_name(t.c, C.size_t(i))),
			Type: ObjectType(C.fwc_table_object_type(t.c, C.size_t(i))),
		}
		if c := C.fwc_table_object_at(t.c, C.size_t(i)); c != nil {
			object.What = &Target{node: t.node, c: c}
		}
		objects = append(objects, object)
	}
	return objects
}

// Sets are the table's named sets and maps.
func (t *Table) Sets() []*Set {
	if t.enter() != nil {
		return nil
	}
	defer t.leave()
	sets := make([]*Set, 0, C.fwc_table_set_count(t.c))
	for i := 0; i < cap(sets); i++ {
		sets = append(sets, &Set{node: t.node, c: C.fwc_table_set_at(t.c, C.size_t(i))})
	}
	return sets
}
