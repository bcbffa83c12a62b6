// SPDX-License-Identifier: LGPL-2.1-or-later

// A container runtime in a page: a docker0-style network, each namespace that is given attached to it with its port 80
// published, until Enter is pressed; then everything is taken back.
package main

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"

	"fwcore"
)

const network = "runtime0"

// attach publishes port 80 as 8081, 8082, ... in the same commit.
func attach(k *fwcore.Kernel, id, path string, number int) error {
	netns, err := os.Open(path)
	if err != nil {
		return err
	}
	defer netns.Close()
	port := fwcore.Port{Protocol: 6, HostPort: uint16(8080 + number), Port: 80, Count: 1}
	return k.Attach(network, id, netns, &fwcore.AttachOptions{Ports: []fwcore.Port{port}})
}

func show(k *fwcore.Kernel) error {
	n, err := k.Network(network)
	if err != nil || n == nil {
		return err
	}
	for _, e := range n.Endpoints {
		fmt.Printf("%s has %s, published on port %d\n", e.ID, e.Address4, e.Ports[0].HostPort)
	}
	return nil
}

// run takes back what it made, from wherever it ends.
func run(paths []string) error {
	k, err := fwcore.Open(&fwcore.KernelOptions{Owner: "runtime"})
	if err != nil {
		return err
	}
	defer k.Close()
	before, err := k.ChangeForwarding(fwcore.FamilyIP, "", true, 0)
	if err != nil {
		return err
	}
	defer before.Close()
	defer k.RestoreSettings(before)
	if err := k.CreateNetwork(network, fwcore.NetworkOptions{Subnet4: netip.MustParsePrefix("172.29.0.0/24")}); err != nil {
		return err
	}
	defer k.DeleteNetwork(network)
	for i, path := range paths {
		id := fmt.Sprintf("c%d", i+1)
		if err := attach(k, id, path, i+1); err != nil {
			return err
		}
		defer k.Detach(network, id)
	}
	if err := show(k); err != nil {
		return err
	}
	fmt.Println("Press Enter to take everything back.")
	bufio.NewReader(os.Stdin).ReadString('\n')
	return nil
}

func main() {
	if len(os.Args) < 2 || os.Args[1] == "--help" {
		fmt.Fprintln(os.Stderr, "usage: runtime NETNS...   namespaces, as /run/netns/NAME or /proc/PID/ns/net")
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "runtime:", err)
		os.Exit(1)
	}
}
