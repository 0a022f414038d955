package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/bench/corpus"
)

func TestMain(m *testing.M) {
	wasBare()
	os.Exit(m.Run())
}

// small are the options of a run that measures nothing worth knowing, in little time.
func small(t *testing.T, args ...string) options {
	t.Helper()
	o, err := parse(append([]string{"-sections", "130", "-seconds", "0.02", "-rounds", "1", "-connections", "2"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	o.idle = 0
	return o
}

func TestARun(t *testing.T) {
	dir := t.TempDir()
	figuresFile, chartFile := filepath.Join(dir, "figures.json"), filepath.Join(dir, "chart.svg")
	other := serverFile(t, otherServer(t).URL)
	var out bytes.Buffer
	o := small(t, "-data", filepath.Join(dir, "data"), "-json", figuresFile, "-svg", chartFile, "-server", "Other & co="+other)
	if err := run(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	var f figures
	readJSON(t, figuresFile, &f)
	wantRows(t, f)
	if f.Alone.ReadyMS <= 0 || f.Alone.Idle.Anonymous <= 0 || f.Alone.Idle.Mapped <= 0 || f.Alone.CacheMB <= 0 {
		t.Errorf("of Lectern alone: %+v", f.Alone)
	}
	for _, r := range reads() {
		if !strings.Contains(out.String(), r.name) {
			t.Errorf("the table does not have the row %q:\n%s", r.name, out.String())
		}
	}
	svg, err := os.ReadFile(chartFile)
	if err != nil {
		t.Fatal(err)
	}
	wantChart(t, svg, "Fiber", "Lectern, no cache", "Other & co", "section by slug", "prefers-color-scheme:dark")

	t.Run("a mixed load on the same content", func(t *testing.T) {
		o := small(t, "-data", o.data, "-json", figuresFile, "-mixed", "2s", "-connections", "8")
		if err := run(t.Context(), o, io.Discard); err != nil {
			t.Fatal(err)
		}
		var got mixedFigures
		readJSON(t, figuresFile, &got)
		if got.Reads.Count == 0 || got.Saves.Count == 0 || got.Publishes.Count == 0 || got.Checked == 0 || got.Stale != 0 || len(got.Memory) == 0 {
			t.Errorf("found %+v", got)
		}
	})
	t.Run("other content", func(t *testing.T) {
		if _, err := openWorkshop(t.Context(), o.data, 131); err == nil || !strings.Contains(err.Error(), "130 sections") {
			t.Errorf("a folder with the content of 130 sections is used for 131: %v", err)
		}
	})
}

// wantRows fails when a server or a figure is missing.
func wantRows(t *testing.T, f figures) {
	t.Helper()
	if want := 2 * len(reads()); len(f.Rows) != want {
		t.Errorf("%d rows, want %d", len(f.Rows), want)
	}
	for _, r := range f.Rows {
		var names []string
		for _, s := range r.Results {
			names = append(names, s.Server)
			if s.PerSecond <= 0 || s.P50 <= 0 || s.P99 < s.P50 || (s.Bytes > 0) != (r.Status == http.StatusOK) {
				t.Errorf("%s: %+v", r.Name, s)
			}
		}
		want := []string{nameFiber, nameHeader, nameLectern}
		if r.Status == http.StatusOK {
			want = append(want, nameCold)
			if r.Key == "slug" {
				want = append(want, "Other & co")
			}
		}
		if fmt.Sprint(names) != fmt.Sprint(want) {
			t.Errorf("%s has the servers %q, want %q", r.Name, names, want)
		}
	}
}

func wantChart(t *testing.T, svg []byte, words ...string) {
	t.Helper()
	text := ""
	for in := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if data, ok := token.(xml.CharData); ok {
			text += string(data) + "\n"
		}
	}
	for _, want := range words {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q:\n%s", want, svg)
		}
	}
}

// otherServer has sections by slug and nothing else.
func otherServer(t *testing.T) *httptest.Server {
	t.Helper()
	g, err := corpus.Generate(130)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(path.Base(r.URL.Path), "section-%d", &n); err != nil || r.Header.Get("X-Key") != "k" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		_ = json.NewEncoder(w).Encode(g.Lesson(n).Section)
	}))
	t.Cleanup(s.Close)
	return s
}

