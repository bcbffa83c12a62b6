// SPDX-License-Identifier: LGPL-2.1-or-later

// A kill switch for a VPN: nothing enters or leaves this machine except through wg0, and to the VPN's server.
//
// It watches the kernel and puts its table back when somebody changes it. It cannot fail open: the table is applied in
// one transaction, and a rule that could not be built makes the whole apply fail. Ending the program leaves the switch
// on; killswitch --off takes it away.
package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"strconv"

	"fwcore"
)

const usage = `usage: killswitch SERVER [PORT]   only wg0, and UDP to the server (51820)
       killswitch --off           take the table away
Runs until it is interrupted; the switch then stays on.
`

func wanted(server netip.Addr, port uint16) *fwcore.Ruleset {
	rs := fwcore.NewRuleset()
	table, _ := rs.AddTable(fwcore.FamilyInet, "killswitch", 0)
	in, _ := table.AddChain("in", &fwcore.BaseOptions{Hook: fwcore.HookInput, Policy: fwcore.VerdictDrop})
	out, _ := table.AddChain("out", &fwcore.BaseOptions{Hook: fwcore.HookOutput, Policy: fwcore.VerdictDrop})

	// Words that this program wrote itself.
	in.AppendText(fwcore.SyntaxNFT, "iifname { lo, wg0 } accept")
	in.AppendText(fwcore.SyntaxNFT, "ct state established,related accept")
	in.AppendText(fwcore.SyntaxNFT, "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept")
	out.AppendText(fwcore.SyntaxNFT, "oifname { lo, wg0 } accept")
	out.AppendText(fwcore.SyntaxNFT, "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept")

	// Values that somebody else wrote: typed, never printed into words.
	daddr := fwcore.FieldIPDaddr
	if server.Is6() {
		daddr = fwcore.FieldIP6Daddr
	}
	rule, _ := out.Append()
	rule.MatchAddr(daddr, fwcore.OpEQ, server)
	rule.MatchUint(fwcore.FieldUDPDport, fwcore.OpEQ, uint64(port), uint64(port))
	rule.Verdict(fwcore.VerdictAccept, "")
	return rs
}

// switchOn puts the table back whenever a transaction that is not ours was made. It returns on an error only.
func switchOn(k *fwcore.Kernel, server netip.Addr, port uint16) error {
	rs := wanted(server, port)
	defer rs.Close()
	// Watch first: what happens between the two is then seen.
	w, err := k.Watch()
	if err != nil {
		return err
	}
	defer w.Close()
	if err := k.Apply(rs, nil); err != nil {
		return err
	}
	fmt.Println("killswitch: on")
	for event := range w.Events(context.Background()) {
		end := event.Kind == fwcore.EventCommit || event.Kind == fwcore.EventResync
		if !end || event.Own {
			continue
		}
		if err := k.Apply(rs, nil); err != nil {
			return err
		}
	}
	return w.Err()
}

func switchOff(k *fwcore.Kernel) error {
	rs := fwcore.NewRuleset()
	defer rs.Close()
	rs.AbsentTable(fwcore.FamilyInet, "killswitch")
	return k.Apply(rs, nil)
}

func run(args []string, port uint16) error {
	k, err := fwcore.Open(&fwcore.KernelOptions{Owner: "killswitch"})
	if err != nil {
		return err
	}
	defer k.Close()
	if args[0] == "--off" {
		return switchOff(k)
	}
	server, err := fwcore.ParseAddr(args[0])
	if err != nil {
		return err
	}
	return switchOn(k, server, port)
}

func main() {
	args := os.Args[1:]
	if len(args) == 1 && args[0] == "--help" {
		fmt.Print(usage)
		return
	}
	port := uint64(51820)
	var err error
	if len(args) == 2 {
		port, err = strconv.ParseUint(args[1], 10, 16)
	}
	if len(args) < 1 || len(args) > 2 || err != nil || port == 0 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err := run(args, uint16(port)); err != nil {
		fmt.Fprintln(os.Stderr, "killswitch:", err)
		os.Exit(1)
	}
}
