// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore

// #include <fwcore/fwcore.h>
import "C"

import (
	"net/netip"
	"unsafe"
)

// NextHop is where packets go next.
type NextHop struct {
	Gateway   netip.Addr // the zero Addr: none, the destination is on the link
	Interface uint32     // its index; 0: that through which the gateway is reached
	Weight    uint32     // 1 to 256: its share of the packets among several; 0 when made: 1
	Flags     uint32     // RTNH_F_*: 1 dead, 4 onlink, 16 linkdown
}

// Route is a route: plain Go memory. Of one that is made, 0 is what the library chooses.
type Route struct {
	Destination netip.Prefix // 0.0.0.0/0 and ::/0 are the default routes
	Hops        []NextHop
	Table       uint32 // RouteTableMain and others; 0 when made or deleted: main
	Type        RouteType
	Protocol    uint32     // RTPROT_*: 2 kernel, 3 boot, 4 static, 16 dhcp; 0 when made: boot
	Scope       uint32     // RT_SCOPE_* of one that was read
	Metric      uint32     // of several the lowest is taken
	MTU         uint32     // bytes; 0: the interface's
	Flags       uint32     // of one that was read
	Source      netip.Addr // of packets that have none yet; the zero Addr: the kernel chooses
}

// TypeName is the route's type in ip-route's words, "unicast", "blackhole".
func (r Route) TypeName() string {
	return goString(C.fwc_route_type_name(C.uint32_t(r.Type)))
}

// ProtocolName is the route's protocol in ip-route's words, "kernel", "static"; "" for others.
func (r Route) ProtocolName() string {
	return goString(C.fwc_route_protocol_name(C.uint32_t(r.Protocol)))
}

// RouteLookup is what a packet is like, beside where it goes.
type RouteLookup struct {
	Source       netip.Addr // the zero Addr: the kernel chooses
	InInterface  uint32     // index of the one it came in by; 0: this host sends it
	OutInterface uint32     // index of the one it has to leave by; 0: any
	Mark         uint32     // what routing rules see as its mark
}

// Routes reads the routes of all tables, of FamilyIP, FamilyIP6 or FamilyAny.
func (k *Kernel) Routes(family Family) ([]Route, error) {
	return k.routes(func(list **C.struct_fwc_routes, cerr *C.struct_fwc_error) C.int {
		return C.fwc_routes_get(k.c, C.uint32_t(family), list, cerr)
	})
}

// LookupRoute asks for the route that a packet would take, by rules and tables. ENETUNREACH when there is none.
func (k *Kernel) LookupRoute(destination netip.Addr, lookup *RouteLookup) (Route, error) {
	to, err := cAddr(destination)
	if err != nil {
		return Route{}, err
	}
	var s scratch
	defer s.free()
	opts, err := lookup.c(&s)
	if err != nil {
		return Route{}, err
	}
	found, err := k.routes(func(list **C.struct_fwc_routes, cerr *C.struct_fwc_error) C.int {
		return C.fwc_route_lookup(k.c, &to, opts, list, cerr)
	})
	if err != nil {
		return Route{}, err
	}
	return found[0], nil
}

func (l *RouteLookup) c(s *scratch) (*C.struct_fwc_route_lookup_opts, error) {
	if l == nil {
		return nil, nil
	}
	opts := &C.struct_fwc_route_lookup_opts{
		size:          C.sizeof_struct_fwc_route_lookup_opts,
		in_interface:  C.uint32_t(l.InInterface),
		out_interface: C.uint32_t(l.OutInterface),
		mark:          C.uint32_t(l.Mark),
	}
	if !l.Source.IsValid() {
		return opts, nil
	}
	source := (*C.struct_fwc_ip)(s.array(1, C.sizeof_struct_fwc_ip))
	var err error
	*source, err = cAddr(l.Source)
	opts.source = source
	return opts, err
}

// routes runs a call that hands out routes, and copies them.
func (k *Kernel) routes(get func(list **C.struct_fwc_routes, cerr *C.struct_fwc_error) C.int) ([]Route, error) {
	if err := k.enter(); err != nil {
		return nil, err
	}
	defer k.leave()
	var list *C.struct_fwc_routes
	var cerr C.struct_fwc_error
	if r := get(&list, &cerr); r < 0 {
		return nil, failed(r, &cerr)
	}
	defer C.fwc_routes_free(list)
	all := make([]Route, int(C.fwc_routes_count(list)))
	for i := range all {
		all[i] = goRoute(C.fwc_routes_at(list, C.size_t(i)))
	}
	return all, nil
}

