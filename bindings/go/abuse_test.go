// SPDX-License-Identifier: LGPL-2.1-or-later

package fwcore_test

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"net/netip"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fwcore"
	"fwcore/internal/inspect"
)

// everything is one object of each kind, with what it is borrowed from.
type everything struct {
	rs     *fwcore.Ruleset
	batch  *fwcore.Batch
	kernel *fwcore.Kernel
	watch  *fwcore.Watch
	plan   *fwcore.Plan
	all    []any
}

func makeEverything(t testing.TB, k *fwcore.Kernel) *everything {
	rs, table, input := newTable(t)
	set := value(table.AddSet("set", "ipv4_addr", nil))(t)
	must(t, set.Add("192.0.2.1", "", nil))
	rule := value(input.AppendText(fwcore.SyntaxNFT, "tcp dport { 22, 80 } ip saddr @set log prefix \"p\" accept"))(t)
	list := rule.Item(0).Right()
	batch := fwcore.NewBatch()
	must(t, batch.Declare(rs))
	batched := value(batch.AddRule(fwcore.Place{Family: fwcore.FamilyInet, Table: "myapp", Chain: "input"}))(t)
	e := &everything{rs: rs, batch: batch, kernel: k}
	e.all = []any{rs, table, input, set, set.Element(0), rule, input.Rule(0), rule.Item(0), rule.Item(2), list, list.Set(), list.Set().Element(0),
		rule.Item(2).Target(), fwcore.Number(7), fwcore.List(list, fwcore.Name("x")), batch, batched,
		fwcore.NewTarget(fwcore.TargetLog).SetText(fwcore.ParamLogPrefix, "x")}
	if k != nil {
		e.watch, e.plan = value(k.Watch())(t), value(k.Plan(rs))(t)
		e.all = append(e.all, k, e.watch, e.plan)
	}
	return e
}

func (e *everything) close() {
	e.rs.Close()
	e.batch.Close()
	if e.kernel != nil {
		e.kernel.Close()
		e.watch.Close()
		e.plan.Close()
	}
}

var errorType = reflect.TypeOf((*error)(nil)).Elem()

// call calls a method; what it answers with, if it answers with an error.
func call(t *testing.T, what string, method reflect.Value, args []reflect.Value) (err error, fails bool) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil && !strings.Contains(what, "Target).Set") { // documented
			t.Errorf("%s(%v): panic: %v", what, args, p)
		}
	}()
	var results []reflect.Value
	if method.Type().IsVariadic() {
		results = method.CallSlice(args)
	} else {
		results = method.Call(args)
	}
	if n := len(results); n > 0 && method.Type().Out(n-1) == errorType {
		err, _ = results[n-1].Interface().(error)
		return err, true
	}
	return nil, false
}

// eachMethod calls do with every method of an object but those named.
func eachMethod(object any, do func(what string, method reflect.Value), but ...string) {
	v := reflect.ValueOf(object)
methods:
	for i := 0; i < v.NumMethod(); i++ {
		name := v.Type().Method(i).Name
		for _, other := range but {
			if name == other {
				continue methods
			}
		}
		do("("+v.Type().String()+")."+name, v.Method(i))
	}
}

// zeros are nil pointers, "", 0; but a context has to be one.
func zeros(method reflect.Value) []reflect.Value {
	args := make([]reflect.Value, method.Type().NumIn())
	for i := range args {
		args[i] = reflect.Zero(method.Type().In(i))
		if method.Type().In(i) == reflect.TypeOf((*context.Context)(nil)).Elem() {
			args[i] = reflect.ValueOf(context.Background())
		}
	}
	return args
}

func TestEveryMethodOfSomethingClosedAnswersAndNeverCrashes(t *testing.T) {
	e := makeEverything(t, openKernel(t, newNamespace(t)))
	e.close()
	methods := 0
	for _, object := range e.all {
		eachMethod(object, func(what string, method reflect.Value) {
			methods++
			err, fails := call(t, what, method, zeros(method))
			if fails && !errors.Is(err, os.ErrClosed) && !errors.Is(err, syscall.EINVAL) {
				t.Errorf("%s: %v", what, err)
			}
		}, "Close", "Err", "SetNumber", "SetText", "SetValue", "SetTarget")
	}
	if methods < 200 {
		t.Error("only methods: ", methods)
	}
}

func TestEveryMethodOfNilAndOfTheZeroValueAnswersAndNeverCrashes(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, object := range makeEverything(t, openKernel(t, newNamespace(t))).all {
		kind := reflect.TypeOf(object)
		if seen[kind] {
			continue
		}
		seen[kind] = true
		for _, object := range []any{reflect.Zero(kind).Interface(), reflect.New(kind.Elem()).Interface()} {
			eachMethod(object, func(what string, method reflect.Value) {
				if err, fails := call(t, what, method, zeros(method)); fails && !errors.Is(err, syscall.EINVAL) {
					t.Errorf("%s of nil or zero: %v", what, err)
				}
			}, "Close", "Err", "SetNumber", "SetText", "SetValue", "SetTarget")
			if closer, ok := object.(interface{ Close() error }); ok {
				must(t, closer.Close())
			}
		}
	}
}

