// SPDX-License-Identifier: LGPL-2.1-or-later

// Package fwcore is libfwcore for Go: nf_tables, interfaces, forwarding and container networks as objects, without
// running a tool.
//
// A Ruleset is what is wanted; a Kernel is the kernel of one network namespace; Kernel.Apply makes the one what the
// other says, in one transaction.
//
//	rs := fwcore.NewRuleset()
//	defer rs.Close()
//	table, _ := rs.AddTable(fwcore.FamilyInet, "myapp", 0)
//	input, _ := table.AddChain("input", &fwcore.BaseOptions{Hook: fwcore.HookInput, Policy: fwcore.VerdictDrop})
//	input.AppendText(fwcore.SyntaxNFT, "iifname lo accept")
//	k, err := fwcore.Open(nil)
//	if err != nil {
//		return err
//	}
//	defer k.Close()
//	return k.Apply(rs, nil)
//
// # Errors
//
// Every error is an *Error, with the table, chain, rule and item it is about. Compare numbers: errors.Is(err,
// syscall.ENOENT). Builders (what fills a Ruleset or Batch) return their failure, and the ruleset or batch keeps the
// first one and is then neither applied nor written. So it is enough to look at the error of Apply or Commit, and a rule
// can never lose a match on the way.
//
// # Lifetimes
//
// Ruleset, Kernel, Plan, Batch, Watch and Settings hold memory or sockets of the C library: call Close. A second Close does
// nothing. (The garbage collector closes what was forgotten; do not rely on when.) Tables, chains, rules, items, sets and
// elements are borrowed: they keep their ruleset or batch in memory, and after its Close their calls return an error that is
// os.ErrClosed and their readers zero values. Values, targets, interfaces and networks are plain Go memory.
//
// Any number of goroutines may use the same objects: calls on one ruleset, batch or kernel object wait for each other.
//
// # Threads and namespaces
//
// A Kernel belongs to the namespace that KernelOptions name, or to that of the thread which calls Open; later calls may come
// from any thread. See KernelOptions for programs that move their threads.
package fwcore

// #cgo pkg-config: libfwcore
// #include <fwcore/fwcore.h>
import "C"
