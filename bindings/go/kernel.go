// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"os"
	"runtime"
	"syscall"
)

// Kernel is the kernel of one network namespace.
//
// Which namespace is decided when it is opened; afterwards it does not matter on which OS thread a call runs, so
// goroutines need no runtime.LockOSThread. Calls of several goroutines on one Kernel wait for each other.
type Kernel struct {
	root
	c *C.struct_fwc_kernel
}

// KernelOptions say which namespace, and whose objects.
type KernelOptions struct {
	// Netns is a namespace as an open file, NetnsPath one by its path ("/run/netns/NAME", "/proc/PID/ns/net"). With
	// neither it is that of the calling OS thread: a goroutine that moved its thread with setns(2) or unshare(2)
	// has to hold it with runtime.LockOSThread until after Open.
	Netns     *os.File
	NetnsPath string
	Owner     string // 1 to 31 of [A-Za-z0-9_.-]; "": the program's name
}

// Open opens the kernel of a network namespace. Another namespace is entered by a short-lived thread of the library's,
// never by the caller's.
func Open(options *KernelOptions) (*Kernel, error) {
	if options == nil {
		options = &KernelOptions{}
	}
	var s scratch
	defer s.free()
	opts := C.struct_fwc_kernel_opts{
		size:       C.sizeof_struct_fwc_kernel_opts,
		netns_path: s.text("the namespace's path", options.NetnsPath),
		owner:      s.text("the owner", options.Owner),
	}
	if s.err != nil {
		return nil, s.err
	}
	var c *C.struct_fwc_kernel
	var err error
	open := func(fd int32) {
		opts.netns_fd = C.int32_t(fd)
		var cerr C.struct_fwc_error
		err = failed(C.fwc_kernel_open(&c, &opts, &cerr), &cerr)
	}
	if options.Netns == nil {
		open(-1)
	} else if refusal := withFile(options.Netns, open); refusal != nil {
		return nil, refusal
	}
	if err != nil {
		return nil, err
	}
	k := &Kernel{c: c}
	k.open("kernel object", func() { C.fwc_kernel_close(c) })
	runtime.SetFinalizer(k, (*Kernel).Close)
	return k, nil
}

// withFile calls do with the file's descriptor, which stays open meanwhile.
func withFile(file *os.File, do func(fd int32)) error {
	raw, err := file.SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { do(int32(fd)) })
	}
	if err != nil {
		return refused(syscall.EBADF, "the namespace's file is not open")
	}
	return nil
}

// Close closes the kernel object; a watch of it goes on until its own Close. A second Close does nothing.
func (k *Kernel) Close() error {
	if k != nil {
		k.close()
	}
	return nil
}

func (k *Kernel) enter() error {
	if k == nil {
		return nilError("kernel object")
	}
	return k.root.enterNow()
}

func (k *Kernel) at() need {
	if k == nil {
		return need{}
	}
	return need{root: &k.root}
}

// Owner is the owner string of what this kernel object makes.
func (k *Kernel) Owner() string {
	if k.enter() != nil {
		return ""
	}
	defer k.leave()
	return goString(C.fwc_kernel_owner(k.c))
}

// Load reads tables with their chains, rules, sets, elements, handles and counters. The name "" is all tables of the
// family; FamilyAny with "" is all tables.
func (k *Kernel) Load(family Family, table string) (*Ruleset, error) {
	return k.loaded(table, "the name", "", func(ctable, _ *C.char, ret **C.struct_fwc_ruleset, cerr *C.struct_fwc_error) C.int {
		return C.fwc_kernel_load(k.c, C.uint32_t(family), ctable, ret, cerr)
	})
}

// LoadSets reads one set of a table with its elements, or with the name "" all its sets, without its chains. The ruleset is
// to be looked at, not to be applied.
func (k *Kernel) LoadSets(family Family, table, set string) (*Ruleset, error) {
	return k.loaded(table, "the set's name", set, func(ctable, cset *C.char, ret **C.struct_fwc_ruleset, cerr *C.struct_fwc_error) C.int {
		return C.fwc_kernel_load_sets(k.c, C.uint32_t(family), ctable, cset, ret, cerr)
	})
}

