package content_test

import (
	"fmt"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// A page is read as readers see it, in a preview that has it changed, and in one of a module that was never published.
func BenchmarkPreview(b *testing.B) {
	const sections, paragraphs = 100, 40
	for name, tt := range map[string]struct{ published, inPreview bool }{
		"live":                    {true, false},
		"one changed page of 100": {true, true},
		"100 pages that are new":  {false, true},
	} {
		b.Run(name, func(b *testing.B) {
			s := newSite(b)
			c := course("bread")
			m := module(c, "dough")
			s.create(c, m)
			pages := make([]models.Record, sections)
			for n := range pages {
				var blocks []models.Block
				for i := range paragraphs {
					blocks = append(blocks, text(fmt.Sprintf("Paragraph %d says *how long* the dough of page %d must rest before it is shaped again.", i, n)))
				}
				pages[n] = section(m, fmt.Sprint("page-", n), blocks...)
			}
			s.create(pages...)
			if tt.published {
				s.publish(c)
			}
			change(s, pages[7].(*models.Section), func(p *models.Section) { p.Title = "changed" })
			ctx := b.Context()
			if tt.inPreview {
				p, err := s.As(zoe, access.Origin{}).CreatePreview(ctx, *ref(m), content.PreviewRequest{})
				if err != nil {
					b.Fatal(err)
				}
				if ctx, err = s.InPreview(ctx, p.Token); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if _, err := s.Section(ctx, pages[7].Base().ID, content.ReadRequest{Body: allBodies}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
