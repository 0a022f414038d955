package main

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// sampled is a profile of samples, each with its functions from the outermost on.
func sampled(values map[string]int64) *profile.Profile {
	p := &profile.Profile{}
	for stack, value := range values {
		s := &profile.Sample{Value: []int64{1, value}}
		for name := range strings.SplitSeq(stack, " ") {
			l := &profile.Location{}
			for inlined := range strings.SplitSeq(name, "+") { // the caller first
				l.Line = append([]profile.Line{{Function: &profile.Function{Name: inlined}}}, l.Line...)
			}
			s.Location = append([]*profile.Location{l}, s.Location...)
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

const (
	serve = "github.com/lectern-cms/lectern/server.(*Server).serve"
	write = "internal/runtime/syscall/linux.Syscall6"
)

func TestFlames(t *testing.T) {
	root := flames(sampled(map[string]int64{
		"main.main " + serve + " " + write: 60, "main.main " + serve: 20, "main.main+" + serve + " runtime.mallocgc": 15, "runtime.gcBgMarkWorker": 5,
	}))
	at := root.call("main.main").call(serve)
	if root.total != 100 || len(root.calls) != 2 || at.total != 95 || at.self() != 20 || at.call(write).total != 60 || len(at.calls) != 2 {
		t.Errorf("the tree is %+v, %+v", root, at)
	}
	shares := map[string]int64{}
	root.shares(shares)
	maps.DeleteFunc(shares, func(_ string, v int64) bool { return v == 0 })
	if want := map[string]int64{"kernel": 60, "Lectern": 20, "Go: memory": 20}; !maps.Equal(shares, want) {
		t.Errorf("the shares are %v, want %v", shares, want)
	}
}

// A stack that the profiler has cut stands where it belongs.
func TestCutStacksAreCompleted(t *testing.T) {
	root := flames(sampled(map[string]int64{
		"main.main a.Serve github.com/gofiber/fiber/v2.(*Ctx).Next b.Answer c.Query": 10,
		"a.Serve b.Answer c.Query d.Deep e.Deeper":                                   7,
		"x.Lost b.Answer": 3, "x.Other x.Lost": 1,
	}))
	answer := root.call("main.main").call("a.Serve").call("b.Answer")
	if len(root.calls) != 2 || answer.total != 17 || answer.call("c.Query").call("d.Deep").call("e.Deeper").total != 7 || root.call("x.Other").total != 4 {
		t.Errorf("the tree is %+v, %+v", root, answer)
	}
}

func TestFlameGraphsAreSVG(t *testing.T) {
	var out strings.Builder
	root := flames(sampled(map[string]int64{"main.main " + serve: 10_000, "main.main a/b.(*F<T>).G[go.shape.[]int,go.shape.string].func1": 5_000, "main.main tiny.F": 1}))
	if err := root.draw(&out, "hot & cold"); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	for _, want := range []string{"hot &amp; cold", "server.(*Server).serve</text>", "a/b.(*F&lt;T&gt;).G[…].func1, 33.3%", `viewBox="0 0 1200 104"`, "Lectern"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "tiny") {
		t.Error("a frame that nobody can see is drawn")
	}
}
