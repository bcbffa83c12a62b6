// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"syscall"
	"time"
)

// Set is a named set, map or verdict map of a table, or the anonymous one of a list. Its readers give zero values when
// the ruleset is closed.
type Set struct {
	node
	c        *C.struct_fwc_set
	readOnly bool // anonymous
}

func (s *Set) enter() error {
	if s == nil {
		return nilError("set")
	}
	return s.node.enter()
}

func (s *Set) refuse(err error) error {
	return s.root.refuse(err, func() C.int {
		if s.root.first == nil || s.readOnly {
			return 0
		}
		return C.fwc_set_add(s.c, nil, nil, nil)
	})
}

// SetOptions are what a set is, beside its keys.
type SetOptions struct {
	Flags       SetFlags
	MaxElements uint32        // a hard limit; 0: none
	Timeout     time.Duration // elements go after this, in milliseconds; 0: they stay
	DataType    string        // "": a set; else a map to "ipv4_addr . inet_service", "verdict", "counter", ...
	GCInterval  time.Duration // how often those that expired are cleared away; 0: as the kernel likes
	Policy      SetPolicy
}

// AddSet declares a named set or map. The key's type is in nft's names, "ipv4_addr . inet_service".
func (t *Table) AddSet(name, keyType string, options *SetOptions) (*Set, error) {
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	cname, err := cString("the set's name", name)
	if err != nil {
		return nil, t.refuse(err)
	}
	ctype, err := cString("the key's type", keyType)
	if err != nil {
		return nil, t.refuse(err)
	}
	var s scratch
	defer s.free()
	var c *C.struct_fwc_set
	if options == nil {
		c = C.fwc_table_add_set(t.c, cname, ctype, nil)
	} else {
		opts := C.struct_fwc_set_opts{
			size:         C.sizeof_struct_fwc_set_opts,
			flags:        C.uint32_t(options.Flags),
			max_elements: C.uint32_t(options.MaxElements),
			timeout_ms:   s.milliseconds("the timeout", options.Timeout),
			data_type:    s.text("the data's type", options.DataType),
			policy:       C.uint32_t(options.Policy),
		}
		gc := s.milliseconds("the interval", options.GCInterval)
		if gc > 1<<32-1 && s.err == nil {
			s.err = refused(syscall.EINVAL, "the interval "+options.GCInterval.String()+" is too long")
		}
		opts.gc_interval_ms = C.uint32_t(gc)
		if s.err != nil {
			return nil, t.refuse(s.err)
		}
		c = C.fwc_table_add_set(t.c, cname, ctype, &opts)
	}
	if c == nil {
		return nil, t.root.failedAdd()
	}
	return &Set{node: t.node, c: c}, nil
}

// milliseconds refuses what would become another time: below zero, or below a millisecond.
func (s *scratch) milliseconds(what string, d time.Duration) C.uint64_t {
	if (d < 0 || d > 0 && d < time.Millisecond) && s.err == nil {
		s.err = refused(syscall.EINVAL, what+" "+d.String()+" is not a number of milliseconds")
	}
	return C.uint64_t(d / time.Millisecond)
}

// ElementOptions are what an element has, beside key and data.
type ElementOptions struct {
	Timeout time.Duration // in milliseconds; 0: the set's
	Comment string        // up to 128 bytes; "": none
	Tag     string        // up to 64 bytes; "": none
	Targets []*Target     // what it keeps: counters and the like, two at most; none: as its set says
}

// needs are what its targets are borrowed from.
func (o *ElementOptions) needs(needs []need) []need {
	if o != nil {
		for _, t := range o.Targets {
			needs = t.needs(needs)
		}
	}
	return needs
}

// elementOptions is nil for nil.
func (s *scratch) elementOptions(o *ElementOptions) *C.struct_fwc_element_opts {
	if o == nil {
		return nil
	}
	var targets [2]*C.struct_fwc_target
	if len(o.Targets) > len(targets) && s.err == nil {
		s.err = refused(syscall.EINVAL, "an element has two targets at most")
	}
	for i := 0; i < len(o.Targets) && s.err == nil; i++ {
		targets[i] = s.target(o.Targets[i])
	}
	return &C.struct_fwc_element_opts{
		size:       C.sizeof_struct_fwc_element_opts,
		timeout_ms: s.milliseconds("the timeout", o.Timeout),
		comment:    s.text("the comment", o.Comment),
		tag:        s.text("the tag", o.Tag),
		target:     targets[0],
		target_2:   targets[1],
	}
}

