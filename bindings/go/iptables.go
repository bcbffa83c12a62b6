// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <stdlib.h>
// #include <fwcore/fwcore.h>
import "C"

import (
	"runtime"
	"syscall"
	"unsafe"
)

// Iptables is commands of iptables that are carried out together, by Kernel.CommitIptables.
type Iptables struct {
	root
	c *C.struct_fwc_iptables
}

// NewIptables is an empty list of commands, of FamilyIP or FamilyIP6.
func NewIptables(family Family) (*Iptables, error) {
	if family != FamilyIP && family != FamilyIP6 {
		return nil, refused(syscall.EINVAL, "commands of iptables are of ip or ip6")
	}
	c := C.fwc_iptables_new(C.uint32_t(family))
	if c == nil {
		panic(memoryError())
	}
	i := &Iptables{c: c}
	i.open("list of commands", func() { C.fwc_iptables_free(c) })
	runtime.SetFinalizer(i, (*Iptables).Close)
	return i, nil
}

// Close releases the commands. A second Close does nothing.
func (i *Iptables) Close() error {
	if i != nil {
		i.close()
	}
	return nil
}

func (i *Iptables) enter() error {
	if i == nil {
		return nilError("list of commands")
	}
	return i.root.enterNow()
}

// Add adds a command: the words behind `iptables`.
func (i *Iptables) Add(words ...string) (IptablesResult, error) {
	if err := i.enter(); err != nil {
		return 0, err
	}
	defer i.leave()
	list := make([]*C.char, 0, len(words)+1)
	defer func() {
		for _, word := range list {
			C.free(unsafe.Pointer(word))
		}
	}()
	for _, word := range words {
		if err := checkText("a word", word); err != nil {
			return 0, err
		}
		list = append(list, C.CString(word))
	}
	array := (**C.char)(C.calloc(C.size_t(len(list)+1), C.size_t(unsafe.Sizeof((*C.char)(nil)))))
	defer C.free(unsafe.Pointer(array))
	copy(unsafe.Slice(array, len(list)), list)
	var cerr C.struct_fwc_error
	result := C.fwc_iptables_add_words(i.c, array, C.size_t(len(list)), &cerr)
	if result < 0 {
		return 0, failed(result, &cerr)
	}
	return IptablesResult(result), nil
}

// AddFile adds the commands of a file as iptables-restore reads it; table is "", or the only one that is wanted.
func (i *Iptables) AddFile(text string, flags IptablesFileFlags, table string) error {
	if err := i.enter(); err != nil {
		return err
	}
	defer i.leave()
	var s scratch
	defer s.free()
	opts := (*C.struct_fwc_iptables_file_opts)(s.array(1, C.size_t(unsafe.Sizeof(C.struct_fwc_iptables_file_opts{}))))
	opts.size = C.size_t(unsafe.Sizeof(*opts))
	opts.flags = C.uint32_t(flags)
	opts.table = s.text("a table's name", table)
	if s.err != nil {
		return s.err
	}
	bytes := append([]byte(text), 0)
	var cerr C.struct_fwc_error
	return failed(C.fwc_iptables_add_file(i.c, (*C.char)(unsafe.Pointer(&bytes[0])), C.size_t(len(text)), opts, &cerr), &cerr)
}

// Help is what the words that asked for help said about extensions.
func (i *Iptables) Help() (string, error) {
	if err := i.enter(); err != nil {
		return "", err
	}
	defer i.leave()
	var cerr C.struct_fwc_error
	var text *C.char
	if err := failed(C.fwc_iptables_help(i.c, &text, &cerr), &cerr); err != nil {
		return "", err
	}
	defer C.fwc_text_free(text)
	return C.GoString(text), nil
}

// Failed is the letter of the command that could not be carried out last, 0 when none failed.
func (i *Iptables) Failed() rune {
	if i.enter() != nil {
		return 0
	}
	defer i.leave()
	return rune(C.fwc_iptables_failed(i.c))
}

// CommitIptables carries out commands of iptables, all or none, and returns what they print.
func (k *Kernel) CommitIptables(commands *Iptables, flags IptablesCommitFlags) (string, error) {
	if k == nil {
		return "", nilError("kernel object")
	}
	if commands == nil {
		return "", nilError("list of commands")
	}
	in, err := enterAll(k.at(), need{root: &commands.root})
	if err != nil {
		return "", err
	}
	defer in.leave()
	var cerr C.struct_fwc_error
	var text *C.char
	if err := failed(C.fwc_kernel_commit_iptables(k.c, commands.c, C.uint32_t(flags), &text, &cerr), &cerr); err != nil {
		return "", err
	}
	defer C.fwc_text_free(text)
	return C.GoString(text), nil
}

// ParseIptables reads a file of iptables-save: its tables are wanted whole.
func ParseIptables(family Family, text string) (*Ruleset, error) {
	var err C.struct_fwc_error
	bytes := append([]byte(text), 0)
	c := C.fwc_ruleset_parse_iptables(C.uint32_t(family), (*C.char)(unsafe.Pointer(&bytes[0])), C.size_t(len(text)), &err)
	if c == nil {
		return nil, failed(err.code, &err)
	}
	return newRuleset(c), nil
}
