package cli

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

type publishCommand struct {
	DryRun  bool     `help:"Only show what would be published."`
	Targets []string `arg:"" name:"target" help:"COURSE, COURSE/MODULE or COURSE/MODULE/SECTION, by slug."`
}

// Run publishes the targets together, in one transaction.
func (cmd publishCommand) Run(j *job) error {
	if err := j.existing(); err != nil {
		return err
	}
	return j.with(func(_ *store.Store, c *content.Service) error {
		var req content.PublishRequest
		for _, target := range cmd.Targets {
			ref, err := c.FindDraft(j.ctx, strings.Split(target, "/"))
			if err != nil {
				return err
			}
			req.Targets = append(req.Targets, ref)
		}
		plan, err := c.DryRun(j.ctx, req)
		if err != nil {
			return err
		}
		j.show(plan)
		if n := len(plan.Blockers); n > 0 {
			return attention{fmt.Errorf("%s in the way: nothing was published", plural(n, "problem"))}
		}
		if cmd.DryRun {
			return nil
		}
		req.Token = plan.Token
		_, revision, err := c.Publish(j.ctx, req)
		if err != nil {
			return err
		}
		if revision == 0 {
			j.printf("nothing to publish: readers see it all as it is\n")
			return nil
		}
		j.printf("published, content revision %d\n", revision)
		return nil
	})
}

func (j *job) show(p *content.Plan) {
	line := func(what string, ref models.Ref, detail string) {
		j.printf("%-8s %-9s %q %s\n", what, ref.Type, *ref.Title, detail)
	}
	for _, i := range p.Put {
		line("publish", i.Ref, "")
	}
	for _, i := range p.Remove {
		line("remove", i.Ref, "")
	}
	for _, i := range p.Shared {
		line("keep", i.Ref, fmt.Sprintf("has changed and is used by %s: it goes live when it is published itself", plural(len(i.Uses), "live record")))
	}
	for _, w := range p.Warnings {
		line("warning", w.Ref, w.Detail)
	}
	for _, b := range p.Blockers {
		line("blocked", b.Ref, b.Detail)
	}
}
