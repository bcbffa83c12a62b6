// SPDX-License-Identifier: LGPL-2.1-or-later

// A port knocker: lets an address reach port 22 for thirty seconds, in a firewall that somebody else wrote.
//
// The table inet filter and its chain input are another program's. Declared shared, only what carries our owner name
// is compared, added and removed in it. After the first knock a knock is a commit of one element.
package main

import (
	"fmt"
	"os"
	"time"

	"fwcore"
)

const usage = `usage: knock ADDRESS   let an IPv4 address reach port 22 for 30 seconds
       knock --clear   take the set and the rule away
Works on the table "inet filter" with a chain "input", which must exist.
`

// declare is what we want in their table: a set whose elements expire, and one rule that reads it. No builder's error is
// looked at: the ruleset keeps the first, and commit returns it.
func declare() *fwcore.Ruleset {
	rs := fwcore.NewRuleset()
	table, _ := rs.AddTable(fwcore.FamilyInet, "filter", fwcore.TableShared)
	input, _ := table.AddChain("input", nil)
	table.AddSet("knock", "ipv4_addr", &fwcore.SetOptions{Timeout: 30 * time.Second})
	rule, _ := input.AppendText(fwcore.SyntaxNFT, "ip saddr @knock tcp dport 22 ct state new accept")
	rule.SetTag("knock")
	return rs
}

func knock(k *fwcore.Kernel, address string) error {
	rs, batch := declare(), fwcore.NewBatch()
	defer rs.Close()
	defer batch.Close()
	batch.Declare(rs)
	batch.AddElement(fwcore.SetName{Family: fwcore.FamilyInet, Table: "filter", Set: "knock"}, address, "", 0, nil)
	return k.Commit(batch)
}

// clear leaves their table with nothing of ours in it.
func clear(k *fwcore.Kernel) error {
	rs := fwcore.NewRuleset()
	defer rs.Close()
	rs.AddTable(fwcore.FamilyInet, "filter", fwcore.TableShared)
	return k.Apply(rs, nil)
}

func run(address string) error {
	k, err := fwcore.Open(&fwcore.KernelOptions{Owner: "knock"})
	if err != nil {
		return err
	}
	defer k.Close()
	if address == "--clear" {
		return clear(k)
	}
	return knock(k, address)
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--help" {
		fmt.Print(usage)
		return
	}
	if len(os.Args) != 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "knock:", err)
		os.Exit(1)
	}
}
