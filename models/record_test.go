package models

import (
	"slices"
	"testing"
	"time"
)

func TestState(t *testing.T) {
	version, older, when := int64(3), int64(2), time.Unix(0, 0)
	for name, tt := range map[string]struct {
		meta Meta
		want State
	}{
		"never live":                 {Meta{Version: 3}, StateDraft},
		"live as it is":              {Meta{Version: 3, LiveVersion: &version}, StateLive},
		"live, and changed since":    {Meta{Version: 3, LiveVersion: &older}, StateChanged},
		"in the trash":               {Meta{Version: 3, TrashedAt: &when}, StateTrashed},
		"in the trash, still live":   {Meta{Version: 3, LiveVersion: &version, TrashedAt: &when}, StateTrashed},
		"in the trash after changes": {Meta{Version: 3, LiveVersion: &older, TrashedAt: &when}, StateTrashed},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.meta.State(); got != tt.want {
				t.Errorf("State() = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRecordsKnowWhatTheyAre(t *testing.T) {
	parent := ID("p")
	for name, tt := range map[string]struct {
		record      Record
		kind        Kind
		name, label string
		owner       *Ref
	}{
		"course":                        {&Course{Slug: "s", Title: "T"}, KindCourse, "s", "T", nil},
		"module":                        {&Module{CourseID: "c", Slug: "s", Title: "T"}, KindModule, "s", "T", NewRef(KindCourse, "c")},
		"section at the top":            {&Section{ModuleID: "m", Slug: "s", Title: "T"}, KindSection, "s", "T", NewRef(KindModule, "m")},
		"section in a section":          {&Section{ModuleID: "m", ParentID: &parent}, KindSection, "", "", NewRef(KindSection, "p")},
		"source":                        {&Source{CourseID: "c", Key: "k", CSL: CSL{Title: "T"}}, KindSource, "", "T", NewRef(KindCourse, "c")},
		"source without a title":        {&Source{CourseID: "c", Key: "k"}, KindSource, "", "k", NewRef(KindCourse, "c")},
		"asset":                         {&Asset{CourseID: "c", File: File{Name: "f.png"}}, KindAsset, "", "f.png", NewRef(KindCourse, "c")},
		"fragment":                      {&Fragment{CourseID: "c", Slug: "s", Title: "T"}, KindFragment, "s", "T", NewRef(KindCourse, "c")},
		"fragment without a title":      {&Fragment{CourseID: "c", Slug: "s"}, KindFragment, "s", "s", NewRef(KindCourse, "c")},
		"worksheet":                     {&Worksheet{ModuleID: "m", Slug: "s", Word: WordQuiz, Number: "2", Title: "T"}, KindWorksheet, "s", "Quiz #2: T", NewRef(KindModule, "m")},
		"worksheet without a title":     {&Worksheet{ModuleID: "m", Word: WordActivity, Number: "2"}, KindWorksheet, "", "Activity #2", NewRef(KindModule, "m")},
		"worksheet without a number":    {&Worksheet{ModuleID: "m", Word: WordActivity, Title: "T"}, KindWorksheet, "", "T", NewRef(KindModule, "m")},
		"worksheet with nothing":        {&Worksheet{ModuleID: "m", Word: WordSelfAssessment}, KindWorksheet, "", "Self-assessment", NewRef(KindModule, "m")},
		"worksheet without even a word": {&Worksheet{ModuleID: "m"}, KindWorksheet, "", "", NewRef(KindModule, "m")},
	} {
		t.Run(name, func(t *testing.T) {
			r := tt.record
			if r.Kind() != tt.kind || r.Name() != tt.name || r.Label() != tt.label {
				t.Errorf("got %s %q %q, want %s %q %q", r.Kind(), r.Name(), r.Label(), tt.kind, tt.name, tt.label)
			}
			if got := r.Owner(); (got == nil) != (tt.owner == nil) || got != nil && *got != *tt.owner {
				t.Errorf("Owner() = %v, want %v", got, tt.owner)
			}
		})
	}
}

func TestNewRecord(t *testing.T) {
	for _, kind := range StoredKinds() {
		if got := NewRecord(kind).Kind(); got != kind {
			t.Errorf("NewRecord(%s) is a %s", kind, got)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("NewRecord(citation) did not panic")
		}
	}()
	NewRecord(KindCitation)
}

func TestIDs(t *testing.T) {
	ids := make([]ID, 100)
	for i := range ids {
		ids[i] = NewID()
		if !ids[i].Valid() {
			t.Errorf("NewID() = %q is not valid", ids[i])
		}
	}
	if !slices.IsSorted(ids) {
		t.Error("ids don't sort in the order in which they were minted")
	}
	for id, want := range map[ID]bool{
		"f47ac10b-58cc-4372-a567-0e02b2c3d479":          true,
		"F47AC10B-58CC-4372-A567-0E02B2C3D479":          false,
		"f47ac10b58cc4372a5670e02b2c3d479":              false,
		"{f47ac10b-58cc-4372-a567-0e02b2c3d479}":        false,
		"urn:uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479": false,
		"": false,
	} {
		if id.Valid() != want {
			t.Errorf("ID(%q).Valid() = %t", id, !want)
		}
	}
}

func TestSmallThings(t *testing.T) {
	title := "T"
	if got := (Ref{Type: KindCourse, ID: "a", Title: &title}).Key(); got != (Ref{Type: KindCourse, ID: "a"}) {
		t.Errorf("Key() = %v, want it without a title", got)
	}
	if got := Href(KindSection, "a"); got != "/v1/sections/a" {
		t.Errorf("Href = %q", got)
	}
	if Kind("blocks").Valid() || Kind("").Valid() || !KindCitation.Valid() {
		t.Error("Kind.Valid does not know its kinds")
	}
	when := time.Date(2026, 1, 2, 3, 4, 5, 6_789_000, time.FixedZone("", 3600))
	if got := Timestamp(when); got != time.Date(2026, 1, 2, 2, 4, 5, 6_000_000, time.UTC) {
		t.Errorf("Timestamp(%v) = %v", when, got)
	}
	for want, date := range map[int]*CSLDate{0: nil, 1999: {DateParts: [][]int{{1999, 2}, {2001}}}} {
		if got := date.Year(); got != want {
			t.Errorf("Year() of %v = %d, want %d", date, got, want)
		}
	}
	if (&CSLDate{DateParts: [][]int{{}}}).Year() != 0 || (&CSLDate{Literal: "spring"}).Year() != 0 {
		t.Error("a date without a year has one")
	}
}
