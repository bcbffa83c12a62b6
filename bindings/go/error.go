// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"os"
	"syscall"
)

// Error is what went wrong, and with which object. Every error of this package is one.
//
// Compare it by its number: errors.Is(err, syscall.ENOENT). The message is for people.
type Error struct {
	Errno      syscall.Errno
	Object     Object  // what kind of object it is about
	Table      string  // "" if none; long names are cut here, not in Message
	Chain      string  // chain, set or network, by Object; "" if none
	Rule       int     // index of the rule in its chain, -1 if none
	Item       int     // index of the match or target in the rule, -1 if none
	Handle     uint64  // the kernel's handle of the rule, 0 if none
	Line       int     // in parsed text, from 1; 0 if none
	Column     int     // in parsed text, in bytes from 1; 0 if none
	Outcome    Outcome // whether anything was changed
	FromKernel bool    // the kernel refused, not the library
	Offset     uint32  // the kernel's NLMSGERR_ATTR_OFFS, 0 if none
	Kconfig    string  // the option that the kernel may lack, "CONFIG_NFT_CT"; "" if unknown
	Message    string  // one line
}

// Error is the message.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Errno.Error()
	}
	return e.Message
}

// Unwrap is the number, so that errors.Is(err, syscall.ENOENT) and errors.Is(err, fs.ErrNotExist) hold.
func (e *Error) Unwrap() error {
	return e.Errno
}

// Is also takes os.ErrClosed, for the use of an object after its Close.
func (e *Error) Is(target error) bool {
	return target == os.ErrClosed && e.Errno == syscall.EBADF && e.Object == ObjectArgument
}

// again is the answer of a builder whose root has failed before.
func (e *Error) again(errno syscall.Errno) *Error {
	later := *e
	later.Errno = errno
	later.Message = "refused after an earlier failure: " + e.Error()
	return &later
}

// newError reads the library's story of a failure, if there is any, with the failed call's result.
func newError(result C.int, story func(err *C.struct_fwc_error) C.int) *Error {
	var c C.struct_fwc_error
	if story(&c); c.code == 0 {
		c.code = result
		c.rule, c.item = C.FWC_NO_INDEX, C.FWC_NO_INDEX
	}
	return errorOf(result, &c)
}

// errorOf is the error of a call that filled c, nil when it did not fail.
func failed(result C.int, c *C.struct_fwc_error) error {
	if result >= 0 {
		return nil
	}
	return errorOf(result, c)
}

func errorOf(result C.int, c *C.struct_fwc_error) *Error {
	return &Error{
		Errno:      syscall.Errno(-result),
		Object:     Object(c.object),
		Table:      C.GoString(&c.table[0]),
		Chain:      C.GoString(&c.chain[0]),
		Rule:       index(c.rule),
		Item:       index(c.item),
		Handle:     uint64(c.handle),
		Line:       int(c.line),
		Column:     int(c.column),
		Outcome:    Outcome(c.outcome),
		FromKernel: c.from_kernel != 0,
		Offset:     uint32(c.offset),
		Kconfig:    C.GoString(&c.kconfig[0]),
		Message:    C.GoString(&c.msg[0]),
	}
}

func index(i C.uint32_t) int {
	if i == C.FWC_NO_INDEX {
		return -1
	}
	return int(i)
}

// refused is an error that this package found by itself.
func refused(errno syscall.Errno, message string) *Error {
	return &Error{Errno: errno, Object: ObjectArgument, Rule: -1, Item: -1, Message: message}
}

func closedError(message string) *Error {
	return refused(syscall.EBADF, message)
}

func nilError(what string) *Error {
	return refused(syscall.EINVAL, "a "+what+" is needed, not nil")
}

func memoryError() *Error {
	return &Error{Errno: syscall.ENOMEM, Rule: -1, Item: -1, Message: "out of memory"}
}
