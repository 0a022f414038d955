package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/content/diff"
	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

// marked writes runs as "same [-deleted-] {+added+}".
func marked(runs []diff.Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch r.Op {
		case diff.RunDeleted:
			b.WriteString("[-" + r.Text + "-]")
		case diff.RunAdded:
			b.WriteString("{+" + r.Text + "+}")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

// without puts together the runs that are not of one version.
func without(op diff.RunOp, runs []diff.Run) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Op != op {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func compare(t rapid.TB, old, now string) []diff.Run {
	d := between(t, &models.Fragment{Title: old}, &models.Fragment{Title: now})
	if len(d.Fields) != 1 || d.Fields[0].Path != "/title" {
		t.Fatalf("%+v", d)
	}
	return d.Fields[0].Words
}

func TestTextsAreComparedWordByWord(t *testing.T) {
	for _, tt := range []struct{ old, now, want string }{
		{"", "new words", "{+new words+}"},
		{"old words", "", "[-old words-]"},
		{"one two three", "one three", "one [-two -]three"},
		{"one three", "one two three", "one {+two +}three"},
		{"a b c d", "a x y d", "a [-b c -]{+x y +}d"},
		{"one two three four", "four five six seven", "[-one two three -]four{+ five six seven+}"},
		{"Wait, then stir.", "Wait; then stir!", "Wait[-, -]{+; +}then stir[-.-]{+!+}"},
		{"two  spaces", "two\nspaces", "two[-  -]{+\n+}spaces"},
		{"  first", "first", "[-  -]first"},
		{"don't", "doesn't", "[-don't-]{+doesn't+}"},
		{"パンを焼く", "パンを食べる", "パンを[-焼く-]{+食べる+}"},
		{"cafe\u0301", "cafe", "[-cafe\u0301-]{+cafe+}"},
	} {
		if got := marked(compare(t, tt.old, tt.now)); got != tt.want {
			t.Errorf("%q to %q:\ngot  %q\nwant %q", tt.old, tt.now, got, tt.want)
		}
	}
}

func TestRunsMakeBothTexts(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune("ab.' \n\té漢👩\u200d\u0301<&")))
	rapid.Check(t, func(rt *rapid.T) {
		old, now := text.Draw(rt, "old"), text.Draw(rt, "new")
		if old == now {
			return
		}
		runs := compare(rt, old, now)
		if got := without(diff.RunAdded, runs); got != old {
			rt.Fatalf("older %q, want %q", got, old)
		}
		if got := without(diff.RunDeleted, runs); got != now {
			rt.Fatalf("newer %q, want %q", got, now)
		}
		for i, r := range runs {
			if r.Text == "" || i > 0 && runs[i-1].Op == r.Op || i > 0 && runs[i-1].Op == diff.RunAdded && r.Op == diff.RunDeleted {
				rt.Fatalf("runs %+v", runs)
			}
		}
	})
}

func TestOneChangedWordInALongTextIsOneWord(t *testing.T) {
	long := strings.Repeat("every one of these words stays as it is and ", 20_000)
	got := compare(t, long+"rye"+long, long+"wheat"+long)
	want := []diff.Run{{Op: diff.RunSame, Text: long}, {Op: diff.RunDeleted, Text: "ryeevery "}, {Op: diff.RunAdded, Text: "wheatevery "}, {Op: diff.RunSame, Text: strings.TrimPrefix(long, "every ")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff[:min(len(diff), 2000)])
	}
}
