// SPDX-License-Identifier: LGPL-2.1-or-later

// Package inspect is what the tests look at: they cannot use cgo themselves.
package inspect

// #include <malloc.h>
import "C"

// Allocated is how many bytes of C memory are in use.
func Allocated() uint64 {
	m := C.mallinfo2()
	return uint64(m.uordblks) + uint64(m.hblkhd)
}
