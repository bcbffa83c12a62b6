// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"net/netip"
	"os"
	"syscall"
	"unsafe"
)

// NetworkOptions are what a docker0-style network is; at least one subnet.
type NetworkOptions struct {
	Subnet4  netip.Prefix // the zero Prefix: no IPv4
	Subnet6  netip.Prefix // the zero Prefix: no IPv6
	Gateway4 netip.Addr   // the bridge's address; the zero Addr: the subnet's first
	Gateway6 netip.Addr
	MTU      uint32 // bytes; 0: the kernel's default
	Flags    NetworkFlags
}

// Port is a published port or range of ports.
type Port struct {
	Protocol uint32     // 6 tcp, 17 udp, 132 sctp
	HostPort uint16     // first port on the host
	Port     uint16     // first port in the container
	Count    uint16     // how many; 0: 1
	Host     netip.Addr // only through this address of the host; the zero Addr: through any
}

func (p *Port) c() (C.struct_fwc_port, error) {
	host, err := cAddr(p.Host)
	return C.struct_fwc_port{
		protocol:  C.uint32_t(p.Protocol),
		host_port: C.uint16_t(p.HostPort),
		port:      C.uint16_t(p.Port),
		count:     C.uint16_t(p.Count),
		host:      host,
	}, err
}

// AttachOptions are how a container is attached.
type AttachOptions struct {
	Interface string       // its name in the container; "": "eth0"
	Ports     []Port       // published in the same commit
	Addresses []netip.Addr // one a family; for families without, the next free one is taken
}

// Network is a network as it was when it was read: plain Go memory.
type Network struct {
	Name      string
	Flags     NetworkFlags
	Gateway4  netip.Prefix // the bridge's address with the subnet's length; the zero Prefix: no IPv4
	Gateway6  netip.Prefix
	Endpoints []Endpoint
}

// Endpoint is a container on a network.
type Endpoint struct {
	ID        string
	Interface string     // the host's, to the container; "" when it has gone
	Address4  netip.Addr // the zero Addr: none
	Address6  netip.Addr
	Ports     []Port
}

// CreateNetwork makes a network: its bridge, addresses, chain and sets, whole or not at all. ENOTCONN when forwarding is
// off, unless it is NetworkInternal.
func (k *Kernel) CreateNetwork(name string, options NetworkOptions) error {
	cname, err := cString("the network's name", name)
	if err != nil {
		return err
	}
	var s scratch
	defer s.free()
	opts := C.struct_fwc_network_opts{
		size:     C.sizeof_struct_fwc_network_opts,
		subnet4:  s.text("the subnet", textOfPrefix(options.Subnet4)),
		subnet6:  s.text("the subnet", textOfPrefix(options.Subnet6)),
		gateway4: s.text("the gateway", textOfAddr(options.Gateway4)),
		gateway6: s.text("the gateway", textOfAddr(options.Gateway6)),
		mtu:      C.uint32_t(options.MTU),
		flags:    C.uint32_t(options.Flags),
	}
	if s.err != nil {
		return s.err
	}
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var cerr C.struct_fwc_error
	return failed(C.fwc_network_create(k.c, cname, &opts, &cerr), &cerr)
}

// DeleteNetwork deletes a network that has no endpoints; EBUSY names one.
func (k *Kernel) DeleteNetwork(name string) error {
	return k.onNetwork(name, "", func(cname, _ *C.char, cerr *C.struct_fwc_error) C.int {
		return C.fwc_network_delete(k.c, cname, cerr)
	})
}

// onNetwork runs a call about a network and one of its containers.
func (k *Kernel) onNetwork(network, id string, do func(cname, cid *C.char, cerr *C.struct_fwc_error) C.int) error {
	cname, err := cString("the network's name", network)
	if err != nil {
		return err
	}
	cid, err := cString("the container's id", id)
	if err != nil {
		return err
	}
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var cerr C.struct_fwc_error
	return failed(do(cname, cid, &cerr), &cerr)
}

// Attach attaches a container by its network namespace ("/run/netns/NAME" or "/proc/PID/ns/net", opened): veth pair,
// addresses, default route, published ports, whole or not at all. The file is not kept.
func (k *Kernel) Attach(network, id string, netns *os.File, options *AttachOptions) error {
	if netns == nil {
		return refused(syscall.EINVAL, "the container's namespace is needed, not nil")
	}
	var s scratch
	defer s.free()
	opts, err := options.c(&s)
	if err != nil {
		return err
	}
	refusal := withFile(netns, func(fd int32) {
		err = k.onNetwork(network, id, func(cname, cid *C.char, cerr *C.struct_fwc_error) C.int {
			return C.fwc_network_attach(k.c, cname, cid, C.int(fd), opts, cerr)
		})
	})
	if refusal != nil {
		return refusal
	}
	return err
}

