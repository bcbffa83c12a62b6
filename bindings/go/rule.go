// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"net/netip"
	"syscall"
)

// Rule is an ordered list of matches and targets. Its builders return their failure, and the ruleset or batch keeps
// the first one: a rule with a match that could not be made is never applied without it.
type Rule struct {
	node
	c        *C.struct_fwc_rule
	readOnly bool // taken from a chain or event to be read
}

func (r *Rule) enter() error {
	if r == nil {
		return nilError("rule")
	}
	return r.node.enter()
}

// build is enter for builders.
func (r *Rule) build() error {
	if err := r.enter(); err != nil {
		return err
	}
	if r.readOnly {
		err := r.root.refuse(refused(syscall.EPERM, "a rule that was taken to be read cannot be changed"), r.poison)
		r.leave()
		return err
	}
	return nil
}

func (r *Rule) poison() C.int {
	if r.root.first == nil || r.readOnly {
		return 0
	}
	return C.fwc_rule_match(r.c, 0, 0, nil)
}

func (r *Rule) refuse(err error) error {
	return r.root.refuse(err, r.poison)
}

// Match compares a field with a constant in nft's words: r.Match(FieldTCPDport, OpEQ, "{ 22, 80-89 }").
func (r *Rule) Match(field Field, op Op, text string) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	c, err := cString("the constant", text)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_match(r.c, C.uint32_t(field), C.uint32_t(op), c))
}

// MatchUint compares a field with a number, or with a range of numbers when last differs from first.
func (r *Rule) MatchUint(field Field, op Op, first, last uint64) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	return r.root.failure(C.fwc_rule_match_u64(r.c, C.uint32_t(field), C.uint32_t(op), C.uint64_t(first), C.uint64_t(last)))
}

// MatchAddr compares a field with an address; op is OpEQ or OpNE.
func (r *Rule) MatchAddr(field Field, op Op, addr netip.Addr) error {
	return r.matchIP(field, op, addr, addr.BitLen(), nil)
}

// MatchPrefix compares a field with a prefix; op is OpEQ or OpNE.
func (r *Rule) MatchPrefix(field Field, op Op, prefix netip.Prefix) error {
	return r.matchIP(field, op, prefix.Addr(), prefix.Bits(), checkPrefix(prefix))
}

func (r *Rule) matchIP(field Field, op Op, addr netip.Addr, bits int, refusal error) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	if refusal != nil {
		return r.refuse(refusal)
	}
	ip, err := cAddr(addr)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_match_ip(r.c, C.uint32_t(field), C.uint32_t(op), &ip, C.uint32_t(bits)))
}

// MatchName compares a field with a name, taken literally: an interface may be called "a,b" or "1-2".
func (r *Rule) MatchName(field Field, op Op, name string) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	c, err := cString("the name", name)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_match_name(r.c, C.uint32_t(field), C.uint32_t(op), c))
}

// MatchBits compares some bits of a field: those of mask are what bits says.
func (r *Rule) MatchBits(field Field, op Op, mask, bits uint64) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	return r.root.failure(C.fwc_rule_match_bits(r.c, C.uint32_t(field), C.uint32_t(op), C.uint64_t(mask), C.uint64_t(bits)))
}

// MatchValue compares a value (a field, concatenation or bits) with a constant, range, prefix, list or set.
func (r *Rule) MatchValue(left *Value, op Op, right *Value) error {
	return r.with(func(c []*C.struct_fwc_value) C.int {
		return C.fwc_rule_match_value(r.c, c[0], C.uint32_t(op), c[1])
	}, left, right)
}

// with runs a builder that takes values.
func (r *Rule) with(build func(c []*C.struct_fwc_value) C.int, values ...*Value) error {
	if r == nil {
		return nilError("rule")
	}
	in, err := enterAll(needsOf([]need{r.node.at()}, values)...)
	if err != nil {
		return err
	}
	defer in.leave()
	if r.readOnly {
		return r.refuse(refused(syscall.EPERM, "a rule that was taken to be read cannot be changed"))
	}
	made, err := makeValues(values)
	defer made.free()
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(build(made.c))
}

