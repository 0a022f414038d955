package models

import (
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	long := strings.Repeat("sourdough-", 11)
	for in, want := range map[string]string{
		"What is a Starter?":                   "what-is-a-starter",
		"Crème brûlée & Co_":                   "creme-brulee-and-co",
		"":                                     "untitled",
		"!?":                                   "untitled",
		"0189d1c7-7a5b-7cc3-98c4-dc0c0c07398f": "untitled-0189d1c7-7a5b-7cc3-98c4-dc0c0c07398f",
		long:                                   strings.TrimSuffix(strings.Repeat("sourdough-", 10), "-"),
		strings.Repeat("a", 300):               strings.Repeat("a", MaxSlugLength),
	} {
		got := Slug(in)
		if got != want || !ValidSlug(got) {
			t.Errorf("Slug(%q) is %q, want %q", in, got, want)
		}
	}
}
