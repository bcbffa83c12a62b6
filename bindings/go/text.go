// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <stdlib.h>
// #include <fwcore/fwcore.h>
import "C"

import (
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// cString is a text for one call: the library copies what it is given, so the collector's memory serves. The
// library would take a text with a NUL for a shorter one.
func cString(what, text string) (*C.char, error) {
	if err := checkText(what, text); err != nil {
		return nil, err
	}
	bytes := make([]byte, len(text)+1)
	copy(bytes, text)
	return (*C.char)(unsafe.Pointer(&bytes[0])), nil
}

// cStringOrNil is cString where the library takes NULL for "none".
func cStringOrNil(what, text string) (*C.char, error) {
	if text == "" {
		return nil, nil
	}
	return cString(what, text)
}

func checkText(what, text string) error {
	at := strings.IndexByte(text, 0)
	if at < 0 {
		return nil
	}
	from, to := at-32, at+32
	if from < 0 {
		from = 0
	}
	if to > len(text) {
		to = len(text)
	}
	return refused(syscall.EINVAL, what+" has a NUL in it: "+strconv.Quote(text[from:to]))
}

// goString is a borrowed text, "" for NULL.
func goString(text *C.char) string {
	return C.GoString(text)
}

// scratch is C memory for one call: what a struct that is given to the library points to must not be the collector's.
type scratch struct {
	blocks []unsafe.Pointer
	unmake []func()
	err    error // the first text that was refused
}

// text is nil for "", which stands for an option that is not set.
func (s *scratch) text(what, text string) *C.char {
	if text == "" {
		return nil
	}
	if err := checkText(what, text); err != nil {
		if s.err == nil {
			s.err = err
		}
		return nil
	}
	c := C.CString(text)
	s.blocks = append(s.blocks, unsafe.Pointer(c))
	return c
}

// texts is a list that ends in NULL; nil for none. An empty text is refused: the list would end there.
func (s *scratch) texts(what string, texts []string) **C.char {
	if len(texts) == 0 {
		return nil
	}
	list := (**C.char)(s.array(len(texts)+1, C.size_t(unsafe.Sizeof((*C.char)(nil)))))
	for i, text := range texts {
		if text == "" && s.err == nil {
			s.err = refused(syscall.EINVAL, what+" has no name")
		}
		unsafe.Slice(list, len(texts))[i] = s.text(what, text)
	}
	return list
}

// array is zeroed room for count things of that size; nil for none.
func (s *scratch) array(count int, size C.size_t) unsafe.Pointer {
	if count == 0 {
		return nil
	}
	block := C.calloc(C.size_t(count), size)
	s.blocks = append(s.blocks, block)
	return block
}

// target is the library's copy; nil when it is refused.
func (s *scratch) target(t *Target) *C.struct_fwc_target {
	if t == nil {
		t = &Target{} // for the library to refuse
	}
	c, err := t.make()
	if err != nil {
		if s.err == nil {
			s.err = err
		}
		return nil
	}
	s.unmake = append(s.unmake, func() { t.unmake(c) })
	return c
}

func (s *scratch) free() {
	for _, unmake := range s.unmake {
		unmake()
	}
	for _, block := range s.blocks {
		C.free(block)
	}
}

// format is a text that one of the library's format functions writes.
func format(write func(buf *C.char, size C.size_t, needed *C.size_t) C.int) (string, C.int) {
	buf := make([]byte, 512)
	for {
		var needed C.size_t
		result := write((*C.char)(unsafe.Pointer(&buf[0])), C.size_t(len(buf)), &needed)
		if result == -C.int(syscall.ENOSPC) && int(needed) >= len(buf) {
			buf = make([]byte, int(needed)+1)
			continue
		}
		if result < 0 {
			return "", result
		}
		return string(buf[:needed]), 0
	}
}

// Version is that of the library that is running, "0.1.0".
func Version() string {
	return goString(C.fwc_version())
}
