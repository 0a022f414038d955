package seed

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
)

// maxSummaryWarnings is how many warnings a summary lists; a report holds all of them.
const maxSummaryWarnings = 500

// Summary writes what an import did, for a terminal.
func (r *Report) Summary(out io.Writer) error {
	var b strings.Builder
	for _, kind := range r.Kinds {
		fmt.Fprintf(&b, "%s: %s, %s\n", r.Source, kind.Reader, many(kind.Pages, "page"))
	}
	listed := 0
	warn := func(w Warning) {
		if listed++; listed <= maxSummaryWarnings {
			fmt.Fprintf(&b, "%s: %s\n", w.place(), w.Message)
		}
	}
	for _, w := range r.Warnings {
		warn(w)
	}
	for _, p := range r.Pages {
		for _, w := range p.Warnings {
			warn(w)
		}
	}
	if listed > maxSummaryWarnings {
		fmt.Fprintf(&b, "… and %s more: --report writes all of them\n", many(listed-maxSummaryWarnings, "warning"))
	}
	for _, c := range r.Courses {
		c.summary(&b, r)
	}
	_, err := io.WriteString(out, printable(b.String()))
	return err
}

// printable shows the control characters of a text, which could do things to a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == utf8.RuneError {
			return utf8.RuneError
		}
		return r
	}, s)
}

func (w Warning) place() string {
	if w.Line > 0 {
		return fmt.Sprintf("%s:%d", w.Path, w.Line)
	}
	return w.Path
}

// summary writes what was done with one course.
func (c CourseReport) summary(b *strings.Builder, r *Report) {
	title := ""
	if c.Course.Title != nil {
		title = *c.Course.Title
	}
	for _, change := range c.Changes {
		fmt.Fprintf(b, "%s\n", change.sentence())
		for _, conflict := range change.Conflicts {
			fmt.Fprintf(b, "  conflict in %s: here %q, in the source %q; what is here was kept\n", conflict.Field, conflict.Here, conflict.Source)
		}
	}
	if n := len(c.Suggestions); n > 0 {
		fmt.Fprintf(b, "%s of sources may each be one work\n", many(n, "group"))
	}
	did := ""
	if r.DryRun {
		did = " (dry run: nothing was written)"
	}
	fmt.Fprintf(b, "%s: course %q: %s new, %s changed, %s as they were%s\n",
		r.Source, title, byKind(c.Created), byKind(c.Updated), byKind(c.Unchanged), did)
	for _, n := range c.Blockers {
		fmt.Fprintf(b, "can't publish: %s %q %s\n", n.Record.Type, *n.Record.Title, n.Detail)
	}
	switch {
	case len(c.Blockers) > 0:
	case c.Published > 0 && r.DryRun:
		fmt.Fprintf(b, "would publish: %s\n", many(c.Published, "record"))
	case c.Published > 0:
		fmt.Fprintf(b, "published: %s, content revision %d\n", many(c.Published, "record"), c.Revision)
	case r.publish:
		b.WriteString("nothing to publish: readers see it all as it is\n")
	}
}

// sentence says what was done with a record.
func (c Change) sentence() string {
	what := fmt.Sprintf("%s %q", c.Record.Type, *c.Record.Title)
	switch c.Action {
	case "updated":
		return what + " was changed in the source: updated"
	case "merged":
		return what + " was changed in the source and in Lectern: both are in it"
	case "kept":
		return what + " was changed in the source; here it is in the trash or of unknown origin: kept as it is"
	case "gone":
		return what + " is not in the source any more: kept"
	case "renamed":
		return what + " has another path in the source: " + c.Key
	case "revived":
		return what + ": links that led nowhere lead to pages now"
	}
	return what + ": " + string(c.Action)
}

func many(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// byKind writes numbers by kind: "1 module, 3 sections".
func byKind(by map[models.Kind]int) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		if by[kind] > 0 {
			parts = append(parts, many(by[kind], string(kind)))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
