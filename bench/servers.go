package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// server is a server under measurement. What JSON says of one that somebody adds is base, pids, headers and reads.
type server struct {
	name    string
	Base    string            `json:"base"`    // http://127.0.0.1:8090
	PIDs    []int             `json:"pids"`    // of its processes, for CPU time and memory; empty: these are not measured
	Headers map[string]string `json:"headers"` // that all requests have
	Reads   map[string]string `json:"reads"`   // the address of each read, without Base; those that are left out are not measured
	process *process          // nil when somebody else has started it
}

// Names of the servers that the benchmark starts.
const (
	nameFiber      = "Fiber"
	nameHeader     = "Fiber, same header"
	nameLectern    = "Lectern"
	nameCold       = "Lectern, no cache"
	namePocketBase = "PocketBase"
)

func started(name string, p *process, reads map[string]string) *server {
	return &server{name: name, Base: p.url, PIDs: []int{p.cmd.Process.Pid}, Reads: reads, process: p}
}

func (s *server) stop() {
	if s.process != nil {
		s.process.stop()
	}
}

// lecternReads are the addresses in Lectern. Lists, and records read as rows, give the fields that other servers keep in theirs; a
// whole section names its neighbours, what it stands in and its sources too, and each module its sections.
func lecternReads() map[string]string {
	const section = "/v1/courses/{course_slug}/modules/{module_slug}/sections/{slug}"
	const list = "/v1/sections?sort=title&fields=slug,title,summary,module"
	return map[string]string{
		"slug":           section,
		"slug_row":       section + "?fields=slug,title,summary,module",
		"relations":      section + "?include=module,citations.source,worksheets",
		"relations_rows": section + "?include=module,citations.source,worksheets&fields=slug,title,summary,module&fields[modules]=slug,title,level,summary&fields[citations]=label,written,source&fields[sources]=key,csl&fields[worksheets]=slug,title",
		"list":           list + "&filter[module]={module_id}",
		"first":          list,
		"deep":           list + "&after={cursor}",
		"tree":           "/v1/courses/{course_slug}/modules/{module_slug}/tree",
	}
}

// pocketBaseReads are the addresses in PocketBase, which has no cursors and no trees. It need not count either.
func pocketBaseReads() map[string]string {
	const records = "/api/collections/sections/records?skipTotal=1"
	const one = records + "&perPage=1&filter=(slug='{slug}')"
	const expanded = one + "&expand=module,citations_via_section.source,worksheets_via_section"
	const list = records + "&perPage=25&sort=title&fields=id,slug,title,ordinal,summary,module"
	return map[string]string{
		"slug":           one,
		"slug_row":       one,
		"relations":      expanded,
		"relations_rows": expanded,
		"list":           list + "&filter=(module='m{module:014}')",
		"first":          list,
		"deep":           list + "&page={page}",
	}
}

// others are servers that somebody adds: NAME=FILE, more than once.
type others []*server

// String implements flag.Value.
func (o *others) String() string { return fmt.Sprint(len(*o)) }

// Set implements flag.Value: it reads the file.
func (o *others) Set(written string) error {
	name, file, ok := strings.Cut(written, "=")
	if !ok || name == "" {
		return fmt.Errorf("%q is not of the form NAME=FILE", written)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	s := &server{name: name}
	if err := json.Unmarshal(data, s); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	s.Base = strings.TrimSuffix(s.Base, "/")
	if !strings.HasPrefix(s.Base, "http://") {
		return fmt.Errorf("%s: base must be an address such as http://127.0.0.1:8090", file)
	}
	known := lecternReads()
	for key := range s.Reads {
		if known[key] == "" {
			return fmt.Errorf("%s: reads: there is no read %q", file, key)
		}
	}
	if len(s.Reads) == 0 {
		return fmt.Errorf("%s: reads: there are no addresses", file)
	}
	*o = append(*o, s)
	return nil
}

// request is one request to a server, and what it is answered with.
type request struct {
	url   string
	bytes int // of the body
}

// requests are those of a read to a server, each tried once: an answer that is not what was asked for is an error.
func (s *server) requests(ctx context.Context, p picker, r read) (out []request, answers map[string]answer, err error) {
	answers = map[string]answer{}
	for _, v := range p.values(r) {
		path, err := fillIn(s.Reads[r.key], v)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.name, err)
		}
		a, err := getAnswer(ctx, s.Base+path, s.Headers)
		if err == nil {
			err = r.check(p.Generated, v, a.Body)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s, %s: %s: %w", s.name, r.name, path, err)
		}
		out = append(out, request{s.Base + path, len(a.Body)})
		answers[path] = a
	}
	return out, answers, nil
}
