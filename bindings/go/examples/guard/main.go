// SPDX-License-Identifier: LGPL-2.1-or-later

// Keeps a table as a file says, with a goroutine and a channel: when somebody flushes or changes the table it is put
// back, until the program is interrupted.
//
// It does not loop on its own commits: an event tells whether this kernel object made it, and applying what is there
// already sends nothing.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"fwcore"
)

func guard(ctx context.Context, k *fwcore.Kernel, rs *fwcore.Ruleset) error {
	w, err := k.Watch()
	if err != nil {
		return err
	}
	defer w.Close()
	if err := k.Apply(rs, nil); err != nil {
		return err
	}
	fmt.Println("guard: on")
	for event := range w.Events(ctx) {
		switch {
		case event.Own:
		case event.Kind == fwcore.EventCommit:
			plan, err := k.Plan(rs)
			if err != nil {
				return err
			}
			steps := plan.Len()
			plan.Close()
			if steps == 0 {
				continue // somebody changed something else
			}
			if err := k.Apply(rs, nil); err != nil {
				return err
			}
			fmt.Printf("guard: %s changed it; put back in %d steps\n", event.Process, steps)
		case event.Kind == fwcore.EventResync: // events were lost
			if err := k.Apply(rs, nil); err != nil {
				return err
			}
		}
	}
	return w.Err()
}

func run(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rs, err := fwcore.ParseRuleset(fwcore.SyntaxNFT, string(text))
	if err != nil {
		return err
	}
	defer rs.Close()
	k, err := fwcore.Open(&fwcore.KernelOptions{Owner: "guard"})
	if err != nil {
		return err
	}
	defer k.Close()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	return guard(ctx, k, rs)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: guard FILE   one nft command a line: add table, add chain, add rule")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "guard:", err)
		os.Exit(1)
	}
}
