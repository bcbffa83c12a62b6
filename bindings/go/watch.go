// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"syscall"
)

// Watch tells what anybody changes in nf_tables of the kernel object's namespace.
//
//	w, err := k.Watch()
//	...
//	defer w.Close()
//	for event := range w.Events(ctx) {
//		...
//	}
//	err = w.Err() // why the channel ended
type Watch struct {
	root
	c      *C.struct_fwc_watch
	kernel *Kernel
	last   *C.struct_fwc_event // borrowed until the next Poll

	// Of Events.
	pumps sync.WaitGroup
	stop  chan struct{} // closed by Close
	err   error
}

// Event is a change. Events of one transaction come together, EventCommit last.
type Event struct {
	Kind       EventKind
	Own        bool   // the watch's own kernel object committed it
	Object     Object // table, chain, rule, set, element; ObjectNone for kinds that this version does not know
	Family     Family
	Table      string
	Name       string // the chain's or set's, "" if none
	Handle     uint64 // 0 if none
	Generation uint32 // that its transaction made, 0 for EventResync
	PID        int    // of the process that committed, 0 when the kernel did not say
	Process    string // its name, "" when the kernel did not say
	Rule       string // a rule in nft's words, "" for others
	Tag        string // the rule's
	Owner      string // the rule's
}

// Watch starts watching. What happens from here on is told, so watch first and load afterwards. It has a socket of its
// own, and may be read while other goroutines use the kernel object.
func (k *Kernel) Watch() (*Watch, error) {
	if err := k.enter(); err != nil {
		return nil, err
	}
	defer k.leave()
	var c *C.struct_fwc_watch
	var cerr C.struct_fwc_error
	if r := C.fwc_watch_open(k.c, &c, &cerr); r < 0 {
		return nil, failed(r, &cerr)
	}
	k.users++
	w := &Watch{c: c, kernel: k, stop: make(chan struct{})}
	w.open("watch", func() { C.fwc_watch_close(c) })
	runtime.SetFinalizer(w, (*Watch).Close)
	return w, nil
}

// Close stops watching and waits for the goroutines of Events, whose channels end. A second Close does nothing.
func (w *Watch) Close() error {
	if w == nil || w.stop == nil {
		return nil
	}
	if w.close() {
		close(w.stop)
		w.kernel.letGo()
	}
	w.pumps.Wait()
	return nil
}

func (w *Watch) enter() error {
	if w == nil {
		return nilError("watch")
	}
	return w.root.enterNow()
}

// FD is a descriptor for poll(2), owned by the watch; -1 when it is closed. For programs with an event loop of their own;
// others use Events.
func (w *Watch) FD() int {
	if w.enter() != nil {
		return -1
	}
	defer w.leave()
	return int(C.fwc_watch_fd(w.c))
}

// Poll is the next event; ok is false when there is none at the moment. It never blocks for one.
func (w *Watch) Poll() (event Event, ok bool, err error) {
	if w == nil {
		return event, false, nilError("watch")
	}
	if w.kernel == nil {
		return event, false, notMade()
	}
	in, err := enterAll(need{root: &w.kernel.root, held: true}, need{root: &w.root, held: true})
	if err != nil {
		return event, false, err
	}
	defer in.leave()
	if err := w.usable(w.epoch); err != nil {
		return event, false, err
	}
	w.epoch++
	w.last = nil
	var c *C.struct_fwc_event
	var cerr C.struct_fwc_error
	r := C.fwc_watch_next(w.c, &c, &cerr)
	if r <= 0 {
		return event, false, failed(r, &cerr)
	}
	w.last = c
	return w.copyEvent(c), true, nil
}

