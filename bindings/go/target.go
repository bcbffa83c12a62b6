// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

// Target is what a rule does with a packet (nft says statement): a kind with parameters.
//
//	log := NewTarget(TargetLog).SetText(LogPrefix, "dropped: ").SetNumber(LogLevel, 4)
//	err := rule.AddTarget(log)
//
// A target made by this package is plain Go memory: it needs no Close and may be added to any number of rules. A parameter
// that does not exist or a value outside its limits is told by the rule that it is added to. One read from a rule
// is borrowed from it, and setting its parameters panics.
type Target struct {
	kind   TargetKind
	params []param

	// Borrowed: only these.
	node node
	c    *C.struct_fwc_target
}

type param struct {
	param  Param
	isText bool
	number uint64
	text   string
	value  *Value
	inner  *Target
}

// NewTarget is a target with its defaults.
func NewTarget(kind TargetKind) *Target {
	return &Target{kind: kind}
}

func (t *Target) set(p param) *Target {
	if t.c != nil {
		panic("fwcore: a target that was read from a rule cannot be changed")
	}
	t.params = append(t.params, p)
	return t
}

// SetNumber sets a number, in the byte order of this machine. It returns the target.
func (t *Target) SetNumber(p Param, number uint64) *Target {
	return t.set(param{param: p, number: number})
}

// SetText sets a text. It returns the target.
func (t *Target) SetText(p Param, text string) *Target {
	return t.set(param{param: p, isText: true, text: text})
}

// SetValue sets a value. It returns the target.
func (t *Target) SetValue(p Param, value *Value) *Target {
	if value == nil {
		value = &Value{} // for the library to refuse
	}
	return t.set(param{param: p, value: value})
}

// SetTarget sets a target within the target, which is copied. It returns the target.
func (t *Target) SetTarget(p Param, inner *Target) *Target {
	if inner == nil {
		inner = &Target{} // for the library to refuse
	}
	copied := *inner
	copied.params = append([]param(nil), inner.params...)
	return t.set(param{param: p, inner: &copied})
}

func (t *Target) needs(needs []need) []need {
	if t == nil {
		return needs
	}
	if t.c != nil {
		return append(needs, t.node.at())
	}
	for _, p := range t.params {
		needs = p.inner.needs(p.value.needs(needs))
	}
	return needs
}

// make is the library's target for the time of a call; the roots that it needs are entered. What a parameter is
// refused for stays with the target, and the rule that it is added to tells it.
func (t *Target) make() (*C.struct_fwc_target, error) {
	if t == nil || t.c != nil {
		return t.borrowed(), nil
	}
	c := C.fwc_target_new(C.uint32_t(t.kind))
	for _, p := range t.params {
		if err := p.set(c); err != nil {
			C.fwc_target_free(c)
			return nil, err
		}
	}
	return c, nil
}

func (t *Target) borrowed() *C.struct_fwc_target {
	if t == nil {
		return nil
	}
	return t.c
}

func (t *Target) unmake(c *C.struct_fwc_target) {
	if t != nil && t.c == nil {
		C.fwc_target_free(c)
	}
}

func (p *param) set(c *C.struct_fwc_target) error {
	switch {
	case p.value != nil:
		value, err := p.value.makeValue()
		if err != nil {
			return err
		}
		C.fwc_target_set_value(c, C.uint32_t(p.param), value)
		p.value.unmake(value)
	case p.inner != nil:
		inner, err := p.inner.make()
		if err != nil {
			return err
		}
		C.fwc_target_set_target(c, C.uint32_t(p.param), inner)
		p.inner.unmake(inner)
	case p.isText:
		text, err := cString("the parameter", p.text)
		if err != nil {
			return err
		}
		C.fwc_target_set_text(c, C.uint32_t(p.param), text)
	default:
		C.fwc_target_set_number(c, C.uint32_t(p.param), C.uint64_t(p.number))
	}
	return nil
}

func (t *Target) read(ask func(c *C.struct_fwc_target)) {
	if t == nil {
		return
	}
	in, err := enterAll(t.needs(nil)...)
	if err != nil {
		return
	}
	defer in.leave()
	c, err := t.make()
	if err != nil || c == nil {
		return
	}
	defer t.unmake(c)
	ask(c)
}

// Kind is what it does.
func (t *Target) Kind() (kind TargetKind) {
	t.read(func(c *C.struct_fwc_target) { kind = TargetKind(C.fwc_target_kind(c)) })
	return kind
}

// Name is its name in nft's words, "masquerade".
func (t *Target) Name() (name string) {
	t.read(func(c *C.struct_fwc_target) { name = goString(C.fwc_target_name(c)) })
	return name
}

// Number is a parameter; ok is false when it is not set.
func (t *Target) Number(p Param) (number uint64, ok bool) {
	t.read(func(c *C.struct_fwc_target) {
		var n C.uint64_t
		ok = bool(C.fwc_target_get_number(c, C.uint32_t(p), &n))
		number = uint64(n)
	})
	return number, ok
}

// Text is a parameter, "" when it is not set.
func (t *Target) Text(p Param) (text string) {
	t.read(func(c *C.struct_fwc_target) { text = goString(C.fwc_target_get_text(c, C.uint32_t(p))) })
	return text
}

// Value is a parameter, nil when it is not set.
func (t *Target) Value(p Param) (value *Value) {
	t.read(func(c *C.struct_fwc_target) {
		found := C.fwc_target_get_value(c, C.uint32_t(p))
		if found != nil && t.c != nil {
			value = borrowedValue(t.node, found)
		}
		for i := range t.params {
			if found != nil && t.params[i].param == p {
				value = t.params[i].value
			}
		}
	})
	return value
}

// Block is the chain without a name that a rule owns, jump { ... }; nil when it has none.
func (t *Target) Block() (block *Chain) {
	t.read(func(c *C.struct_fwc_target) {
		if found := C.fwc_target_get_block(c); found != nil && t.c != nil {
			block = &Chain{t.node, found}
		}
	})
	return block
}

// Target is a target within the target, nil when it is not set. It is for reading.
func (t *Target) Target(p Param) (inner *Target) {
	t.read(func(c *C.struct_fwc_target) {
		found := C.fwc_target_get_target(c, C.uint32_t(p))
		if found != nil && t.c != nil {
			inner = &Target{node: t.node, c: found}
		}
		for i := range t.params {
			if found != nil && t.params[i].param == p {
				inner = t.params[i].inner
			}
		}
	})
	return inner
}
