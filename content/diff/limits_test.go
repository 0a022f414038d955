package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content/diff"
	"github.com/lectern-cms/lectern/models"
)

// novel is a section with as many words as a record holds: of so many blocks, all words those of one voice.
func novel(voice string, blocks int) *models.Section {
	s := &models.Section{}
	const bytes = 3 << 20
	for i := range blocks {
		var b strings.Builder
		for n := 0; b.Len() < bytes/blocks; n++ {
			fmt.Fprintf(&b, "%s%d ", voice, n%997)
		}
		s.Blocks = append(s.Blocks, words(fmt.Sprint("b", i), b.String()))
	}
	return s
}

func TestTheLargestRecordsAreCompared(t *testing.T) {
	for _, blocks := range []int{40, 5000} {
		from, to := novel("one", blocks), novel("two", blocks)
		d := between(t, from, to)
		if d.Counts != (diff.Counts{Changed: blocks}) {
			t.Fatalf("%+v", d.Counts)
		}
		for i, e := range d.Elements {
			runs := e.Fields[0].Words
			if without(diff.RunAdded, runs) != string(from.Blocks[i].(*models.Paragraph).Text) || without(diff.RunDeleted, runs) != string(to.Blocks[i].(*models.Paragraph).Text) {
				t.Fatalf("the runs of block %d don't make its texts", i)
			}
		}
	}
}

func TestBeyondTheLimitTextsAreReplacedAsAWhole(t *testing.T) {
	mixed := func(r *models.Section) *models.Section {
		for _, b := range r.Blocks {
			p := b.(*models.Paragraph)
			p.Text = "first " + models.Text(strings.ReplaceAll(string(p.Text), "3 ", "3 shared ")) + " last"
		}
		return r
	}
	d := between(t, mixed(novel("one", 400)), mixed(novel("two", 400)))
	inFull, whole := d.Elements[0].Fields[0].Words, d.Elements[399].Fields[0].Words
	if len(inFull) < 100 {
		t.Errorf("the first text has %d runs", len(inFull))
	}
	if len(whole) != 4 || whole[0].Text != "first " || whole[3].Text != "last" {
		t.Errorf("the last text has %d runs", len(whole))
	}
}