func (o *AttachOptions) c(s *scratch) (*C.struct_fwc_attach_opts, error) {
	if o == nil {
		return nil, nil
	}
	ports := (*C.struct_fwc_port)(s.array(len(o.Ports), C.sizeof_struct_fwc_port))
	addresses := (*C.struct_fwc_ip)(s.array(len(o.Addresses), C.sizeof_struct_fwc_ip))
	opts := &C.struct_fwc_attach_opts{
		size:            C.sizeof_struct_fwc_attach_opts,
		_interface:      s.text("the interface's name", o.Interface),
		ports:           ports,
		ports_count:     C.size_t(len(o.Ports)),
		addresses:       addresses,
		addresses_count: C.size_t(len(o.Addresses)),
	}
	if s.err != nil {
		return nil, s.err
	}
	var err error
	for i := range o.Ports {
		if unsafe.Slice(ports, len(o.Ports))[i], err = o.Ports[i].c(); err != nil {
			return nil, err
		}
	}
	for i := range o.Addresses {
		if unsafe.Slice(addresses, len(o.Addresses))[i], err = cAddr(o.Addresses[i]); err != nil {
			return nil, err
		}
	}
	return opts, nil
}

// Detach detaches a container with everything it published; its namespace may have gone.
func (k *Kernel) Detach(network, id string) error {
	return k.onNetwork(network, id, func(cname, cid *C.char, cerr *C.struct_fwc_error) C.int {
		return C.fwc_network_detach(k.c, cname, cid, cerr)
	})
}

// Publish publishes a port.
func (k *Kernel) Publish(network, id string, port Port) error {
	c, err := port.c()
	if err != nil {
		return err
	}
	return k.onNetwork(network, id, func(cname, cid *C.char, cerr *C.struct_fwc_error) C.int {
		return C.fwc_network_publish(k.c, cname, cid, &c, cerr)
	})
}

// Unpublish takes a published port back.
func (k *Kernel) Unpublish(network, id string, port Port) error {
	c, err := port.c()
	if err != nil {
		return err
	}
	return k.onNetwork(network, id, func(cname, cid *C.char, cerr *C.struct_fwc_error) C.int {
		return C.fwc_network_unpublish(k.c, cname, cid, &c, cerr)
	})
}

// Networks reads the networks of this kernel object's owner.
func (k *Kernel) Networks() ([]Network, error) {
	var all []Network
	err := k.networks(func(list *C.struct_fwc_networks) {
		all = make([]Network, int(C.fwc_networks_count(list)))
		for i := range all {
			all[i] = goNetwork(C.fwc_networks_at(list, C.size_t(i)))
		}
	})
	return all, err
}

// Network reads the network of that name, nil when there is none.
func (k *Kernel) Network(name string) (*Network, error) {
	cname, err := cString("the network's name", name)
	if err != nil {
		return nil, err
	}
	var found *Network
	err = k.networks(func(list *C.struct_fwc_networks) {
		if c := C.fwc_networks_find(list, cname); c != nil {
			n := goNetwork(c)
			found = &n
		}
	})
	return found, err
}

func (k *Kernel) networks(read func(list *C.struct_fwc_networks)) error {
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var list *C.struct_fwc_networks
	var cerr C.struct_fwc_error
	if r := C.fwc_networks_get(k.c, &list, &cerr); r < 0 {
		return failed(r, &cerr)
	}
	defer C.fwc_networks_free(list)
	read(list)
	return nil
}

func goNetwork(c *C.struct_fwc_network) Network {
	n := Network{
		Name:      goString(C.fwc_network_name(c)),
		Flags:     NetworkFlags(C.fwc_network_flags(c)),
		Gateway4:  gateway(c, FamilyIP),
		Gateway6:  gateway(c, FamilyIP6),
		Endpoints: make([]Endpoint, int(C.fwc_network_endpoint_count(c))),
	}
	for i := range n.Endpoints {
		n.Endpoints[i] = goEndpoint(c, C.size_t(i))
	}
	return n
}

func gateway(c *C.struct_fwc_network, family Family) netip.Prefix {
	var ip C.struct_fwc_ip
	var bits C.uint32_t
	if !C.fwc_network_subnet(c, C.uint32_t(family), &ip, &bits) {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(goAddr(&ip), int(bits))
}

func goEndpoint(c *C.struct_fwc_network, i C.size_t) Endpoint {
	e := Endpoint{
		ID:        goString(C.fwc_network_endpoint_id(c, i)),
		Interface: goString(C.fwc_network_endpoint_interface(c, i)),
		Address4:  endpointAddr(c, i, FamilyIP),
		Address6:  endpointAddr(c, i, FamilyIP6),
		Ports:     make([]Port, int(C.fwc_network_endpoint_port_count(c, i))),
	}
	for j := range e.Ports {
		port := C.fwc_network_endpoint_port_at(c, i, C.size_t(j))
		e.Ports[j] = Port{
			Protocol: uint32(port.protocol),
			HostPort: uint16(port.host_port),
			Port:     uint16(port.port),
			Count:    uint16(port.count),
			Host:     goAddr(&port.host),
		}
	}
	return e
}

func endpointAddr(c *C.struct_fwc_network, i C.size_t, family Family) netip.Addr {
	var ip C.struct_fwc_ip
	if !C.fwc_network_endpoint_address(c, i, C.uint32_t(family), &ip) {
		return netip.Addr{}
	}
	return goAddr(&ip)
}
