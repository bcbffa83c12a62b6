// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import "unsafe"

// Item is a part of a rule: a match, a target, or an expression that this version cannot name.
type Item struct {
	node
	c *C.struct_fwc_item
}

func (i *Item) enter() error {
	if i == nil {
		return nilError("item")
	}
	return i.node.enter()
}

// Kind is what it is, 0 when its ruleset is closed.
func (i *Item) Kind() ItemKind {
	if i.enter() != nil {
		return 0
	}
	defer i.leave()
	return ItemKind(C.fwc_item_kind(i.c))
}

// Left is the left side of a match, nil for others.
func (i *Item) Left() *Value {
	if i.enter() != nil {
		return nil
	}
	defer i.leave()
	return borrowedValue(i.node, C.fwc_item_left(i.c))
}

// Op is how a match compares, 0 for others.
func (i *Item) Op() Op {
	if i.enter() != nil {
		return 0
	}
	defer i.leave()
	return Op(C.fwc_item_op(i.c))
}

// Right is the right side of a match, nil for others.
func (i *Item) Right() *Value {
	if i.enter() != nil {
		return nil
	}
	defer i.leave()
	return borrowedValue(i.node, C.fwc_item_right(i.c))
}

// Target is that of a target, nil for others.
func (i *Item) Target() *Target {
	if i.enter() != nil {
		return nil
	}
	defer i.leave()
	c := C.fwc_item_target(i.c)
	if c == nil {
		return nil
	}
	return &Target{node: i.node, c: c}
}

// Opaque is the kernel's bytes of an opaque part, one NFTA_LIST_ELEM; nil for others.
func (i *Item) Opaque() []byte {
	if i.enter() != nil {
		return nil
	}
	defer i.leave()
	var size C.size_t
	data := C.fwc_item_opaque(i.c, &size)
	if data == nil {
		return nil
	}
	return append([]byte(nil), unsafe.Slice((*byte)(data), int(size))...)
}

// Extension is a match or target of iptables: its name, revision and struct in the kernel's layout.
type Extension struct {
	Name     string
	Revision uint32
	IsTarget bool
	Info     []byte
}

// Extension is that of an extension, nil for others.
func (i *Item) Extension() *Extension {
	if i.enter() != nil {
		return nil
	}
	defer i.leave()
	name := C.fwc_item_extension_name(i.c)
	if name == nil {
		return nil
	}
	var size C.size_t
	data := C.fwc_item_extension_info(i.c, &size)
	return &Extension{
		Name:     C.GoString(name),
		Revision: uint32(C.fwc_item_extension_revision(i.c)),
		IsTarget: bool(C.fwc_item_extension_is_target(i.c)),
		Info:     append([]byte(nil), unsafe.Slice((*byte)(data), int(size))...),
	}
}
