// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"net/netip"
	"strconv"
	"syscall"
)

// cAddr is the library's form of an address. The zero Addr is "not set" there too.
func cAddr(addr netip.Addr) (C.struct_fwc_ip, error) {
	var c C.struct_fwc_ip
	if addr.Zone() != "" {
		return c, refused(syscall.EINVAL, "'"+addr.String()+"' has a zone; addresses of a packet have none")
	}
	switch {
	case addr.Is4():
		c.family = C.FWC_FAMILY_IP
		for i, b := range addr.As4() {
			c.bytes[i] = C.uint8_t(b)
		}
	case addr.Is6():
		c.family = C.FWC_FAMILY_IP6
		for i, b := range addr.As16() {
			c.bytes[i] = C.uint8_t(b)
		}
	}
	return c, nil
}

// goAddr is the zero Addr when the address is not set.
func goAddr(c *C.struct_fwc_ip) netip.Addr {
	var bytes [16]byte
	for i := range bytes {
		bytes[i] = byte(c.bytes[i])
	}
	switch c.family {
	case C.FWC_FAMILY_IP:
		return netip.AddrFrom4([4]byte{bytes[0], bytes[1], bytes[2], bytes[3]})
	case C.FWC_FAMILY_IP6:
		return netip.AddrFrom16(bytes)
	}
	return netip.Addr{}
}

func checkPrefix(prefix netip.Prefix) error {
	if !prefix.IsValid() {
		return refused(syscall.EINVAL, "a prefix is needed, not the zero Prefix or one longer than its address")
	}
	return nil
}

// textOfPrefix is "" for the zero Prefix.
func textOfPrefix(prefix netip.Prefix) string {
	if prefix == (netip.Prefix{}) {
		return ""
	}
	if !prefix.IsValid() {
		return prefix.Addr().String() + "/" + strconv.Itoa(prefix.Bits())
	}
	return prefix.String()
}

// textOfAddr is "" for the zero Addr.
func textOfAddr(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	return addr.String()
}

// ParseAddr reads an address as the library does: "192.0.2.1" or "2001:db8::1", without prefix length or zone.
func ParseAddr(text string) (netip.Addr, error) {
	c, err := cString("the address", text)
	if err != nil {
		return netip.Addr{}, err
	}
	var ip C.struct_fwc_ip
	var cerr C.struct_fwc_error
	if r := C.fwc_ip_parse(c, &ip, &cerr); r < 0 {
		return netip.Addr{}, failed(r, &cerr)
	}
	return goAddr(&ip), nil
}

// FormatAddr writes an address as the library does.
func FormatAddr(addr netip.Addr) (string, error) {
	ip, err := cAddr(addr)
	if err != nil {
		return "", err
	}
	text, r := format(func(buf *C.char, size C.size_t, needed *C.size_t) C.int {
		return C.fwc_ip_format(&ip, buf, size, needed)
	})
	if r < 0 {
		return "", refused(syscall.Errno(-r), "the zero Addr is no address")
	}
	return text, nil
}
