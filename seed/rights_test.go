package seed

import (
	"strings"
	"testing"
)

func TestInterviewsNeedTheirRightsChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		note string
		want int
	}{
		"an interview":              {"Personal interview with Ada Loam, May 3, 2011.", 1},
		"a book":                    {"Loam, A. (2001). _Soil_. Leeds: Plot Press.", 0},
		"an interviewer's handbook": {"Loam, A. (2001). _How to hold an interview with farmers_. Leeds: Plot Press.", 0},
	} {
		t.Run(name, func(t *testing.T) {
			tree, err := readOne("modules/beds/section-1-1.md", siteHead+"Dig.<sup>1</sup>\n\n<a name=\"fn1\">1</a>: "+tt.note+"\n")
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			for _, w := range tree.Warnings {
				if strings.Contains(w.Message, "the note 1 cites a personal interview") && w.Line > 0 {
					got++
				}
			}
			if got != tt.want {
				t.Errorf("%d warnings, want %d: %v", got, tt.want, tree.Warnings)
			}
		})
	}
}