func serverFile(t *testing.T, base string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "server.json")
	text := fmt.Sprintf(`{"base": %q, "pids": [%d], "headers": {"X-Key": "k"}, "reads": {"slug": "/s/{slug}"}}`, base, os.Getpid())
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAServerWithOtherContentIsNotMeasured(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"slug": "section-000001"}`) }))
	defer s.Close()
	g, err := corpus.Generate(130)
	if err != nil {
		t.Fatal(err)
	}
	wrong := &server{name: "Wrong", Base: s.URL, Reads: map[string]string{"slug": "/{slug}"}}
	_, _, err = wrong.requests(t.Context(), picker{Generated: g}, reads()[0])
	if err == nil || !strings.Contains(err.Error(), "does not hold") || !strings.Contains(err.Error(), "Wrong") {
		t.Errorf("it is measured: %v", err)
	}
}

func TestFlagsThatAreNotRight(t *testing.T) {
	file := serverFile(t, "ftp://x")
	unknown := filepath.Join(t.TempDir(), "unknown.json")
	if err := os.WriteFile(unknown, []byte(`{"base": "http://127.0.0.1:1", "reads": {"slgu": "/"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, want string }{
		{"-connections 0", "-connections"}, {"-connections 16,x", "-connections"}, {"-connections 100000", "-connections"},
		{"-seconds 0", "-seconds"}, {"-rounds 0", "-rounds"}, {"-mixed -1s", "-mixed"},
		{"-server other", "NAME=FILE"}, {"-server other=/nowhere", "no such file"}, {"-server other=" + file, "base must be"},
		{"-server other=" + unknown, `no read "slgu"`},
	} {
		if _, err := parse(strings.Fields(tt.args)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.args, err, tt.want)
		}
	}
	if _, err := openWorkshop(t.Context(), t.TempDir(), leastSections-1); err == nil || !strings.Contains(err.Error(), "too few") {
		t.Errorf("too few sections: %v", err)
	}
}

func TestAddressesAreFilledIn(t *testing.T) {
	values := map[string]any{"n": 7, "slug": "section-000007"}
	for template, want := range map[string]string{
		"/a/{slug}?x=1": "/a/section-000007?x=1", "/{n}/{n:014}": "/7/00000000000007", "/plain": "/plain",
	} {
		if got, err := fillIn(template, values); err != nil || got != want {
			t.Errorf("%s: %q, %v", template, got, err)
		}
	}
	for template, want := range map[string]string{"/{cursor}": "use n, slug", "/{slug:08}": "no number"} {
		if _, err := fillIn(template, values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", template, err)
		}
	}
}

func TestDeepPagesAreFull(t *testing.T) {
	for _, n := range []int{leastSections, 130, 2000, 2010, 99_999} {
		g, err := corpus.Generate(n)
		if err != nil {
			t.Fatal(err)
		}
		p := picker{Generated: g, cursors: make([]string, (n-1)/cursorStep)}
		for _, r := range reads() {
			values := p.values(r)
			if len(values) == 0 {
				t.Errorf("%d sections: no addresses of %q", n, r.name)
			}
			for _, v := range values {
				if skip, ok := v["skip"].(int); ok && (skip+pageSize > n || skip < n/2 && n > 1000) {
					t.Errorf("%d sections: a deep page begins after %d", n, skip)
				}
			}
		}
	}
}

func TestTheMedianIsTheMiddleOne(t *testing.T) {
	if got := median([]result{{PerSecond: 3}, {PerSecond: 1}, {PerSecond: 2}}); got.PerSecond != 2 {
		t.Errorf("%v", got)
	}
}

func TestAPanelOfOneValueHasAnAxis(t *testing.T) {
	p := panel{of: func(r result) float64 { return r.PerSecond }}
	p.fit([]row{{Results: []result{{PerSecond: 100}}}})
	if p.low >= p.high || p.at(100) < 0 || p.at(100) > panelWidth {
		t.Errorf("from %v to %v, 100 is at %v", p.low, p.high, p.at(100))
	}
}

// shortly is how long the loads of servers in memory go on.
const shortly = 200 * time.Millisecond