// AddTarget adds a copy of a target.
func (r *Rule) AddTarget(target *Target) error {
	if r == nil {
		return nilError("rule")
	}
	in, err := enterAll(target.needs([]need{r.node.at()})...)
	if err != nil {
		return err
	}
	defer in.leave()
	if r.readOnly {
		return r.refuse(refused(syscall.EPERM, "a rule that was taken to be read cannot be changed"))
	}
	c, err := target.make()
	if err != nil {
		return r.refuse(err)
	}
	defer target.unmake(c)
	return r.root.failure(C.fwc_rule_add_target(r.c, c))
}

// Verdict is what happens to the packet, the rule's last word but for VerdictContinue. The chain is for VerdictJump and
// VerdictGoto, else "".
func (r *Rule) Verdict(verdict Verdict, chain string) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	c, err := cStringOrNil("the chain", chain)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_verdict(r.c, C.uint32_t(verdict), c))
}

// AddBlock ends the rule with rules of its own, jump { ... }: they go to the chain, which has no name. VerdictJump or
// VerdictGoto.
func (r *Rule) AddBlock(verdict Verdict) (*Chain, error) {
	if err := r.build(); err != nil {
		return nil, err
	}
	defer r.leave()
	c := C.fwc_rule_add_block(r.c, C.uint32_t(verdict))
	if c == nil {
		return nil, r.root.failedAdd()
	}
	return &Chain{r.node, c}, nil
}

// Counter counts packets and bytes from here on.
func (r *Rule) Counter() error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	return r.root.failure(C.fwc_rule_counter(r.c))
}

// Log writes to the kernel's log; a prefix of "" is none.
func (r *Rule) Log(prefix string) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	c, err := cStringOrNil("the prefix", prefix)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_log(r.c, c))
}

// Reject answers the packet. The code is ICMP's, 0 for RejectTCPReset.
func (r *Rule) Reject(with RejectWith, code uint32) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	return r.root.failure(C.fwc_rule_reject(r.c, C.uint32_t(with), C.uint32_t(code)))
}

// Limit goes on only below a rate of packets per unit, which is 1, 60, 3600, 86400 or 604800 seconds.
func (r *Rule) Limit(rate uint64, unitSeconds, burst uint32) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	return r.root.failure(C.fwc_rule_limit(r.c, C.uint64_t(rate), C.uint32_t(unitSeconds), C.uint32_t(burst)))
}

// Assign sets a field: meta mark, ct mark.
func (r *Rule) Assign(field Field, value *Value) error {
	return r.with(func(c []*C.struct_fwc_value) C.int {
		return C.fwc_rule_assign(r.c, C.uint32_t(field), c[0])
	}, value)
}

// NATOptions are addresses and ports of Rule.NAT.
type NATOptions struct {
	Flags   NATFlags
	AddrMin netip.Addr // the zero Addr: none
	AddrMax netip.Addr // the zero Addr: as AddrMin
	PortMin uint16     // 0: ports are kept
	PortMax uint16     // 0: as PortMin
}

// NAT translates; kind is TargetSNAT, TargetDNAT, TargetMasquerade or TargetRedirect. Without options it is nothing
// but the kind.
func (r *Rule) NAT(kind TargetKind, options *NATOptions) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	if options == nil {
		return r.root.failure(C.fwc_rule_nat(r.c, C.uint32_t(kind), nil))
	}
	min, err := cAddr(options.AddrMin)
	if err != nil {
		return r.refuse(err)
	}
	max, err := cAddr(options.AddrMax)
	if err != nil {
		return r.refuse(err)
	}
	opts := C.struct_fwc_nat_opts{
		size:     C.sizeof_struct_fwc_nat_opts,
		flags:    C.uint32_t(options.Flags),
		port_min: C.uint16_t(options.PortMin),
		port_max: C.uint16_t(options.PortMax),
		addr_min: min,
		addr_max: max,
	}
	return r.root.failure(C.fwc_rule_nat(r.c, C.uint32_t(kind), &opts))
}

// SetComment is a comment that nft shows; "" for none.
func (r *Rule) SetComment(text string) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	c, err := cStringOrNil("the comment", text)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_comment(r.c, c))
}