// Reset reads counters and quotas and lets them begin at zero again. The name "" is all chains, objects or sets of the
// table, the table "" all tables. The ruleset has the counts as they were: it is to be looked at, not to be applied.
func (k *Kernel) Reset(what Reset, family Family, table, name string) (*Ruleset, error) {
	return k.loaded(table, "the name", name, func(ctable, cname *C.char, ret **C.struct_fwc_ruleset, cerr *C.struct_fwc_error) C.int {
		return C.fwc_kernel_reset(k.c, C.uint32_t(what), C.uint32_t(family), ctable, cname, ret, cerr)
	})
}

// loaded runs a call that reads a table, or what in it has that name, which errors call `what`.
func (k *Kernel) loaded(table, what, name string,
	read func(ctable, cname *C.char, ret **C.struct_fwc_ruleset, cerr *C.struct_fwc_error) C.int) (*Ruleset, error) {
	ctable, err := cStringOrNil("the table's name", table)
	if err != nil {
		return nil, err
	}
	cname, err := cStringOrNil(what, name)
	if err != nil {
		return nil, err
	}
	if err := k.enter(); err != nil {
		return nil, err
	}
	defer k.leave()
	var c *C.struct_fwc_ruleset
	var cerr C.struct_fwc_error
	if r := read(ctable, cname, &c, &cerr); r < 0 {
		return nil, failed(r, &cerr)
	}
	return newRuleset(c), nil
}

// ApplyOptions are for Apply and CommitPlan.
type ApplyOptions struct {
	Flags   ApplyFlags
	Retries uint32 // how often to plan again when others wrote meanwhile; 0: 16
}

func (o *ApplyOptions) c() *C.struct_fwc_apply_opts {
	if o == nil {
		return nil
	}
	return &C.struct_fwc_apply_opts{
		size:    C.sizeof_struct_fwc_apply_opts,
		flags:   C.uint32_t(o.Flags),
		retries: C.uint32_t(o.Retries),
	}
}

// Apply makes the kernel's tables what the ruleset says, in one transaction; tables that it does not name are not
// touched. When nothing differs nothing is sent. A ruleset with a failed builder is refused with that failure.
func (k *Kernel) Apply(rs *Ruleset, options *ApplyOptions) error {
	in, err := k.with(rs)
	if err != nil {
		return err
	}
	defer in.leave()
	if rs.failed != nil {
		return rs.failed
	}
	var cerr C.struct_fwc_error
	return failed(C.fwc_kernel_apply(k.c, rs.c, options.c(), &cerr), &cerr)
}

// with enters the kernel object and a ruleset.
func (k *Kernel) with(rs *Ruleset) (entered, error) {
	if k == nil {
		return nil, nilError("kernel object")
	}
	if rs == nil {
		return nil, nilError("ruleset")
	}
	return enterAll(k.at(), need{root: &rs.root})
}

// Plan is what Apply would do.
type Plan struct {
	root
	c  *C.struct_fwc_plan
	rs *Ruleset
}

// Plan works out what Apply would do. The plan keeps the ruleset's memory, also after the ruleset's Close.
func (k *Kernel) Plan(rs *Ruleset) (*Plan, error) {
	in, err := k.with(rs)
	if err != nil {
		return nil, err
	}
	defer in.leave()
	if rs.failed != nil {
		return nil, rs.failed
	}
	var c *C.struct_fwc_plan
	var cerr C.struct_fwc_error
	if r := C.fwc_kernel_plan(k.c, rs.c, &c, &cerr); r < 0 {
		return nil, failed(r, &cerr)
	}
	rs.users++
	p := &Plan{c: c, rs: rs}
	p.open("plan", func() { C.fwc_plan_free(c) })
	runtime.SetFinalizer(p, (*Plan).Close)
	return p, nil
}

// PlanUndo works out what undoes a plan that was carried out: what it changed becomes what it was, what others changed
// since stays; ESTALE where both changed the same. It does not need the other plan.
func (k *Kernel) PlanUndo(done *Plan) (*Plan, error) {
	if k == nil {
		return nil, nilError("kernel object")
	}
	if done == nil {
		return nil, nilError("plan")
	}
	if done.rs == nil {
		return nil, notMade()
	}
	in, err := enterAll(k.at(), need{root: &done.root}, need{root: &done.rs.root, held: true})
	if err != nil {
		return nil, err
	}
	defer in.leave()
	var c *C.struct_fwc_plan
	var cerr C.struct_fwc_error
	if r := C.fwc_kernel_plan_undo(k.c, done.c, &c, &cerr); r < 0 {
		return nil, failed(r, &cerr)
	}
	done.rs.users++
	p := &Plan{c: c, rs: done.rs}
	p.open("plan", func() { C.fwc_plan_free(c) })
	runtime.SetFinalizer(p, (*Plan).Close)
	return p, nil
}

