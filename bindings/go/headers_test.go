// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fwcore/internal/inspect"
)

// needProgram skips the test when a program is not there.
func needProgram(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is not installed")
		}
	}
}

// run is what a program writes; the test ends when it fails.
func run(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	var errors strings.Builder
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(command.Args, " "), err, out, errors.String())
	}
	return string(out)
}

func TestConstantsAreThoseOfTheHeaders(t *testing.T) {
	needProgram(t, "python3", "gofmt")
	run(t, exec.Command("python3", "generate.py", "--check"))
}

// Every function of the headers is called somewhere in the package.
func TestEveryPublicFunctionHasAWrapper(t *testing.T) {
	needProgram(t, "python3")
	var headers struct {
		Functions []struct {
			Name, Header string
			Line         int
		}
	}
	out := run(t, exec.Command("python3", "../generate.py", "--format", "json"))
	if err := json.Unmarshal([]byte(out), &headers); err != nil {
		t.Fatal(err)
	}
	if len(headers.Functions) < 200 {
		t.Fatalf("the headers declare %d functions, which cannot be all", len(headers.Functions))
	}
	called := map[string]bool{}
	for _, path := range sources(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range regexp.MustCompile(`\bC\.(fwc_\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			called[call[1]] = true
		}
	}
	for _, f := range headers.Functions {
		if !called[f.Name] {
			t.Errorf("%s (include/fwcore/%s:%d) has no Go wrapper: no file of bindings/go calls C.%s(). Add a method beside its "+
				"neighbours of that header; bindings/go/README.md says how", f.Name, f.Header, f.Line, f.Name)
		}
	}
}

func sources(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal("no sources: ", err)
	}
	var own []string
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			own = append(own, path)
		}
	}
	return own
}

func TestEveryStructHasTheSizeAndOffsetsOfTheHeaders(t *testing.T) {
	needProgram(t, "python3", "cc")
	dir := t.TempDir()
	source, program := filepath.Join(dir, "sizes.c"), filepath.Join(dir, "sizes")
	run(t, exec.Command("python3", "../generate.py", "--format", "sizes", "--output", source))
	run(t, exec.Command("cc", "-I../../include", source, "-o", program))
	var c map[string]map[string]uintptr
	if err := json.Unmarshal([]byte(run(t, exec.Command(program))), &c); err != nil {
		t.Fatal(err)
	}
	if len(c) < 10 {
		t.Fatalf("the headers define %d structs, which cannot be all", len(c))
	}
	for name, fields := range c {
		for field, want := range fields {
			if got, ok := inspect.Structs[name][field]; !ok || got != want {
				t.Errorf("struct %s, %q: %d in C, %d in Go", name, field, want, got)
			}
		}
	}
}