// Add adds an element in nft's words, "10.0.0.1 . 80". The data are for a map, else "".
func (s *Set) Add(key, data string, options *ElementOptions) error {
	if s == nil {
		return nilError("set")
	}
	in, err := enterAll(options.needs([]need{s.node.at()})...)
	if err != nil {
		return err
	}
	defer in.leave()
	if s.readOnly {
		return s.refuse(refused(syscall.EPERM, "a set that was taken to be read cannot be changed"))
	}
	ckey, err := cString("the key", key)
	if err != nil {
		return s.refuse(err)
	}
	cdata, err := cStringOrNil("the data", data)
	if err != nil {
		return s.refuse(err)
	}
	var scratch scratch
	defer scratch.free()
	opts := scratch.elementOptions(options)
	if scratch.err != nil {
		return s.refuse(scratch.err)
	}
	return s.root.failure(C.fwc_set_add(s.c, ckey, cdata, opts))
}

// AddValue adds an element by values: a constant, prefix, range or concatenation of them. The data are for a map, else
// nil.
func (s *Set) AddValue(key, data *Value, options *ElementOptions) error {
	if s == nil {
		return nilError("set")
	}
	in, err := enterAll(options.needs(data.needs(key.needs([]need{s.node.at()})))...)
	if err != nil {
		return err
	}
	defer in.leave()
	if s.readOnly {
		return s.refuse(refused(syscall.EPERM, "a set that was taken to be read cannot be changed"))
	}
	made, err := makeValues([]*Value{key, data})
	defer made.free()
	if err != nil {
		return s.refuse(err)
	}
	if data != nil && made.c[1] == nil {
		return s.refuse(refused(syscall.EINVAL, "the data are no value"))
	}
	var scratch scratch
	defer scratch.free()
	opts := scratch.elementOptions(options)
	if scratch.err != nil {
		return s.refuse(scratch.err)
	}
	return s.root.failure(C.fwc_set_add_value(s.c, made.c[0], made.c[1], opts))
}

// AddTarget says what each element keeps: a counter of its own, a limit, ...; two at most.
func (s *Set) AddTarget(target *Target) error {
	if s == nil {
		return nilError("set")
	}
	in, err := enterAll(target.needs([]need{s.node.at()})...)
	if err != nil {
		return err
	}
	defer in.leave()
	if s.readOnly {
		return s.refuse(refused(syscall.EPERM, "a set that was taken to be read cannot be changed"))
	}
	c, err := target.make()
	if err != nil {
		return s.refuse(err)
	}
	defer target.unmake(c)
	return s.root.failure(C.fwc_set_add_target(s.c, c))
}

// SetComment is a comment that nft shows; "" for none.
func (s *Set) SetComment(text string) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if s.readOnly {
		return s.refuse(refused(syscall.EPERM, "a set that was taken to be read cannot be changed"))
	}
	c, err := cStringOrNil("the comment", text)
	if err != nil {
		return s.refuse(err)
	}
	return s.root.failure(C.fwc_set_comment(s.c, c))
}

// Name is the set's name, "" for an anonymous one.
func (s *Set) Name() string {
	if s.enter() != nil {
		return ""
	}
	defer s.leave()
	return goString(C.fwc_set_name(s.c))
}

// Handle is the kernel's, 0 when not read from a kernel.
func (s *Set) Handle() uint64 {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return uint64(C.fwc_set_handle(s.c))
}

// Flags are the set's flags.
func (s *Set) Flags() SetFlags {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return SetFlags(C.fwc_set_flags(s.c))
}

// Timeout is after what elements go, 0 for none.
func (s *Set) Timeout() time.Duration {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return duration(C.fwc_set_timeout_ms(s.c))
}

// GCInterval is how often those that expired are cleared away, 0 for what the kernel likes.
func (s *Set) GCInterval() time.Duration {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return duration(C.uint64_t(C.fwc_set_gc_interval_ms(s.c)))
}

// Policy is what the kernel's choice among its kinds of sets is to favour.
func (s *Set) Policy() SetPolicy {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return SetPolicy(C.fwc_set_policy(s.c))
}

// ObjectType is what a map to objects holds; 0 for others.
func (s *Set) ObjectType() ObjectType {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return ObjectType(C.fwc_set_object_type(s.c))
}

// MaxElements is the limit, 0 for none.
func (s *Set) MaxElements() uint32 {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return uint32(C.fwc_set_max_elements(s.c))
}

// KeyType is nft's name of the key's type, "ipv4_addr . inet_service".
func (s *Set) KeyType() string {
	if s.enter() != nil {
		return ""
	}
	defer s.leave()
	return goString(C.fwc_set_key_type(s.c))
}