func goRoute(c *C.struct_fwc_route) Route {
	r := Route{
		Destination: netip.PrefixFrom(goAddr(&c.destination), int(c.prefix_len)),
		Table:       uint32(c.table),
		Type:        RouteType(c._type),
		Protocol:    uint32(c.protocol),
		Scope:       uint32(c.scope),
		Metric:      uint32(c.metric),
		MTU:         uint32(c.mtu),
		Flags:       uint32(c.flags),
		Source:      goAddr(&c.source),
	}
	for _, hop := range unsafe.Slice(c.hops, int(c.hop_count)) {
		r.Hops = append(r.Hops, NextHop{
			Gateway:   goAddr(&hop.gateway),
			Interface: uint32(hop._interface),
			Weight:    uint32(hop.weight),
			Flags:     uint32(hop.flags),
		})
	}
	return r
}

// c is the library's form of a route; its hops live as long as the scratch.
func (r *Route) c(s *scratch) (*C.struct_fwc_route, error) {
	if err := checkPrefix(r.Destination); err != nil {
		return nil, err
	}
	destination, err := cAddr(r.Destination.Addr())
	if err != nil {
		return nil, err
	}
	source, err := cAddr(r.Source)
	if err != nil {
		return nil, err
	}
	c := (*C.struct_fwc_route)(s.array(1, C.sizeof_struct_fwc_route))
	*c = C.struct_fwc_route{
		destination: destination,
		prefix_len:  C.uint32_t(r.Destination.Bits()),
		table:       C.uint32_t(r.Table),
		_type:       C.uint32_t(r.Type),
		protocol:    C.uint32_t(r.Protocol),
		metric:      C.uint32_t(r.Metric),
		mtu:         C.uint32_t(r.MTU),
		source:      source,
		hops:        (*C.struct_fwc_next_hop)(s.array(len(r.Hops), C.sizeof_struct_fwc_next_hop)),
		hop_count:   C.size_t(len(r.Hops)),
	}
	for i, hop := range r.Hops {
		gateway, err := cAddr(hop.Gateway)
		if err != nil {
			return nil, err
		}
		unsafe.Slice(c.hops, len(r.Hops))[i] = C.struct_fwc_next_hop{
			gateway:    gateway,
			_interface: C.uint32_t(hop.Interface),
			weight:     C.uint32_t(hop.Weight),
			flags:      C.uint32_t(hop.Flags),
		}
	}
	return c, nil
}

// AddRoute adds a route; EEXIST when there is one of that destination, table and metric.
func (k *Kernel) AddRoute(route Route) error {
	return k.changeRoute(route, func(c *C.struct_fwc_route, cerr *C.struct_fwc_error) C.int {
		return C.fwc_route_add(k.c, c, cerr)
	})
}

// ReplaceRoute adds a route, in the place of the one of that destination, table and metric when there is one.
func (k *Kernel) ReplaceRoute(route Route) error {
	return k.changeRoute(route, func(c *C.struct_fwc_route, cerr *C.struct_fwc_error) C.int {
		return C.fwc_route_replace(k.c, c, cerr)
	})
}

// DeleteRoute deletes the first route that is as this one: of its destination and table, and of its type, protocol,
// metric and hops where these are set. ESRCH when there is none.
func (k *Kernel) DeleteRoute(route Route) error {
	return k.changeRoute(route, func(c *C.struct_fwc_route, cerr *C.struct_fwc_error) C.int {
		return C.fwc_route_delete(k.c, c, cerr)
	})
}

func (k *Kernel) changeRoute(route Route, do func(c *C.struct_fwc_route, cerr *C.struct_fwc_error) C.int) error {
	var s scratch
	defer s.free()
	c, err := route.c(&s)
	if err != nil {
		return err
	}
	if err := k.enter(); err != nil {
		return err
	}
	defer k.leave()
	var cerr C.struct_fwc_error
	return failed(do(c, &cerr), &cerr)
}