// hostile is an argument that no program would give.
func hostile(r *rand.Rand, kind reflect.Type, e *everything) reflect.Value {
	for _, i := range r.Perm(len(e.all)) { // one of the objects, often of another root, or closed
		if object := reflect.ValueOf(e.all[i]); object.Type() == kind && r.Intn(4) > 0 {
			return object
		}
	}
	v := reflect.New(kind).Elem()
	texts := []string{"", "\x00", "a\x00b", "lo", "ip", "accept", "22", "{ 1, 2 }", "192.0.2.1", "\xff\xfe", "%s%n", strings.Repeat("x", 300),
		strings.Repeat("{ ", 3000), "192.0.2.0/33", "-1", "myapp", "input", "set", "ipv4_addr", "filter - 5"}
	numbers := []uint64{0, 1, 2, 5, 22, 255, 256, 300, 301, 65536, 1 << 31, math.MaxUint32, math.MaxInt64, math.MaxUint64}
	addrs := []netip.Addr{{}, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("fe80::1%lo"),
		netip.MustParseAddr("::ffff:192.0.2.1")}
	switch kind {
	case reflect.TypeOf(netip.Addr{}):
		return reflect.ValueOf(addrs[r.Intn(len(addrs))])
	case reflect.TypeOf(netip.Prefix{}):
		return reflect.ValueOf(netip.PrefixFrom(addrs[r.Intn(len(addrs))], r.Intn(140)-2))
	case reflect.TypeOf((*context.Context)(nil)).Elem():
		done, cancel := context.WithCancel(context.Background())
		cancel()
		return reflect.ValueOf(done)
	}
	switch kind.Kind() {
	case reflect.String:
		v.SetString(texts[r.Intn(len(texts))])
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(numbers[r.Intn(len(numbers))]) * int64(r.Intn(3)-1) >> (64 - kind.Bits()))
	case reflect.Uint64, reflect.Uint32, reflect.Uint16:
		v.SetUint(numbers[r.Intn(len(numbers))] & (math.MaxUint64 >> (64 - kind.Bits())))
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Slice:
		for n := r.Intn(4); n > 0; n-- {
			v.Set(reflect.Append(v, hostile(r, kind.Elem(), e)))
		}
	case reflect.Struct:
		for i := 0; i < kind.NumField(); i++ {
			if kind.Field(i).IsExported() {
				v.Field(i).Set(hostile(r, kind.Field(i).Type, e))
			}
		}
	case reflect.Pointer:
		if kind.Elem().Kind() == reflect.Struct && r.Intn(2) == 0 {
			v.Set(reflect.New(kind.Elem()))
			v.Elem().Set(hostile(r, kind.Elem(), e))
		}
	}
	return v
}

// Arguments and order by chance, always the same chance. In a namespace of its own: what succeeds does no harm.
func TestHostileArgumentsAreAnsweredAndNeverCrash(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	ns := newNamespace(t)
	for round := 0; round < 30; round++ {
		e := makeEverything(t, openKernel(t, ns))
		other := makeEverything(t, nil)
		e.all = append(e.all, other.all...)
		for calls := 0; calls < 300; calls++ {
			object := e.all[r.Intn(len(e.all))]
			if calls == 250 {
				other.close()
			}
			method := r.Intn(reflect.TypeOf(object).NumMethod())
			name := reflect.TypeOf(object).Method(method).Name
			if name == "Close" && calls < 280 || name == "Attach" {
				continue
			}
			m := reflect.ValueOf(object).Method(method)
			args := make([]reflect.Value, m.Type().NumIn())
			for i := range args {
				args[i] = hostile(r, m.Type().In(i), e)
			}
			call(t, "("+reflect.TypeOf(object).String()+")."+name, m, args)
		}
		e.close()
	}
}

