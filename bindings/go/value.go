// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"net/netip"
	"syscall"
	"unsafe"
)

// Value is what a match compares and what a target takes: a field, a constant, a range, a list, a named set, several
// values side by side, bits of a value, or what a map holds.
//
// Constants are written without saying their type, which they take from the field they meet. Values made by this
// package are plain Go memory: they need no Close and may be used any number of times, by several goroutines.
// Values read from a rule, target or element are borrowed from it. What is wrong with a value is told by the rule,
// set or target that it is given to.
type Value struct {
	form   form
	number uint64     // of a number; the field, verdict, bits
	op     uint32     // of bits; of a prefix its length
	text   string     // of a name, words, set, verdict's chain
	addr   netip.Addr // of an address or prefix
	parts  []*Value   // those it is made of; keys of pairs
	data   []*Value   // of pairs

	details, numbers []uint32 // of a field with parameters

	// Borrowed: only these.
	node node
	c    *C.struct_fwc_value
}

// form is which constructor of the library makes the value.
type form int

const (
	formBorrowed form = iota
	formField
	formFieldWith
	formNumber
	formAddr
	formPrefix
	formName
	formText
	formRange
	formList
	formPairs
	formSet
	formConcat
	formBits
	formMap
	formJoin
	formHash
	formVerdict
	formAny
)

// Value is the field as a value.
func (f Field) Value() *Value {
	return &Value{form: formField, number: uint64(f)}
}

// With is a field that has parameters: FieldNumgen.With(map[FieldDetail]uint32{FieldDetailModulus: 2}).
func (f Field) With(details map[FieldDetail]uint32) *Value {
	v := &Value{form: formFieldWith, number: uint64(f)}
	for detail, number := range details {
		v.details = append(v.details, uint32(detail))
		v.numbers = append(v.numbers, number)
	}
	return v
}

// Number is a number, in the byte order of this machine.
func Number(number uint64) *Value {
	return &Value{form: formNumber, number: number}
}

// Addr is an address.
func Addr(addr netip.Addr) *Value {
	return &Value{form: formAddr, addr: addr}
}

// Prefix is the addresses that share a prefix.
func Prefix(prefix netip.Prefix) *Value {
	if !prefix.IsValid() {
		return &Value{form: formAddr} // no address at all, which the library refuses
	}
	return &Value{form: formPrefix, addr: prefix.Addr(), op: uint32(prefix.Bits())}
}

// Name is a name taken literally: an interface may be called "a,b" or "1-2".
func Name(name string) *Value {
	return &Value{form: formName, text: name}
}

// Text is a constant in nft's words, read when it meets its field: "22", "10.0.0.0/8", "established,related", "eth*".
func Text(words string) *Value {
	return &Value{form: formText, text: words}
}

// Range is from one constant to another, both included.
func Range(first, last *Value) *Value {
	return &Value{form: formRange, parts: []*Value{first, last}}
}

// List is an anonymous set of constants, ranges, prefixes or concatenations of such.
func List(items ...*Value) *Value {
	return &Value{form: formList, parts: append([]*Value(nil), items...)}
}

// Pairs is an anonymous map, for Map: each key has its data, a value or verdict.
func Pairs(keys, data []*Value) *Value {
	return &Value{form: formPairs, parts: append([]*Value(nil), keys...), data: append([]*Value(nil), data...)}
}

// NamedSet is a named set or map of the table the rule is in. The name comes without "@".
func NamedSet(name string) *Value {
	return &Value{form: formSet, text: name}
}

// Concat is values side by side: two to eight.
func Concat(parts ...*Value) *Value {
	return &Value{form: formConcat, parts: append([]*Value(nil), parts...)}
}

// Bits is a value after an operation with a mask, or a shift by a number.
func Bits(value *Value, op BitsOp, bits uint64) *Value {
	return &Value{form: formBits, parts: []*Value{value}, op: uint32(op), number: bits}
}

// Join is the and, or or xor of two values of the packet (Linux 6.13).
func Join(left *Value, op BitsOp, right *Value) *Value {
	return &Value{form: formJoin, parts: []*Value{left, right}, op: uint32(op)}
}

// Hash is the hash of a value; by is a FieldJhash with its parameters.
func Hash(value, by *Value) *Value {
	return &Value{form: formHash, parts: []*Value{value, by}}
}

// Map is what a map (a NamedSet or Pairs) holds for a key.
func Map(key, m *Value) *Value {
	return &Value{form: formMap, parts: []*Value{key, m}}
}

// AnyKey is every key that no other element of a set has: the key of its catch-all element.
func AnyKey() *Value {
	return &Value{form: formAny}
}

// Value is the verdict as data of a verdict map. The chain is for VerdictJump and VerdictGoto, else "".
func (v Verdict) Value(chain string) *Value {
	return &Value{form: formVerdict, number: uint64(v), text: chain}
}