// DataType is nft's name of the data's type, "" for a set.
func (s *Set) DataType() string {
	if s.enter() != nil {
		return ""
	}
	defer s.leave()
	return goString(C.fwc_set_data_type(s.c))
}

// Comment is what nft shows, "" when there is none.
func (s *Set) Comment() string {
	if s.enter() != nil {
		return ""
	}
	defer s.leave()
	return goString(C.fwc_set_comment_get(s.c))
}

// Targets are what its elements keep.
func (s *Set) Targets() []*Target {
	if s.enter() != nil {
		return nil
	}
	defer s.leave()
	targets := make([]*Target, 0, C.fwc_set_target_count(s.c))
	for i := 0; i < cap(targets); i++ {
		targets = append(targets, &Target{node: s.node, c: C.fwc_set_target_at(s.c, C.size_t(i))})
	}
	return targets
}

// Len is the number of elements.
func (s *Set) Len() int {
	if s.enter() != nil {
		return 0
	}
	defer s.leave()
	return int(C.fwc_set_count(s.c))
}

// Element is the element at a place, from 0; nil past the end.
func (s *Set) Element(i int) *Element {
	if i < 0 || s.enter() != nil {
		return nil
	}
	defer s.leave()
	c := C.fwc_set_at(s.c, C.size_t(i))
	if c == nil {
		return nil
	}
	return &Element{s.node, c}
}

// Elements are all of them.
func (s *Set) Elements() []*Element {
	if s.enter() != nil {
		return nil
	}
	defer s.leave()
	elements := make([]*Element, 0, C.fwc_set_count(s.c))
	for i := 0; i < cap(elements); i++ {
		elements = append(elements, &Element{s.node, C.fwc_set_at(s.c, C.size_t(i))})
	}
	return elements
}

// Element is an element of a set or map.
type Element struct {
	node
	c *C.struct_fwc_element
}

func (e *Element) enter() error {
	if e == nil {
		return nilError("element")
	}
	return e.node.enter()
}

// Key is a constant, prefix, range or concatenation.
func (e *Element) Key() *Value {
	if e.enter() != nil {
		return nil
	}
	defer e.leave()
	return borrowedValue(e.node, C.fwc_element_key(e.c))
}

// Data are its data or verdict; nil in a set.
func (e *Element) Data() *Value {
	if e.enter() != nil {
		return nil
	}
	defer e.leave()
	return borrowedValue(e.node, C.fwc_element_data(e.c))
}

// Timeout is its own, 0 for the set's or none.
func (e *Element) Timeout() time.Duration {
	if e.enter() != nil {
		return 0
	}
	defer e.leave()
	return duration(C.fwc_element_timeout_ms(e.c))
}

// Expires is the time it has left, 0 when it does not expire.
func (e *Element) Expires() time.Duration {
	if e.enter() != nil {
		return 0
	}
	defer e.leave()
	return duration(C.fwc_element_expires_ms(e.c))
}

// Targets are what it keeps itself: counters that were read, and the like.
func (e *Element) Targets() []*Target {
	if e.enter() != nil {
		return nil
	}
	defer e.leave()
	targets := make([]*Target, 0, C.fwc_element_target_count(e.c))
	for i := 0; i < cap(targets); i++ {
		targets = append(targets, &Target{node: e.node, c: C.fwc_element_target_at(e.c, C.size_t(i))})
	}
	return targets
}

// Comment is what nft shows, "" when there is none.
func (e *Element) Comment() string {
	if e.enter() != nil {
		return ""
	}
	defer e.leave()
	return goString(C.fwc_element_comment_get(e.c))
}

// Tag is the program's, "" when there is none.
func (e *Element) Tag() string {
	if e.enter() != nil {
		return ""
	}
	defer e.leave()
	return goString(C.fwc_element_tag_get(e.c))
}

// Format writes the element in nft's words, "10.0.0.1 . 80 : accept".
func (e *Element) Format() (string, error) {
	if err := e.enter(); err != nil {
		return "", err
	}
	defer e.leave()
	text, r := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
		return C.fwc_element_format(e.c, buf, size, needed)
	})
	if r < 0 {
		return "", refused(syscall.Errno(-r), "the element cannot be written")
	}
	return text, nil
}

// String is Format, or the failure in angle brackets.
func (e *Element) String() string {
	text, err := e.Format()
	if err != nil {
		return "<" + err.Error() + ">"
	}
	return text
}

// duration is never negative, however large the number.
func duration(ms C.uint64_t) time.Duration {
	const most = uint64(1<<63-1) / uint64(time.Millisecond)
	if uint64(ms) > most {
		return 1<<63 - 1
	}
	return time.Duration(ms) * time.Millisecond
}
