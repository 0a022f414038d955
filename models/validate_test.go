package models

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// broken gives the rules that a record breaks.
func broken(t *testing.T, r Record) []FieldError {
	t.Helper()
	err := Validate(r)
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind != KindInvalid || e.Message != fmt.Sprintf("the %s breaks rules", r.Kind()) {
		t.Fatalf("Validate = %#v, want an *Error of KindInvalid", err)
	}
	return e.Fields
}

// change makes a sound record and breaks a rule.
type change func(t *testing.T) Record

func on[T any, R interface {
	*T
	Record
}](do func(R)) change {
	return func(t *testing.T) Record {
		r := R(new(T))
		full(t).fill(reflect.ValueOf(r).Elem(), "")
		do(r)
		return r
	}
}

func TestSoundRecordsAreValid(t *testing.T) {
	for kind, r := range everything(t) {
		t.Run(string(kind), func(t *testing.T) {
			if fields := broken(t, r); fields != nil {
				t.Errorf("Validate finds %v", fields)
			}
		})
	}
}

const slugRule = "must be lower-case letters, digits and single hyphens, at most 100, and no UUID"

func TestValidate(t *testing.T) {
	long := strings.Repeat("é", 501)
	var deep Blocks
	for i := range maxBlockDepth + 1 {
		deep = Blocks{&Quote{BlockBase: BlockBase{ID: fmt.Sprint("q", i)}, Blocks: deep}}
	}
	rules := func(n int) Blocks {
		bs := make(Blocks, n)
		for i := range bs {
			bs[i] = &Rule{BlockBase{ID: fmt.Sprint("r", i)}}
		}
		return bs
	}
	question := func(id string) Prompt { return &PlainPrompt{PromptBase{ID: id, Kind: PromptQuestion}} }
	group := func(id string, ps ...Prompt) Prompt {
		return &Group{PromptBase: PromptBase{ID: id, Kind: PromptGroup}, Prompts: ps}
	}
	questions := make(Prompts, maxPrompts+1)
	for i := range questions {
		questions[i] = question(fmt.Sprint("p", i))
	}
	zero, minus := 0, -1
	for name, tt := range map[string]struct {
		change change
		want   []FieldError
	}{
		"a record without an id":          {on(func(c *Course) { c.ID = "" }), []FieldError{{Pointer: "/id", Detail: "must be a UUID"}}},
		"an id in capitals":               {on(func(c *Course) { c.ID = "F47AC10B-58CC-4372-A567-0E02B2C3D479" }), []FieldError{{Pointer: "/id", Detail: "must be a UUID"}}},
		"no title":                        {on(func(c *Course) { c.Title = "" }), []FieldError{{Pointer: "/title", Detail: "is required"}}},
		"a title of too many characters":  {on(func(c *Course) { c.Title = long }), []FieldError{{Pointer: "/title", Detail: "must have at most 500 characters"}}},
		"a title of 500 two-byte letters": {on(func(c *Course) { c.Title = long[:1000] }), nil},
		"an unknown way of numbering":     {on(func(c *Course) { c.Numbering = "roman" }), []FieldError{{Pointer: "/numbering", Detail: "must be one of as_written, first_use"}}},
		"a language that is none":         {on(func(c *Course) { c.Language = "English, please" }), []FieldError{{Pointer: "/language", Detail: "must be a language tag (BCP 47)"}}},
		"a field of a field":              {on(func(c *Course) { c.Source.Commit = long }), []FieldError{{Pointer: "/source/commit", Detail: "must have at most 100 characters"}}},
		"a slug that is missing":          {on(func(m *Module) { m.Slug = "" }), []FieldError{{Pointer: "/slug", Detail: slugRule}}},
		"a slug that is a UUID":           {on(func(m *Module) { m.Slug = string(m.ID) }), []FieldError{{Pointer: "/slug", Detail: slugRule}}},
		"a negative duration":             {on(func(m *Module) { m.DurationMinutes = &minus }), []FieldError{{Pointer: "/duration_minutes", Detail: "must be at least 0"}}},
		"no duration":                     {on(func(m *Module) { m.DurationMinutes = nil }), nil},
		"too many subjects":               {on(func(m *Module) { m.Subjects = slices.Repeat(m.Subjects, 51) }), []FieldError{{Pointer: "/subjects", Detail: "must have at most 50 entries"}}},
		"an empty keyword":                {on(func(m *Module) { m.Keywords = []string{"a", ""} }), []FieldError{{Pointer: "/keywords/1", Detail: "is required"}}},
		"an ORCID iD that is none":        {on(func(m *Module) { m.Contributors[0].ORCID = "0000-0002" }), []FieldError{{Pointer: "/contributors/0/orcid", Detail: "must be an ORCID iD such as 0000-0002-1825-0097"}}},
		"no ORCID iD":                     {on(func(m *Module) { m.Contributors[0].ORCID = "" }), nil},
		"an ORCID iD that ends in X":      {on(func(m *Module) { m.Contributors[0].ORCID = "0000-0002-1694-233X" }), nil},
		"a contributor without a name":    {on(func(m *Module) { m.Contributors[0] = Contributor{} }), []FieldError{{Pointer: "/contributors/0/family", Detail: "is required"}}},
		"a body that contributes":         {on(func(m *Module) { m.Contributors[0] = Contributor{Literal: "CERN"} }), nil},
		"two broken rules": {on(func(c *Course) { c.ID, c.Slug, c.Title = "", "A", "" }), []FieldError{
			{Pointer: "/slug", Detail: slugRule}, {Pointer: "/title", Detail: "is required"}, {Pointer: "/id", Detail: "must be a UUID"}}},

		"a block without an id":   {on(func(s *Section) { s.Blocks[0].Base().ID = "" }), []FieldError{{Pointer: "/blocks/0/id", Detail: "is required"}}},
		"an id that is not ASCII": {on(func(s *Section) { s.Blocks[0].Base().ID = "é" }), []FieldError{{Pointer: "/blocks/0/id", Detail: "must be of printable ASCII characters"}}},
		"a heading of level 1":    {on(func(s *Section) { s.Blocks[0] = &Heading{BlockBase: BlockBase{ID: "h"}, Level: 1, Text: "T"} }), []FieldError{{Pointer: "/blocks/0/level", Detail: "must be at least 2"}}},
		"a list without items":    {on(func(s *Section) { s.Blocks[0] = &List{BlockBase: BlockBase{ID: "l"}} }), []FieldError{{Pointer: "/blocks/0/items", Detail: "is required"}}},
		"a cell over nothing":     {on(func(s *Section) { s.Blocks[0] = &Table{BlockBase: BlockBase{ID: "t"}, Head: [][]Cell{{{Rowspan: 1}}}} }), []FieldError{{Pointer: "/blocks/0/head/0/0/colspan", Detail: "must be at least 1"}}},
		"an empty paragraph deep down": {on(func(s *Section) {
			s.Blocks[0] = &Quote{BlockBase: BlockBase{ID: "q"}, Blocks: Blocks{&Table{BlockBase: BlockBase{ID: "t"}, Rows: [][]Cell{{{Colspan: 1, Rowspan: 1, Blocks: Blocks{&Paragraph{BlockBase: BlockBase{ID: "p"}}}}}}}}}
		}), []FieldError{{Pointer: "/blocks/0/blocks/0/rows/0/0/blocks/0/text", Detail: "is required"}}},
		"two blocks with one id":   {on(func(s *Section) { s.Blocks = append(rules(1), &Quote{BlockBase: BlockBase{ID: "q"}, Blocks: rules(1)}) }), []FieldError{{Pointer: "/blocks", Detail: `two blocks have the id "r0"`}}},
		"blocks too deep":          {on(func(s *Section) { s.Blocks = deep }), []FieldError{{Pointer: "/blocks", Detail: "blocks are nested more than 24 deep"}}},
		"blocks just not too deep": {on(func(s *Section) { s.Blocks = deep[0].(*Quote).Blocks }), nil},
		"too many blocks":          {on(func(s *Section) { s.Blocks = rules(maxBlocks + 1) }), []FieldError{{Pointer: "/blocks", Detail: "has 5001 blocks, at most 5000 are allowed"}}},
		"just not too many blocks": {on(func(s *Section) { s.Blocks = rules(maxBlocks) }), nil},
		"a fragment in a section":  {on(func(s *Section) { s.Blocks = Blocks{&FragmentUse{BlockBase: BlockBase{ID: "f"}}} }), nil},
		"a fragment in a fragment": {on(func(f *Fragment) { f.Blocks = Blocks{&FragmentUse{BlockBase: BlockBase{ID: "f"}}} }), []FieldError{{Pointer: "/blocks", Detail: `block "f": a fragment can't include a fragment`}}},
		"two citations of one label": {on(func(s *Section) {
			s.Citations = append(s.Citations, s.Citations[0])
			s.Citations[0].Label = "7"
			s.Citations[1].Label = "7"
			s.Citations[1].ID = NewID()
		}), []FieldError{{Pointer: "/citations/1/label", Detail: `another citation of the section is labelled "7"`}}},
		"two citations of one id": {on(func(s *Section) {
			s.Citations = append(s.Citations, s.Citations[0])
			s.Citations[1].Label = "7"
			s.Citations[0].ID = "018f4a3e-0000-7000-8000-00000000000c"
			s.Citations[1].ID = s.Citations[0].ID
		}), []FieldError{{Pointer: "/citations/1/id", Detail: `another citation of the section has the id "018f4a3e-0000-7000-8000-00000000000c"`}}},
		"two notes with one id": {on(func(s *Section) {
			s.EditorNotes = []EditorNote{{ID: "n1", Text: "one"}, {ID: "n1", Text: "two"}}
		}), []FieldError{{Pointer: "/editor_notes/1/id", Detail: `another one has the id "n1"`}}},
		"two objectives with one id": {on(func(m *Module) {
			m.Objectives = []Objective{{ID: "o1", Text: "one"}, {ID: "o1", Text: "two"}}
		}), []FieldError{{Pointer: "/objectives/1/id", Detail: `another one has the id "o1"`}}},
		"a blank line in a text":           {on(func(s *Section) { s.Summary = "a\n \nb" }), []FieldError{{Pointer: "/summary", Detail: "is inline text and can't hold a blank line"}}},
		"a citation without a place":       {on(func(s *Section) { s.Citations[0].Locator.Value = "" }), []FieldError{{Pointer: "/citations/0/locator/value", Detail: "is required"}}},
		"a citation whose id is none":      {on(func(s *Section) { s.Citations[0].ID = "1" }), []FieldError{{Pointer: "/citations/0/id", Detail: "must be a UUID"}}},
		"lines that end before they begin": {on(func(s *Section) { s.Origin.Lines.End = 1 }), []FieldError{{Pointer: "/origin/lines/end", Detail: "must not be less than start"}}},

		"an unknown word":                  {on(func(w *Worksheet) { w.Word = "exam" }), []FieldError{{Pointer: "/word", Detail: "must be one of worksheet, activity, reflection, self-assessment, quiz"}}},
		"two prompts with one id":          {on(func(w *Worksheet) { w.Prompts = Prompts{question("a"), group("g", question("a"))} }), []FieldError{{Pointer: "/prompts", Detail: `two prompts have the id "a"`}}},
		"prompts too deep":                 {on(func(w *Worksheet) { w.Prompts = Prompts{group("1", group("2", group("3", group("4", question("5")))))} }), []FieldError{{Pointer: "/prompts", Detail: `prompt "5" is nested more than 4 deep`}}},
		"too many prompts":                 {on(func(w *Worksheet) { w.Prompts = questions }), []FieldError{{Pointer: "/prompts", Detail: "has 1001 prompts, at most 1000 are allowed"}}},
		"a choice of nothing":              {on(func(w *Worksheet) { w.Prompts = Prompts{group("g", &Choice{PromptBase: PromptBase{ID: "c"}})} }), []FieldError{{Pointer: "/prompts/0/prompts/0/options", Detail: "must have at least 1 entries"}}},
		"room for no lines":                {on(func(w *Worksheet) { w.Prompts = Prompts{&FreeSpace{PromptBase: PromptBase{ID: "f"}, Lines: &zero}} }), []FieldError{{Pointer: "/prompts/0/lines", Detail: "must be at least 1"}}},
		"instructions with one id twice":   {on(func(w *Worksheet) { w.Instructions = append(rules(1), rules(1)...) }), []FieldError{{Pointer: "/instructions", Detail: `two blocks have the id "r0"`}}},
		"an id of instructions and answer": {on(func(w *Worksheet) { w.Instructions, w.AnswerKey[0].Blocks = rules(1), rules(1) }), []FieldError{{Pointer: "/answer_key/0/blocks", Detail: `two blocks have the id "r0"`}}},
		"an answer that is too deep":       {on(func(w *Worksheet) { w.AnswerKey[0].Blocks = deep }), []FieldError{{Pointer: "/answer_key/0/blocks", Detail: "blocks are nested more than 24 deep"}}},

		"a type that CSL doesn't know": {on(func(s *Source) { s.CSL.Type = "blog" }), []FieldError{{Pointer: "/csl/type", Detail: `"blog" is no item type of CSL`}}},
		"no type of CSL":               {on(func(s *Source) { s.CSL.Type = "" }), []FieldError{{Pointer: "/csl/type", Detail: "is required"}}},
		"a date of four parts":         {on(func(s *Source) { s.CSL.Issued.DateParts = [][]int{{1}, {1, 2, 3, 4}} }), []FieldError{{Pointer: "/csl/issued/date-parts/1", Detail: "must have at most 3 entries"}}},
		"a name with a long particle":  {on(func(s *Source) { s.CSL.Author[0].DroppingParticle = long }), []FieldError{{Pointer: "/csl/author/0/dropping-particle", Detail: "must have at most 100 characters"}}},
		"an unknown state of parsing":  {on(func(s *Source) { s.Parse = "guessed" }), []FieldError{{Pointer: "/parse", Detail: "must be one of confirmed, parsed, partial, unparsed"}}},

		"a hash in capitals":          {on(func(a *Asset) { a.File.Sha256 = strings.Repeat("0A", 32) }), []FieldError{{Pointer: "/file/sha256", Detail: "must be in lower case"}}},
		"a hash that is too short":    {on(func(a *Asset) { a.File.Sha256 = "0a" }), []FieldError{{Pointer: "/file/sha256", Detail: "must have 64 characters"}}},
		"a hash that is none":         {on(func(a *Asset) { a.File.Sha256 = strings.Repeat("x", 64) }), []FieldError{{Pointer: "/file/sha256", Detail: "must be hexadecimal"}}},
		"a focal point outside":       {on(func(a *Asset) { a.FocalPoint.X = 1.5 }), []FieldError{{Pointer: "/focal_point/x", Detail: "must be at most 1"}}},
		"an image without width":      {on(func(a *Asset) { a.Renditions[0].File.Width = &zero }), []FieldError{{Pointer: "/renditions/0/file/width", Detail: "must be at least 1"}}},
		"captions without a language": {on(func(a *Asset) { a.CaptionTracks[0].Language = "" }), []FieldError{{Pointer: "/caption_tracks/0/language", Detail: "must be a language tag (BCP 47)"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := broken(t, tt.change(t)); !slices.Equal(got, tt.want) {
				t.Errorf("Validate finds\n%+v\nwant\n%+v", got, tt.want)
			}
		})
	}
}

func TestRecordsAreOfBoundedSize(t *testing.T) {
	s := full(t).record(KindSection).(*Section)
	for i := range 5 {
		s.Blocks = append(s.Blocks, &Code{BlockBase: BlockBase{ID: fmt.Sprint("c", i)}, Code: strings.Repeat("x", 1_000_000)})
	}
	data, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	want := []FieldError{{Detail: fmt.Sprintf("has %d bytes of JSON, at most 4194304 are allowed", len(data))}}
	if got := broken(t, s); !slices.Equal(got, want) {
		t.Errorf("Validate finds %v, want %v", got, want)
	}
}

func TestValidSlug(t *testing.T) {
	for slug, want := range map[string]bool{
		"a":                                    true,
		"bread-101":                            true,
		"2":                                    true,
		strings.Repeat("a", 100):               true,
		strings.Repeat("a", 101):               false,
		"":                                     false,
		"Bread":                                false,
		"brötchen":                             false,
		"bread_101":                            false,
		"bread--101":                           false,
		"-bread":                               false,
		"bread-":                               false,
		"bread 101":                            false,
		"bread\n":                              false,
		"bread/101":                            false,
		"f47ac10b-58cc-4372-a567-0e02b2c3d479": false,
		"f47ac10b58cc4372a5670e02b2c3d479":     false,
		"f47ac10b-58cc-4372-a567":              true,
	} {
		if got := ValidSlug(slug); got != want {
			t.Errorf("ValidSlug(%q) = %t, want %t", slug, got, want)
		}
	}
}

// Whatever a record holds, each pointer of Validate leads to a place in its JSON.
func TestPointersLeadIntoTheRecord(t *testing.T) {
	for _, kind := range StoredKinds() {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				r := arbitrary(t, rt).record(kind)
				data, err := Encode(r)
				if err != nil {
					rt.Fatal(err)
				}
				places := pointers(rt, data)
				for _, f := range broken(t, r) {
					if !places[f.Pointer] && !strings.HasPrefix(f.Pointer, "/csl/") { // CSL leaves absent variables out
						rt.Errorf("%q (%s) is not in %s", f.Pointer, f.Detail, data)
					}
					if f.Detail == "" || strings.HasPrefix(f.Detail, "breaks the rule") {
						rt.Errorf("%q: %q says nothing", f.Pointer, f.Detail)
					}
				}
			})
		})
	}
}

// pointers gives all places of a JSON document.
func pointers(rt *rapid.T, data []byte) map[string]bool {
	out := map[string]bool{}
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	for {
		_, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			rt.Fatal(err)
		}
		out[string(dec.StackPointer())] = true
	}
}
