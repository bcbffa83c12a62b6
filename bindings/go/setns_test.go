// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import "runtime"

// The number of setns(2), which package syscall does not have.
var sysSetns = map[string]uintptr{"amd64": 308, "386": 346, "arm": 375, "arm64": 268, "riscv64": 268, "loong64": 268, "ppc64le": 350, "s390x": 339}[runtime.GOARCH]
