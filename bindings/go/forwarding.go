// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import "runtime"

// Forwarding says whether packets are forwarded: globally for the interface "", else whether what arrives at that
// interface is. The family is FamilyIP or FamilyIP6.
func (k *Kernel) Forwarding(family Family, iface string) (bool, error) {
	cname, err := cStringOrNil("the interface's name", iface)
	if err != nil {
		return false, err
	}
	if err := k.enter(); err != nil {
		return false, err
	}
	defer k.leave()
	var on C.bool
	var cerr C.struct_fwc_error
	if r := C.fwc_forwarding_get(k.c, C.uint32_t(family), cname, &on, &cerr); r < 0 {
		return false, failed(r, &cerr)
	}
	return bool(on), nil
}

// SetForwarding switches forwarding on or off, globally for the interface "". The kernel moves other settings along:
// ChangeForwarding tells which.
func (k *Kernel) SetForwarding(family Family, iface string, on bool) error {
	cname, err := cStringOrNil("the interface's name", iface)
	if err != nil {
		return err
	}
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var cerr C.struct_fwc_error
	return failed(C.fwc_forwarding_set(k.c, C.uint32_t(family), cname, C.bool(on), &cerr), &cerr)
}

// ChangeForwarding is SetForwarding with flags, and with all settings that it changed, as they were before. They are to be
// closed.
func (k *Kernel) ChangeForwarding(family Family, iface string, on bool, flags ForwardingFlags) (*Settings, error) {
	cname, err := cStringOrNil("the interface's name", iface)
	if err != nil {
		return nil, err
	}
	if err := k.enter(); err != nil {
		return nil, err
	}
	defer k.leave()
	var c *C.struct_fwc_settings
	var cerr C.struct_fwc_error
	r := C.fwc_forwarding_change(k.c, C.uint32_t(family), cname, C.bool(on), C.uint32_t(flags), &c, &cerr)
	if r < 0 {
		return nil, failed(r, &cerr)
	}
	s := &Settings{c: c}
	s.open("settings", func() { C.fwc_settings_free(c) })
	runtime.SetFinalizer(s, (*Settings).Close)
	return s, nil
}

// Settings are settings of the kernel as they were before a change.
type Settings struct {
	root
	c *C.struct_fwc_settings
}

// Setting is a setting as sysctl(8) writes it: "net.ipv4.ip_forward", "0".
type Setting struct {
	Name  string
	Value string
}

// Close releases the settings. A second Close does nothing.
func (s *Settings) Close() error {
	if s != nil {
		s.close()
	}
	return nil
}

func (s *Settings) enter() error {
	if s == nil {
		return nilError("settings object")
	}
	return s.root.enterNow()
}

// List is what was changed, with the values from before.
func (s *Settings) List() []Setting {
	if s.enter() != nil {
		return nil
	}
	defer s.leave()
	list := make([]Setting, int(C.fwc_settings_count(s.c)))
	for i := range list {
		list[i].Name = goString(C.fwc_settings_name(s.c, C.size_t(i)))
		list[i].Value = goString(C.fwc_settings_value(s.c, C.size_t(i)))
	}
	return list
}

// RestoreSettings puts settings back. Interfaces that have gone are passed over.
func (k *Kernel) RestoreSettings(s *Settings) error {
	if k == nil {
		return nilError("kernel object")
	}
	if s == nil {
		return nilError("settings object")
	}
	in, err := enterAll(k.at(), need{root: &s.root})
	if err != nil {
		return err
	}
	defer in.leave()
	var cerr C.struct_fwc_error
	return failed(C.fwc_settings_restore(k.c, s.c, &cerr), &cerr)
}