// SetTag is a tag by which the program finds the rule again; nft does not show it. "" for none.
func (r *Rule) SetTag(tag string) error {
	if err := r.build(); err != nil {
		return err
	}
	defer r.leave()
	c, err := cStringOrNil("the tag", tag)
	if err != nil {
		return r.refuse(err)
	}
	return r.root.failure(C.fwc_rule_tag(r.c, c))
}

// Handle is the kernel's; 0 when it was not read from a kernel.
func (r *Rule) Handle() uint64 {
	if r.enter() != nil {
		return 0
	}
	defer r.leave()
	return uint64(C.fwc_rule_handle(r.c))
}

// Comment is what nft shows, "" when there is none.
func (r *Rule) Comment() string {
	if r.enter() != nil {
		return ""
	}
	defer r.leave()
	return goString(C.fwc_rule_comment_get(r.c))
}

// Tag is the program's, "" when there is none.
func (r *Rule) Tag() string {
	if r.enter() != nil {
		return ""
	}
	defer r.leave()
	return goString(C.fwc_rule_tag_get(r.c))
}

// Owner is that of the kernel object that wrote it, "" when it says nothing.
func (r *Rule) Owner() string {
	if r.enter() != nil {
		return ""
	}
	defer r.leave()
	return goString(C.fwc_rule_owner_get(r.c))
}

// Counted is what the rule's first counter holds; ok is false when it has no counter.
func (r *Rule) Counted() (packets, bytes uint64, ok bool) {
	if r.enter() != nil {
		return 0, 0, false
	}
	defer r.leave()
	var cpackets, cbytes C.uint64_t
	ok = bool(C.fwc_rule_counter_get(r.c, &cpackets, &cbytes))
	return uint64(cpackets), uint64(cbytes), ok
}

// Format writes the rule as one line in nft's words, without its chain.
func (r *Rule) Format(syntax Syntax) (string, error) {
	if err := r.enter(); err != nil {
		return "", err
	}
	defer r.leave()
	return r.format(syntax)
}

func (r *Rule) format(syntax Syntax) (string, error) {
	if r.root.failed != nil {
		return "", r.root.failed
	}
	text, result := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
		return C.fwc_rule_format(r.c, C.uint32_t(syntax), buf, size, needed)
	})
	if result < 0 {
		return "", refused(syscall.Errno(-result), "the rule cannot be written in that syntax")
	}
	return text, nil
}

// Translate writes a rule of iptables in nft's words. What they do not say is in differs, empty where nothing is.
func (r *Rule) Translate() (words string, how Translation, differs string, err error) {
	if err := r.enter(); err != nil {
		return "", 0, "", err
	}
	defer r.leave()
	var chow C.uint32_t
	var cerr C.struct_fwc_error
	words, result := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
		return C.fwc_rule_translate(r.c, buf, size, needed, &chow, &cerr)
	})
	if result < 0 {
		return "", 0, "", failed(result, &cerr)
	}
	return words, Translation(chow), C.GoString(&cerr.msg[0]), nil
}

// String is Format in nft's words, or the failure in angle brackets.
func (r *Rule) String() string {
	text, err := r.Format(SyntaxNFT)
	if err != nil {
		return "<" + err.Error() + ">"
	}
	return text
}

// Len is the number of matches, targets and opaque parts.
func (r *Rule) Len() int {
	if r.enter() != nil {
		return 0
	}
	defer r.leave()
	return int(C.fwc_rule_count(r.c))
}

// Item is the part at a place, from 0; nil past the end.
func (r *Rule) Item(i int) *Item {
	if i < 0 || r.enter() != nil {
		return nil
	}
	defer r.leave()
	c := C.fwc_rule_at(r.c, C.size_t(i))
	if c == nil {
		return nil
	}
	return &Item{r.node, c}
}

// Items are all parts.
func (r *Rule) Items() []*Item {
	if r.enter() != nil {
		return nil
	}
	defer r.leave()
	items := make([]*Item, 0, C.fwc_rule_count(r.c))
	for i := 0; i < cap(items); i++ {
		items = append(items, &Item{r.node, C.fwc_rule_at(r.c, C.size_t(i))})
	}
	return items
}
