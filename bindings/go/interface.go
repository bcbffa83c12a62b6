// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"encoding/hex"
	"net/netip"
	"unsafe"
)

// Interface is a network interface as it was when it was read: plain Go memory.
type Interface struct {
	Index        uint32
	Name         string
	Alias        string // ifalias, "" when there is none
	Kind         string // the kernel's, "bridge", "veth", "vlan"; "" for loopback and most hardware
	Physical     bool   // a device stands behind it
	Flags        uint32 // IFF_*: 1 up, 2 broadcast, 8 loopback, 0x10 point-to-point, 0x40 running, ...
	MTU          uint32 // bytes
	TxQueueLen   uint32 // packets
	LinkType     uint32 // ARPHRD_*: 1 ethernet, 772 loopback
	LinkTypeName string // in ip-link's words, "ether", "loopback"
	MAC          MAC    // nil when there is none
	Master       uint32 // index of the bridge, bond or VRF it belongs to, 0 for none
	Peer         uint32 // index of its peer or lower interface, 0 for none
	PeerNetns    *int32 // id of the namespace that the peer is in, nil for this one
	State        string // operational state in ip-link's words, "UP"
	Carrier      bool
	Stats        InterfaceStats
	Addresses    []InterfaceAddress
}

// MAC is a hardware address.
type MAC []byte

// String is the address as ip-link prints it, "52:54:00:12:34:56".
func (m MAC) String() string {
	text := make([]byte, 0, 3*len(m))
	for i, b := range m {
		if i > 0 {
			text = append(text, ':')
		}
		text = append(text, hex.EncodeToString([]byte{b})...)
	}
	return string(text)
}

// InterfaceStats are counters since the interface was made.
type InterfaceStats struct {
	RxPackets, TxPackets uint64
	RxBytes, TxBytes     uint64
	RxErrors, TxErrors   uint64
	RxDropped, TxDropped uint64
	RxOverruns           uint64
	RxFrame              uint64
	TxOverruns           uint64
	TxCarrier            uint64
	Collisions           uint64
	Multicast            uint64
}

// InterfaceAddress is an address of an interface.
type InterfaceAddress struct {
	Prefix    netip.Prefix // the address with its prefix length
	Peer      netip.Addr   // point-to-point; the zero Addr: none
	Broadcast netip.Addr   // the zero Addr: none
	Scope     uint32       // RT_SCOPE_*: 0 global, 200 site, 253 link, 254 host
	ScopeName string       // in ip-address's words: "global", "site", "link", "host"; "" for others
	Flags     uint32       // IFA_F_*: 1 secondary, 2 nodad, 0x40 tentative, 0x80 permanent
	Label     string       // IPv4's, "" if none
}

// Interfaces reads all interfaces with their addresses and counters, ordered by index.
func (k *Kernel) Interfaces() ([]Interface, error) {
	var all []Interface
	err := k.interfaces(func(list *C.struct_fwc_interfaces) {
		all = make([]Interface, int(C.fwc_interfaces_count(list)))
		for i := range all {
			all[i] = goInterface(C.fwc_interfaces_at(list, C.size_t(i)))
		}
	})
	return all, err
}

// Interface reads the interface of that name, nil when there is none.
func (k *Kernel) Interface(name string) (*Interface, error) {
	cname, err := cString("the name", name)
	if err != nil {
		return nil, err
	}
	var found *Interface
	err = k.interfaces(func(list *C.struct_fwc_interfaces) {
		if c := C.fwc_interfaces_find(list, cname); c != nil {
			i := goInterface(c)
			found = &i
		}
	})
	return found, err
}

// InterfaceByIndex reads the interface of that index, nil when there is none.
func (k *Kernel) InterfaceByIndex(index uint32) (*Interface, error) {
	var found *Interface
	err := k.interfaces(func(list *C.struct_fwc_interfaces) {
		if c := C.fwc_interfaces_find_index(list, C.uint32_t(index)); c != nil {
			i := goInterface(c)
			found = &i
		}
	})
	return found, err
}

func (k *Kernel) interfaces(read func(list *C.struct_fwc_interfaces)) error {
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var list *C.struct_fwc_interfaces
	var cerr C.struct_fwc_error
	if r := C.fwc_interfaces_get(k.c, &list, &cerr); r < 0 {
		return failed(r, &cerr)
	}
	defer C.fwc_interfaces_free(list)
	read(list)
	return nil
}

func goInterface(c *C.struct_fwc_interface) Interface {
	i := Interface{
		Index:        uint32(C.fwc_interface_index(c)),
		Name:         goString(C.fwc_interface_name(c)),
		Alias:        goString(C.fwc_interface_alias(c)),
		Kind:         goString(C.fwc_interface_kind(c)),
		Physical:     bool(C.fwc_interface_is_physical(c)),
		Flags:        uint32(C.fwc_interface_flags(c)),
		MTU:          uint32(C.fwc_interface_mtu(c)),
		TxQueueLen:   uint32(C.fwc_interface_tx_queue_len(c)),
		LinkType:     uint32(C.fwc_interface_link_type(c)),
		LinkTypeName: goString(C.fwc_interface_link_type_name(c)),
		Master:       uint32(C.fwc_interface_master(c)),
		Peer:         uint32(C.fwc_interface_peer(c)),
		State:        goString(C.fwc_interface_state(c)),
		Carrier:      bool(C.fwc_interface_carrier(c)),
		Stats:        goStats(C.fwc_interface_stats(c)),
	}
	var size C.size_t
	if mac := C.fwc_interface_mac(c, &size); mac != nil {
		i.MAC = append(MAC(nil), unsafe.Slice((*byte)(unsafe.Pointer(mac)), int(size))...)
	}
	var netns C.int32_t
	if C.fwc_interface_peer_netns(c, &netns) {
		id := int32(netns)
		i.PeerNetns = &id
	}
	i.Addresses = make([]InterfaceAddress, int(C.fwc_interface_address_count(c)))
	for n := range i.Addresses {
		i.Addresses[n] = goInterfaceAddress(C.fwc_interface_address_at(c, C.size_t(n)))
	}
	return i
}

func goStats(c *C.struct_fwc_interface_stats) InterfaceStats {
	return InterfaceStats{
		RxPackets: uint64(c.rx_packets), TxPackets: uint64(c.tx_packets),
		RxBytes: uint64(c.rx_bytes), TxBytes: uint64(c.tx_bytes),
		RxErrors: uint64(c.rx_errors), TxErrors: uint64(c.tx_errors),
		RxDropped: uint64(c.rx_dropped), TxDropped: uint64(c.tx_dropped),
		RxOverruns: uint64(c.rx_overruns),
		RxFrame:    uint64(c.rx_frame),
		TxOverruns: uint64(c.tx_overruns),
		TxCarrier:  uint64(c.tx_carrier),
		Collisions: uint64(c.collisions),
		Multicast:  uint64(c.multicast),
	}
}

func goInterfaceAddress(c *C.struct_fwc_interface_address) InterfaceAddress {
	return InterfaceAddress{
		Prefix:    netip.PrefixFrom(goAddr(&c.ip), int(c.prefix_len)),
		Peer:      goAddr(&c.peer),
		Broadcast: goAddr(&c.broadcast),
		Scope:     uint32(c.scope),
		ScopeName: goString(C.fwc_interface_address_scope_name(c)),
		Flags:     uint32(c.flags),
		Label:     C.GoString(&c.label[0]),
	}
}