func (w *Watch) copyEvent(c *C.struct_fwc_event) Event {
	event := Event{
		Kind:       EventKind(C.fwc_event_kind(c)),
		Own:        bool(C.fwc_event_is_own(c)),
		Object:     Object(C.fwc_event_object(c)),
		Family:     Family(C.fwc_event_family(c)),
		Table:      goString(C.fwc_event_table(c)),
		Name:       goString(C.fwc_event_name(c)),
		Handle:     uint64(C.fwc_event_handle(c)),
		Generation: uint32(C.fwc_event_generation(c)),
		PID:        int(C.fwc_event_pid(c)),
		Process:    goString(C.fwc_event_process(c)),
	}
	if c := C.fwc_event_rule(c); c != nil {
		rule := &Rule{node: node{&w.root, w.epoch}, c: c, readOnly: true}
		event.Rule, _ = rule.format(SyntaxNFT)
		event.Tag = goString(C.fwc_rule_tag_get(c))
		event.Owner = goString(C.fwc_rule_owner_get(c))
	}
	return event
}

// Rule is the rule of the event that Poll gave last, to be read until the next Poll; nil for events of other objects.
func (w *Watch) Rule() *Rule {
	if w.enter() != nil {
		return nil
	}
	defer w.leave()
	c := C.fwc_event_rule(w.last)
	if c == nil {
		return nil
	}
	return &Rule{node: node{&w.root, w.epoch}, c: c, readOnly: true}
}

// Events delivers events until the context is done, the watch is closed or reading fails; then the channel is closed,
// and Err says why. While there are none, the goroutine behind it waits in the Go runtime's poller. It ends with the context or with Close:
// one of the two has to come.
func (w *Watch) Events(ctx context.Context) <-chan Event {
	events := make(chan Event)
	file, err := w.begin()
	if err != nil {
		if w != nil {
			w.fail(err)
		}
		close(events)
		return events
	}
	done := make(chan struct{})
	go func() {
		defer w.pumps.Done()
		select {
		case <-ctx.Done():
		case <-w.stop:
		case <-done:
		}
		file.Close() // wakes the other
	}()
	go func() {
		defer w.pumps.Done()
		defer close(events)
		defer close(done)
		w.fail(w.pump(ctx, file, events))
	}()
	return events
}

// begin is a descriptor of its own for one call of Events, whose two goroutines Close waits for.
func (w *Watch) begin() (*os.File, error) {
	if err := w.enter(); err != nil {
		return nil, err
	}
	defer w.leave()
	w.err = nil
	fd, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(C.fwc_watch_fd(w.c)), syscall.F_DUPFD_CLOEXEC, 0)
	if errno != 0 {
		return nil, refused(errno, "the watch's descriptor cannot be copied: "+errno.Error())
	}
	// The library never blocks on it anyway; os.NewFile hands only such descriptors to the poller.
	if err := syscall.SetNonblock(int(fd), true); err != nil {
		syscall.Close(int(fd))
		return nil, refused(syscall.EINVAL, "the watch's descriptor cannot be polled: "+err.Error())
	}
	w.pumps.Add(2)
	return os.NewFile(fd, "nf_tables events"), nil
}

// pump reads until somebody says stop. The poller tells when a descriptor becomes readable, not that it is: so it is
// asked only after there was nothing left to read.
func (w *Watch) pump(ctx context.Context, file *os.File, events chan<- Event) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return refused(syscall.EBADF, "the watch's descriptor cannot be polled: "+err.Error())
	}
	for {
		var event Event
		var failure error
		waited := raw.Read(func(uintptr) (enough bool) {
			event, enough, failure = w.Poll()
			return enough || failure != nil
		})
		if failure != nil {
			return failure
		}
		if waited != nil {
			return w.ended(ctx, waited)
		}
		select {
		case events <- event:
		case <-ctx.Done():
			return nil
		case <-w.stop:
			return nil
		}
	}
}

// ended is nil when the descriptor was closed because somebody said stop.
func (w *Watch) ended(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	case <-w.stop:
		return nil
	default:
		return refused(syscall.EIO, "the watch's descriptor cannot be polled: "+err.Error())
	}
}

func (w *Watch) fail(err error) {
	if errors.Is(err, os.ErrClosed) {
		err = nil // Poll was told by Close
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
}

// Err is why the channel of Events ended: nil for the context and Close.
func (w *Watch) Err() error {
	if w == nil {
		return nilError("watch")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