// CommitPlan carries a plan out, once; ESTALE when others have written since it was made.
func (k *Kernel) CommitPlan(plan *Plan, options *ApplyOptions) error {
	if k == nil {
		return nilError("kernel object")
	}
	if plan == nil {
		return nilError("plan")
	}
	if plan.rs == nil {
		return notMade()
	}
	in, err := enterAll(k.at(), need{root: &plan.root}, need{root: &plan.rs.root, held: true})
	if err != nil {
		return err
	}
	defer in.leave()
	if plan.rs.failed != nil {
		return plan.rs.failed
	}
	var cerr C.struct_fwc_error
	return failed(C.fwc_kernel_commit_plan(k.c, plan.c, options.c(), &cerr), &cerr)
}

// Close releases the plan. A second Close does nothing.
func (p *Plan) Close() error {
	if p != nil && p.close() {
		p.rs.letGo()
	}
	return nil
}

// enter enters the plan with the ruleset that it reads.
func (p *Plan) enter() (entered, error) {
	if p == nil {
		return nil, nilError("plan")
	}
	if p.rs == nil {
		return nil, notMade()
	}
	return enterAll(need{root: &p.root}, need{root: &p.rs.root, held: true})
}

// Len is the number of steps, 0 when the kernel has it all.
func (p *Plan) Len() int {
	in, err := p.enter()
	if err != nil {
		return 0
	}
	defer in.leave()
	return int(C.fwc_plan_count(p.c))
}

// Step is a step in words, from 0: "add rule inet myapp input tcp dport 22 accept".
func (p *Plan) Step(i int) (string, error) {
	in, err := p.enter()
	if err != nil {
		return "", err
	}
	defer in.leave()
	return p.step(i)
}

func (p *Plan) step(i int) (string, error) {
	if i < 0 || i >= int(C.fwc_plan_count(p.c)) {
		return "", refused(syscall.EINVAL, "the plan has no such step")
	}
	text, r := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
		return C.fwc_plan_format(p.c, C.size_t(i), buf, size, needed)
	})
	if r < 0 {
		return "", refused(syscall.Errno(-r), "the step cannot be written")
	}
	return text, nil
}

// PlanStep is a step of a plan.
type PlanStep struct {
	Action PlanAction
	Object Object
	Family Family
	Table  string
	Name   string // of the chain, set or object, "" for tables
	Words  string // all of it in nft's words
}

// Changes are all steps.
func (p *Plan) Changes() ([]PlanStep, error) {
	in, err := p.enter()
	if err != nil {
		return nil, err
	}
	defer in.leave()
	steps := make([]PlanStep, int(C.fwc_plan_count(p.c)))
	for i := range steps {
		n := C.size_t(i)
		steps[i] = PlanStep{
			Action: PlanAction(C.fwc_plan_action(p.c, n)),
			Object: Object(C.fwc_plan_object(p.c, n)),
			Family: Family(C.fwc_plan_family(p.c, n)),
			Table:  goString(C.fwc_plan_table(p.c, n)),
			Name:   goString(C.fwc_plan_name(p.c, n)),
		}
		if steps[i].Words, err = p.step(i); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// Kept tells in words what differs and stays: comments that the kernel cannot change.
func (p *Plan) Kept() ([]string, error) {
	in, err := p.enter()
	if err != nil {
		return nil, err
	}
	defer in.leave()
	kept := make([]string, int(C.fwc_plan_kept_count(p.c)))
	for i := range kept {
		text, r := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
			return C.fwc_plan_kept_format(p.c, C.size_t(i), buf, size, needed)
		})
		if r < 0 {
			return nil, refused(syscall.Errno(-r), "the comment cannot be written")
		}
		kept[i] = text
	}
	return kept, nil
}

// Steps are all of them in words.
func (p *Plan) Steps() ([]string, error) {
	in, err := p.enter()
	if err != nil {
		return nil, err
	}
	defer in.leave()
	steps := make([]string, int(C.fwc_plan_count(p.c)))
	for i := range steps {
		if steps[i], err = p.step(i); err != nil {
			return nil, err
		}
	}
	return steps, nil
}