func borrowedValue(n node, c *C.struct_fwc_value) *Value {
	if c == nil {
		return nil
	}
	return &Value{node: n, c: c}
}

// needsOf adds the roots that values are borrowed from.
func needsOf(needs []need, values []*Value) []need {
	for _, v := range values {
		needs = v.needs(needs)
	}
	return needs
}

func (v *Value) needs(needs []need) []need {
	if v == nil {
		return needs
	}
	if v.c != nil {
		return append(needs, v.node.at())
	}
	return needsOf(needsOf(needs, v.parts), v.data)
}

// makeValue is the library's value for the time of a call; the roots that it needs are entered. It is nil for nil and
// for what the library does not make: the builder that is given it then refuses.
func (v *Value) makeValue() (*C.struct_fwc_value, error) {
	if v == nil || v.form == formBorrowed {
		return v.borrowed(), nil
	}
	text, err := cString("the value", v.text)
	if err != nil {
		return nil, err
	}
	switch v.form {
	case formField:
		return C.fwc_value_field(C.uint32_t(v.number)), nil
	case formFieldWith:
		return v.makeField(), nil
	case formNumber:
		return C.fwc_value_number(C.uint64_t(v.number)), nil
	case formAddr, formPrefix:
		return v.makeAddr()
	case formName:
		return C.fwc_value_name(text), nil
	case formText:
		return C.fwc_value_text(text), nil
	case formSet:
		return C.fwc_value_set(text), nil
	case formAny:
		return C.fwc_value_any(), nil
	case formVerdict:
		if v.text == "" {
			text = nil
		}
		return C.fwc_value_verdict(C.uint32_t(v.number), text), nil
	}
	return v.makeTree()
}

func (v *Value) makeField() *C.struct_fwc_value {
	if len(v.details) == 0 {
		return C.fwc_value_field_with(C.uint32_t(v.number), nil, nil, 0)
	}
	return C.fwc_value_field_with(C.uint32_t(v.number), (*C.uint32_t)(unsafe.Pointer(&v.details[0])),
		(*C.uint32_t)(unsafe.Pointer(&v.numbers[0])), C.size_t(len(v.details)))
}

func (v *Value) borrowed() *C.struct_fwc_value {
	if v == nil {
		return nil
	}
	return v.c
}

func (v *Value) makeAddr() (*C.struct_fwc_value, error) {
	if !v.addr.IsValid() {
		return nil, refused(syscall.EINVAL, "an address or prefix is needed, not the zero one")
	}
	ip, err := cAddr(v.addr)
	if err != nil {
		return nil, err
	}
	if v.form == formPrefix {
		return C.fwc_value_prefix(&ip, C.uint32_t(v.op)), nil
	}
	return C.fwc_value_ip(&ip), nil
}

// makeTree is makeValue for what has children.
func (v *Value) makeTree() (*C.struct_fwc_value, error) {
	parts, err := makeValues(v.parts)
	defer parts.free()
	if err != nil {
		return nil, err
	}
	switch v.form {
	case formRange:
		return C.fwc_value_range(parts.c[0], parts.c[1]), nil
	case formList:
		return C.fwc_value_list(parts.pointer(), C.size_t(len(parts.c))), nil
	case formConcat:
		return C.fwc_value_concat(parts.pointer(), C.size_t(len(parts.c))), nil
	case formBits:
		return C.fwc_value_bits(parts.c[0], C.uint32_t(v.op), C.uint64_t(v.number)), nil
	case formJoin:
		return C.fwc_value_join(parts.c[0], C.uint32_t(v.op), parts.c[1]), nil
	case formHash:
		return C.fwc_value_hash(parts.c[0], parts.c[1]), nil
	case formMap:
		return C.fwc_value_map(parts.c[0], parts.c[1]), nil
	}
	if len(v.parts) != len(v.data) {
		return nil, refused(syscall.EINVAL, "a map needs as many data as it has keys")
	}
	data, err := makeValues(v.data)
	defer data.free()
	if err != nil {
		return nil, err
	}
	return C.fwc_value_pairs(parts.pointer(), data.pointer(), C.size_t(len(parts.c))), nil
}

// unmake releases what makeValue made.
func (v *Value) unmake(c *C.struct_fwc_value) {
	if v != nil && v.form != formBorrowed {
		C.fwc_value_free(c)
	}
}

// made is several values for the time of a call.
type made struct {
	values []*Value
	c      []*C.struct_fwc_value
}

func makeValues(values []*Value) (made, error) {
	m := made{values: values, c: make([]*C.struct_fwc_value, 0, len(values))}
	for _, v := range values {
		c, err := v.makeValue()
		if err != nil {
			return m, err
		}
		m.c = append(m.c, c)
	}
	return m, nil
}

