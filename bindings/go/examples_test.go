// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const theirs = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tiifname \"lo\" accept\n\t}\n}\n"

// buildExamples is the folder of the programs, made once for all tests.
func buildExamples(t *testing.T) string {
	needProgram(t, "go", "nft")
	dir := t.TempDir()
	run(t, exec.Command("go", "build", "-o", dir+"/", "./examples/..."))
	return dir
}

// background is a program in a namespace, ended with the test. It has said the word before this returns.
func background(t *testing.T, ns *os.File, word string, args ...string) (log string) {
	t.Helper()
	log = filepath.Join(t.TempDir(), "log")
	file, err := os.Create(log)
	must(t, err)
	defer file.Close()
	program := commandInside(ns, "exec "+strings.Join(args, " "))
	program.Stdout, program.Stderr = file, file
	must(t, program.Start())
	t.Cleanup(func() {
		program.Process.Signal(syscall.SIGTERM)
		program.Wait()
	})
	until(t, args[0]+" says "+word, func() bool { return strings.Contains(logged(t, log), word) })
	return log
}

func logged(t *testing.T, log string) string {
	t.Helper()
	text, err := os.ReadFile(log)
	must(t, err)
	return string(text)
}

func TestExamplesDoWhatThoseInCDo(t *testing.T) {
	bin := buildExamples(t)
	t.Run("KnockLetsInAndClears", func(t *testing.T) {
		ns := newNamespace(t)
		inside(t, ns, "nft -f - <<'E'\n%sE", theirs)
		inside(t, ns, "%s/knock 192.0.2.7; %s/knock 192.0.2.8", bin, bin)
		wantContains(t, inside(t, ns, "nft list ruleset"), "192.0.2.7 expires ", "192.0.2.8 expires ",
			"ip saddr @knock tcp dport 22 ct state new accept\n\t\tiifname \"lo\" accept\n")
		inside(t, ns, "! %s/knock 192.0.2 2>&1", bin)
		inside(t, ns, "%s/knock --clear", bin)
		if listing := inside(t, ns, "nft list ruleset"); listing != theirs {
			t.Error(listing)
		}
	})
	t.Run("KillswitchPutsBackWhatOthersChange", func(t *testing.T) {
		ns := newNamespace(t)
		background(t, ns, "killswitch: on", bin+"/killswitch", "192.0.2.1")
		untouched := inside(t, ns, "nft list ruleset")
		wantContains(t, untouched, "ip daddr 192.0.2.1 udp dport 51820 accept", "policy drop;")
		for _, damage := range []string{"add rule inet killswitch out accept", "flush chain inet killswitch in", "delete table inet killswitch",
			"flush ruleset"} {
			inside(t, ns, "nft "+damage)
			until(t, damage+" is undone", func() bool { return inside(t, ns, "nft list ruleset") == untouched })
		}
		inside(t, ns, "%s/killswitch --help; ! %s/killswitch 192.0.2.1 0 2>&1", bin, bin)
	})
	t.Run("KillswitchIsSwitchedOff", func(t *testing.T) {
		ns := newNamespace(t)
		inside(t, ns, "nft add table inet killswitch; nft add table ip other; %s/killswitch --off", bin)
		if listing := inside(t, ns, "nft list ruleset"); listing != "table ip other {\n}\n" {
			t.Error(listing)
		}
	})
	t.Run("RuntimeTakesEverythingBack", func(t *testing.T) {
		ns, container := newNamespace(t), newNamespace(t)
		c := commandInside(ns, bin+"/runtime /proc/self/fd/4")
		c.ExtraFiles = append(c.ExtraFiles, container)
		c.Stdin = strings.NewReader("\n")
		out, err := c.CombinedOutput()
		if strings.Contains(string(out), "read-only") || strings.Contains(string(out), "ermission") {
			t.Skip("forwarding cannot be switched on here: " + string(out))
		}
		must(t, err)
		wantContains(t, string(out), "c1 has 172.29.0.2, published on port 8081\n")
		if left := inside(t, ns, "nft list ruleset; cat /proc/sys/net/ipv4/ip_forward"); left != "0\n" {
			t.Error(left)
		}
	})
	t.Run("GuardPutsAFlushedTableBackOnce", func(t *testing.T) {
		ns := newNamespace(t)
		file := filepath.Join(t.TempDir(), "rules")
		must(t, os.WriteFile(file, []byte("add table inet g\nadd chain inet g c\nadd rule inet g c tcp dport 22 accept\n"), 0o600))
		log := background(t, ns, "guard: on", bin+"/guard", file)
		untouched := inside(t, ns, "nft list ruleset")
		inside(t, ns, "nft flush table inet g")
		until(t, "the table is back", func() bool { return inside(t, ns, "nft list ruleset") == untouched })
		inside(t, ns, "nft add table ip other") // not ours
		inside(t, ns, "nft delete table inet g")
		until(t, "two changes are told", func() bool { return strings.Count(logged(t, log), "put back") == 2 })
		if !strings.Contains(inside(t, ns, "nft list ruleset"), strings.TrimSpace(untouched)) || strings.Count(logged(t, log), "nft changed it") != 2 {
			t.Error(logged(t, log))
		}
	})
}
