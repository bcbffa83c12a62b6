// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import "syscall"

// Chain is a chain of a ruleset. Its readers give zero values when the ruleset is closed.
type Chain struct {
	node
	c *C.struct_fwc_chain
}

func (c *Chain) enter() error {
	if c == nil {
		return nilError("chain")
	}
	return c.node.enter()
}

func (c *Chain) refuse(err error) error {
	return c.root.refuse(err, func() C.int {
		C.fwc_chain_append_text(c.c, C.FWC_SYNTAX_NFT, nil)
		return -C.int(syscall.EINVAL)
	})
}

// Append is a new rule at the end, to be filled by the rule's builders. A rule without matches meets every packet.
func (c *Chain) Append() (*Rule, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	rule := C.fwc_chain_append(c.c)
	if rule == nil {
		return nil, c.root.failedAdd()
	}
	return &Rule{node: c.node, c: rule}, nil
}

// AppendText appends a rule in words: "tcp dport 22 ct state new accept". For words that the program wrote itself;
// values from outside belong in the typed calls.
func (c *Chain) AppendText(syntax Syntax, text string) (*Rule, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	ctext, err := cString("the rule", text)
	if err != nil {
		return nil, c.refuse(err)
	}
	rule := C.fwc_chain_append_text(c.c, C.uint32_t(syntax), ctext)
	if rule == nil {
		return nil, c.root.failedAdd()
	}
	return &Rule{node: c.node, c: rule}, nil
}

// SetComment is a comment that nft shows; "" for none.
func (c *Chain) SetComment(text string) error {
	if err := c.enter(); err != nil {
		return err
	}
	defer c.leave()
	ctext, err := cStringOrNil("the comment", text)
	if err != nil {
		return c.refuse(err)
	}
	return c.root.failure(C.fwc_chain_comment(c.c, ctext))
}

// Name is the chain's name.
func (c *Chain) Name() string {
	if c.enter() != nil {
		return ""
	}
	defer c.leave()
	return goString(C.fwc_chain_name(c.c))
}

// Handle is the kernel's, 0 when not read from a kernel.
func (c *Chain) Handle() uint64 {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return uint64(C.fwc_chain_handle(c.c))
}

// IsBase says that it is a base chain: one that sees packets by itself.
func (c *Chain) IsBase() bool {
	if c.enter() != nil {
		return false
	}
	defer c.leave()
	return bool(C.fwc_chain_is_base(c.c))
}

// Type is that of a base chain, 0 for others.
func (c *Chain) Type() ChainType {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return ChainType(C.fwc_chain_type(c.c))
}

// Hook is that of a base chain.
func (c *Chain) Hook() Hook {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return Hook(C.fwc_chain_hook(c.c))
}

// Priority is that of a base chain: smaller sees packets earlier.
func (c *Chain) Priority() int {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return int(C.fwc_chain_priority(c.c))
}

// Policy is VerdictAccept or VerdictDrop for a base chain, 0 for others.
func (c *Chain) Policy() Verdict {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return Verdict(C.fwc_chain_policy(c.c))
}

// Device is the first device of a base chain on devices, "" for others.
func (c *Chain) Device() string {
	if c.enter() != nil {
		return ""
	}
	defer c.leave()
	return goString(C.fwc_chain_device(c.c))
}

// Devices are those of a base chain on devices, none for others.
func (c *Chain) Devices() (devices []string) {
	if c.enter() != nil {
		return nil
	}
	defer c.leave()
	for {
		name := C.fwc_chain_device_at(c.c, C.size_t(len(devices)))
		if name == nil {
			return devices
		}
		devices = append(devices, goString(name))
	}
}

// Comment is what nft shows, "" when there is none.
func (c *Chain) Comment() string {
	if c.enter() != nil {
		return ""
	}
	defer c.leave()
	return goString(C.fwc_chain_comment_get(c.c))
}

// Len is the number of rules.
func (c *Chain) Len() int {
	if c.enter() != nil {
		return 0
	}
	defer c.leave()
	return int(C.fwc_chain_count(c.c))
}

// Rule is the rule at a place, from 0; nil past the end. It is for reading: its builders refuse.
func (c *Chain) Rule(i int) *Rule {
	if i < 0 || c.enter() != nil {
		return nil
	}
	defer c.leave()
	rule := C.fwc_chain_at(c.c, C.size_t(i))
	if rule == nil {
		return nil
	}
	return &Rule{node: c.node, c: rule, readOnly: true}
}

// Rules are all of them, for reading.
func (c *Chain) Rules() []*Rule {
	if c.enter() != nil {
		return nil
	}
	defer c.leave()
	rules := make([]*Rule, 0, C.fwc_chain_count(c.c))
	for i := 0; i < cap(rules); i++ {
		rules = append(rules, &Rule{node: c.node, c: C.fwc_chain_at(c.c, C.size_t(i)), readOnly: true})
	}
	return rules
}
