// SPDX-License-Identifier: LGPL-2.1-or-later

// Package fwcore is libfwcore for Go: nf_tables, interfaces, forwarding and container networks as objects.
package fwcore

// #cgo pkg-config: libfwcore
// #include <fwcore/fwcore.h>
import "C"
