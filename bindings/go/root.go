// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
)

// root is what has a life of its own: a ruleset, kernel object, batch, plan, watch or settings. Everything
// borrowed from it points to it, so it lives as long as anything of it is in reach, and asks it before
// each call whether it is still open.
//
// The library wants one thread at a time per object: mu is held during every call that touches the root or
// what is borrowed from it. As leave comes after the call and uses the root, no runtime.KeepAlive is needed
// in between: the finalizer cannot run while a call is under way.
type root struct {
	mu     sync.Mutex
	id     uint64 // several roots are locked in this order; 0: was not made by this package
	what   string
	closed bool
	users  int    // other roots that the library lets refer to this one: it is freed after they let go
	epoch  uint32 // what was borrowed in an earlier epoch has gone: a cleared batch, the event before
	free   func() // must not refer to the Go object, or its finalizer would never run

	// Builders keep their first failure.
	failed *Error
	first  func(err *C.struct_fwc_error) C.int
}

var lastID atomic.Uint64

func (r *root) open(what string, free func()) {
	r.id = lastID.Add(1)
	r.what = what
	r.free = free
}

// enter begins a call on something borrowed. The caller ends it with leave when there was no error.
func (r *root) enter(epoch uint32) error {
	if r == nil {
		return notMade()
	}
	r.mu.Lock()
	if err := r.usable(epoch); err != nil {
		r.mu.Unlock()
		return err
	}
	return nil
}

// enterNow begins a call on the root itself.
func (r *root) enterNow() error {
	r.mu.Lock()
	if err := r.usable(r.epoch); err != nil {
		r.mu.Unlock()
		return err
	}
	return nil
}

func (r *root) usable(epoch uint32) error {
	if r.id == 0 {
		return notMade()
	}
	if r.closed {
		return closedError("the " + r.what + " is closed")
	}
	if r.epoch != epoch {
		return closedError("the " + r.what + " has been cleared or has moved on since this was taken from it")
	}
	return nil
}

func notMade() error {
	return refused(syscall.EINVAL, "the object was not made by this package")
}

func (r *root) leave() {
	r.mu.Unlock()
}

// close is true the first time.
func (r *root) close() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.id == 0 {
		return false
	}
	r.closed = true
	if r.users == 0 {
		r.free()
	}
	return true
}

// letGo is called once for each time that users was counted up.
func (r *root) letGo() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.users--
	if r.closed && r.users == 0 {
		r.free()
	}
}

// failure tells what a builder's result means. The library keeps the first failure only, so a later one is a
// number and what came before.
func (r *root) failure(result C.int) error {
	if result >= 0 {
		return nil
	}
	if r.failed != nil {
		return r.failed.again(syscall.Errno(-result))
	}
	r.failed = newError(result, func(err *C.struct_fwc_error) C.int { return r.first(err) })
	return r.failed
}

// failedAdd is failure for builders whose result is an object.
func (r *root) failedAdd() error {
	if r.failed != nil {
		return r.failed.again(r.failed.Errno)
	}
	return r.failure(-C.int(syscall.EINVAL))
}

// refuse keeps a failure that the library has not been asked about. A builder's failure must never be lost, also
// when the caller does not look at it: poison makes the library fail at the same place.
func (r *root) refuse(err error, poison func() C.int) error {
	refusal, ok := err.(*Error)
	if !ok || r.failed != nil {
		return err
	}
	if result := poison(); result < 0 {
		place := newError(result, func(err *C.struct_fwc_error) C.int { return r.first(err) })
		refusal.Table, refusal.Chain = place.Table, place.Chain
		refusal.Rule, refusal.Item = place.Rule, place.Item
	}
	r.failed = refusal
	return refusal
}

// node is where something borrowed belongs.
type node struct {
	root  *root
	epoch uint32
}

func (n *node) enter() error {
	return n.root.enter(n.epoch)
}

func (n *node) leave() {
	n.root.leave()
}

func (n *node) at() need {
	return need{root: n.root, epoch: n.epoch}
}

// need is a root that a call uses.
type need struct {
	root  *root
	epoch uint32
	held  bool // by a batch or plan: it serves them after it was closed
}

// enterAll begins a call that uses several roots; each is locked once, in the order of their ids.
func enterAll(needs ...need) (entered, error) {
	for _, n := range needs {
		if n.root == nil {
			return nil, n.root.enter(0)
		}
	}
	sort.Slice(needs, func(i, j int) bool { return needs[i].root.id < needs[j].root.id })
	in := make(entered, 0, len(needs))
	for _, n := range needs {
		if len(in) == 0 || in[len(in)-1] != n.root {
			n.root.mu.Lock()
			in = append(in, n.root)
		}
		if n.held {
			continue
		}
		if err := n.root.usable(n.epoch); err != nil {
			in.leave()
			return nil, err
		}
	}
	return in, nil
}

type entered []*root

func (in entered) leave() {
	for i := len(in) - 1; i >= 0; i-- {
		in[i].mu.Unlock()
	}
}
