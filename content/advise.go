package content

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// advise lists what a person should look at in a record, by the rules that its course may set.
func (c *closure) advise(r models.Record) error {
	type finding struct {
		rule   Rule
		detail string
	}
	var found []finding
	if section, ok := r.(*models.Section); ok {
		for _, cite := range section.Citations {
			if cite.Written == "" {
				found = append(found, finding{RuleCitationWithoutText, "citation " + cite.Label + " has no text"})
			}
			if cite.Source == nil {
				found = append(found, finding{RuleCitationWithoutSource, "citation " + cite.Label + " has no source"})
			}
		}
	}
	above := 0 // level of the heading before
	blocksOf(r).Walk(func(b models.Block, _ int) bool {
		switch b := b.(type) {
		case *models.Image:
			if b.Alt == "" && !b.Decorative {
				found = append(found, finding{RuleImageWithoutAlt, "image " + b.ID + " has no alternative text and is not marked as decorative"})
			}
		case *models.Heading:
			if above > 0 && b.Level > above+1 {
				found = append(found, finding{RuleHeadingLevelSkipped, fmt.Sprintf("heading %s has level %d below one of level %d", b.ID, b.Level, above)})
			}
			above = b.Level
		}
		return true
	})
	for _, f := range found {
		if err := c.broken(f.rule, r, f.detail); err != nil {
			return err
		}
	}
	return nil
}

// deadLinks finds the links in texts that lead nowhere when the closure is live.
func (c *closure) deadLinks() error {
	if err := c.linksToRecords(); err != nil {
		return err
	}
	return c.linksToPages()
}

// linksToPages finds the links to pages of an imported site that were not imported, as far as they are in the texts still.
func (c *closure) linksToPages() error {
	for part := range slices.Chunk(c.order, readAtOnce) {
		byID := map[models.ID]models.Record{}
		for _, ref := range part {
			byID[ref.ID] = c.drafts[ref]
		}
		dead, err := c.tx.DeadLinksOf(slices.Collect(maps.Keys(byID)))
		if err != nil {
			return err
		}
		for _, link := range dead {
			from := byID[link.RecordID]
			if !linksTo(from, link.Written) {
				continue
			}
			detail := fmt.Sprintf("links to %q, a page of %s that was not imported", link.Written, link.Site)
			if err := c.broken(RuleDeadLink, from, detail); err != nil {
				return err
			}
		}
	}
	return nil
}

// linksTo tells whether a text that readers see links to an address as it is written.
func linksTo(r models.Record, written string) (found bool) {
	for _, t := range publicTexts(r) {
		render.MapLinks(*t, func(url string) string {
			found = found || url == written
			return ""
		})
	}
	return found
}

// linksToRecords finds the links to records that are not live when the closure is.
func (c *closure) linksToRecords() error {
	links := map[models.Ref][]models.Ref{} // by the record that has them
	l := newLookup(c.tx)
	for _, ref := range c.order {
		for _, t := range publicTexts(c.drafts[ref]) {
			for _, to := range render.RecordLinks(*t) {
				if to.Type == models.KindAsset || !isStored(to.Type) || c.drafts[to.Key()] != nil {
					continue // files go along, or block
				}
				links[ref] = append(links[ref], to.Key())
				l.want(to)
			}
		}
	}
	if err := l.load(); err != nil {
		return err
	}
	for _, ref := range c.order {
		told := map[models.Ref]bool{}
		for _, to := range links[ref] {
			if l.find(to) != nil && !c.removed[to] || told[to] {
				continue
			}
			told[to] = true
			if err := c.deadLink(c.drafts[ref], to); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *closure) deadLink(from models.Record, to models.Ref) error {
	what := fmt.Sprintf("the %s %s, which does not exist", to.Type, to.ID)
	draft, err := c.draft(to.Type, to.ID)
	switch {
	case models.KindOf(err) == models.KindNotFound:
	case err != nil:
		return err
	case draft.Base().TrashedAt != nil:
		what = fmt.Sprintf("the %s %q, which is in the trash", to.Type, draft.Label())
	default:
		what = fmt.Sprintf("the %s %q, which is not published", to.Type, draft.Label())
	}
	return c.broken(RuleDeadLink, from, "links to "+what)
}