func (m *made) pointer() **C.struct_fwc_value {
	if len(m.c) == 0 {
		return nil
	}
	return (**C.struct_fwc_value)(unsafe.Pointer(&m.c[0]))
}

func (m *made) free() {
	for i, c := range m.c {
		m.values[i].unmake(c)
	}
}

// read asks the library about a value: the borrowed one, or one made for the question. False when there is none.
func (v *Value) read(ask func(c *C.struct_fwc_value)) bool {
	if v == nil {
		return false
	}
	in, err := enterAll(v.needs(nil)...)
	if err != nil {
		return false
	}
	defer in.leave()
	c, err := v.makeValue()
	if err != nil || c == nil {
		return false
	}
	defer v.unmake(c)
	ask(c)
	return true
}

// Kind is what the value is; ValueUntyped for a constant that has not met its field yet, 0 when there is none.
func (v *Value) Kind() (kind ValueKind) {
	v.read(func(c *C.struct_fwc_value) { kind = ValueKind(C.fwc_value_kind(c)) })
	return kind
}

// Field is that of a ValueField, 0 for others.
func (v *Value) Field() (field Field) {
	v.read(func(c *C.struct_fwc_value) { field = Field(C.fwc_value_get_field(c)) })
	return field
}

// FieldDetail is what a ValueField was given; ok is false when it has no such parameter.
func (v *Value) FieldDetail(detail FieldDetail) (number uint32, ok bool) {
	v.read(func(c *C.struct_fwc_value) {
		var n C.uint32_t
		ok = bool(C.fwc_value_get_field_detail(c, C.uint32_t(detail), &n))
		number = uint32(n)
	})
	return number, ok
}

// Number is that of a constant of up to 8 bytes, in the byte order of this machine.
func (v *Value) Number() (number uint64, ok bool) {
	v.read(func(c *C.struct_fwc_value) {
		var n C.uint64_t
		ok = bool(C.fwc_value_get_number(c, &n))
		number = uint64(n)
	})
	return number, ok
}

// Prefix is that of a constant or prefix that is an address; a single address has all its bits.
func (v *Value) Prefix() (prefix netip.Prefix, ok bool) {
	v.read(func(c *C.struct_fwc_value) {
		var ip C.struct_fwc_ip
		var bits C.uint32_t
		ok = bool(C.fwc_value_get_ip(c, &ip, &bits))
		if ok {
			prefix = netip.PrefixFrom(goAddr(&ip), int(bits))
		}
	})
	return prefix, ok
}

// Name is that of a constant or prefix of a name (a prefix's without "*"), of a set, or of a verdict's chain; "" for others.
func (v *Value) Name() (name string) {
	v.read(func(c *C.struct_fwc_value) { name = goString(C.fwc_value_get_name(c)) })
	return name
}

// Verdict is that of a ValueVerdict, 0 for others.
func (v *Value) Verdict() (verdict Verdict) {
	v.read(func(c *C.struct_fwc_value) { verdict = Verdict(C.fwc_value_get_verdict(c)) })
	return verdict
}

// Bits is the operation of a ValueBits, with its mask or shift.
func (v *Value) Bits() (op BitsOp, bits uint64, ok bool) {
	v.read(func(c *C.struct_fwc_value) {
		var cop C.uint32_t
		var cbits C.uint64_t
		ok = bool(C.fwc_value_get_bits(c, &cop, &cbits))
		op, bits = BitsOp(cop), uint64(cbits)
	})
	return op, bits, ok
}

// Len is the number of children: the ends of a range, the parts of a concatenation, the value of bits, key and map of
// a map.
func (v *Value) Len() (count int) {
	v.read(func(c *C.struct_fwc_value) { count = int(C.fwc_value_count(c)) })
	return count
}

// At is a child, from 0; nil past the end.
func (v *Value) At(i int) (child *Value) {
	if i < 0 || i >= v.Len() {
		return nil
	}
	if v.form != formBorrowed {
		return v.parts[i]
	}
	v.read(func(c *C.struct_fwc_value) { child = borrowedValue(v.node, C.fwc_value_at(c, C.size_t(i))) })
	return child
}

// Set is the anonymous set of a list that was read from a rule, nil for others.
func (v *Value) Set() (set *Set) {
	if v == nil || v.form != formBorrowed {
		return nil
	}
	v.read(func(c *C.struct_fwc_value) {
		if s := C.fwc_value_get_list(c); s != nil {
			set = &Set{node: v.node, c: s, readOnly: true}
		}
	})
	return set
}

// String is the field's name in nft's words, "tcp dport".
func (f Field) String() string {
	return goString(C.fwc_field_name(C.uint32_t(f)))
}

// FindField finds a field by its name in nft's words, 0 when there is none.
func FindField(name string) Field {
	c, err := cString("the name", name)
	if err != nil {
		return 0
	}
	return Field(C.fwc_field_find(c))
}
