// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fwcore"
)

// Tests work in network namespaces of their own. Where root may not make one, the tests run again in a user namespace.
func TestMain(m *testing.M) {
	if os.Getenv("FWC_TEST_GO_INSIDE") == "" {
		if file, err := makeNamespace(); err == nil {
			file.Close()
		} else if status, ran := runInUserNamespace(); ran {
			os.Exit(status)
		}
	}
	os.Exit(m.Run())
}

func runInUserNamespace() (status int, ran bool) {
	again := exec.Command("/proc/self/exe", os.Args[1:]...)
	again.Env = append(os.Environ(), "FWC_TEST_GO_INSIDE=1")
	again.Stdin, again.Stdout, again.Stderr = os.Stdin, os.Stdout, os.Stderr
	again.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	if again.Start() != nil {
		return 0, false
	}
	again.Wait()
	return again.ProcessState.ExitCode(), true
}

// makeNamespace makes a network namespace on a thread that ends with its goroutine.
func makeNamespace() (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	made := make(chan result)
	go func() {
		runtime.LockOSThread() // never unlocked: the runtime ends the thread
		if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
			made <- result{nil, err}
			return
		}
		file, err := os.Open("/proc/thread-self/ns/net")
		if err == nil {
			err = exec.Command("ip", "link", "set", "lo", "up").Run() // the child starts in its parent thread's
		}
		made <- result{file, err}
	}()
	r := <-made
	return r.file, r.err
}

// newNamespace is gone with the test.
func newNamespace(t testing.TB) *os.File {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("ip is not installed")
	}
	file, err := makeNamespace()
	if err != nil {
		t.Skip("no network namespace can be made: " + err.Error())
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// inside runs a shell command in a namespace; "" on failure, which fails the test.
func inside(t *testing.T, namespace *os.File, format string, args ...any) string {
	t.Helper()
	return run(t, commandInside(namespace, fmt.Sprintf(format, args...)))
}

func commandInside(namespace *os.File, command string) *exec.Cmd {
	c := exec.Command("nsenter", "--net=/proc/self/fd/3", "sh", "-c", command)
	c.ExtraFiles = []*os.File{namespace}
	return c
}

func openKernel(t testing.TB, namespace *os.File) *fwcore.Kernel {
	t.Helper()
	k, err := fwcore.Open(&fwcore.KernelOptions{Netns: namespace, Owner: "gotest"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

// must ends the test for an error of something that has to work.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// value is for calls that give something and an error.
func value[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

// until waits for a condition, a minute at the most.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a minute has passed without: " + what)
		}
	}
}