func TestManyGoroutinesShareObjectsWhileTheyAreClosed(t *testing.T) {
	ns := newNamespace(t)
	for round := 0; round < 5; round++ {
		e := makeEverything(t, openKernel(t, ns))
		ctx, cancel := context.WithCancel(context.Background())
		var workers sync.WaitGroup
		work := func(do func(i int)) {
			workers.Add(1)
			go func() {
				defer workers.Done()
				for i := 0; i < 200; i++ {
					do(i)
				}
			}()
		}
		for n := 0; n < 2; n++ {
			work(func(i int) { // builders, readers
				for _, table := range e.rs.Tables() {
					for _, chain := range table.Chains() {
						chain.AppendText(fwcore.SyntaxNFT, "tcp dport 22 accept")
						for _, rule := range chain.Rules() {
							_ = rule.String()
						}
					}
				}
			})
			work(func(i int) { // both orders of two roots
				e.batch.Declare(e.rs)
				e.kernel.Commit(e.batch)
				if i%3 == 0 {
					e.batch.Clear()
				}
			})
			work(func(i int) {
				if i%8 == 0 {
					e.kernel.Apply(e.rs, nil)
					if plan, err := e.kernel.Plan(e.rs); err == nil {
						e.kernel.CommitPlan(plan, nil)
						plan.Close()
					}
				}
				e.watch.Poll()
				e.watch.Rule()
			})
		}
		workers.Add(1)
		go func() {
			defer workers.Done()
			for range e.watch.Events(ctx) {
			}
		}()
		for i := 0; i < round; i++ {
			runtime.Gosched()
		}
		time.Sleep(time.Duration(round) * time.Millisecond)
		e.close()
		workers.Wait()
		cancel()
	}
}

// used is C memory in use after all Go objects that are out of reach have gone.
func used() uint64 {
	runtime.GC()
	return inspect.Allocated()
}

func TestTenThousandRoundsLeakNothing(t *testing.T) {
	const key = "192.0.2.1"
	set := fwcore.SetName{Family: fwcore.FamilyInet, Table: "myapp", Set: "set"}
	round := func(close bool) {
		rs := fwcore.NewRuleset()
		table, _ := rs.AddTable(fwcore.FamilyInet, "myapp", 0)
		input, _ := table.AddChain("input", &fwcore.BaseOptions{Hook: fwcore.HookInput, Priority: "filter"})
		elements, _ := table.AddSet("set", "ipv4_addr", &fwcore.SetOptions{DataType: "verdict"})
		elements.Add(key, "accept", &fwcore.ElementOptions{Comment: "c", Tag: "t"})
		rule, _ := input.AppendText(fwcore.SyntaxNFT, "tcp dport { 22, 80 } counter accept")
		rule, _ = input.Append()
		rule.MatchValue(fwcore.Concat(fwcore.FieldIPSaddr.Value(), fwcore.FieldTCPDport.Value()), fwcore.OpEQ,
			fwcore.List(fwcore.Concat(fwcore.Text(key), fwcore.Range(fwcore.Number(1), fwcore.Number(2)))))
		rule.AddTarget(fwcore.NewTarget(fwcore.TargetLog).SetText(fwcore.ParamLogPrefix, "p"))
		rule.MatchValue(fwcore.Name("a\x00"), fwcore.OpEQ, fwcore.List(fwcore.Number(1), fwcore.Name("\x00")))
		rs.Format(fwcore.SyntaxNFT, 0)
		fwcore.ParseRuleset(fwcore.SyntaxNFT, "add table inet")
		b := fwcore.NewBatch()
		b.Declare(rs)
		b.AddElement(set, key, "drop", 0, &fwcore.ElementOptions{Tag: "t"})
		b.AddRuleText(fwcore.Place{Family: fwcore.FamilyInet, Table: "a", Chain: "b"}, fwcore.SyntaxNFT, "accept")
		if close {
			rs.Close()
			b.Close()
		}
	}
	for i := 0; i < 200; i++ {
		round(true)
	}
	before := used()
	for i := 0; i < 10000; i++ {
		round(true)
	}
	if after := used(); after > before+64*1024 {
		t.Errorf("%d bytes more are in use after 10,000 rounds", after-before)
	}
	// What nobody closes is closed by the collector, in any order.
	for i := 0; i < 300; i++ {
		round(false)
	}
	until(t, "what was out of reach has been freed", func() bool { return used() <= before+64*1024 })
}

func TestKernelObjectsLeakNothing(t *testing.T) {
	ns := newNamespace(t)
	round := func() {
		k := value(fwcore.Open(&fwcore.KernelOptions{Netns: ns, Owner: "gotest"}))(t)
		rs := fwcore.NewRuleset()
		value(rs.AddTable(fwcore.FamilyIP, "t", 0))(t)
		w := value(k.Watch())(t)
		plan := value(k.Plan(rs))(t)
		must(t, firstOf(k.CommitPlan(plan, nil), k.Apply(rs, nil)))
		loaded := value(k.Load(fwcore.FamilyAny, ""))(t)
		value(k.Interfaces())(t)
		value(k.Networks())(t)
		for {
			if _, ok, err := w.Poll(); !ok {
				must(t, err)
				break
			}
		}
		must(t, firstOf(k.Close(), w.Close(), plan.Close(), rs.Close(), loaded.Close()))
	}
	for i := 0; i < 10; i++ {
		round()
	}
	before, files := used(), openFiles(t)
	for i := 0; i < 100; i++ {
		round()
	}
	if after := used(); after > before+64*1024 {
		t.Errorf("%d bytes more are in use after 100 rounds", after-before)
	}
	if now := openFiles(t); now != files {
		t.Errorf("%d descriptors were open, %d are", files, now)
	}
}
