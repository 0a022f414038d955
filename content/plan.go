package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Item is one record of a plan.
type Item struct {
	Ref     models.Ref `json:"record"`  // decorated
	Version int64      `json:"version"` // of the draft that goes live, or of what leaves
	place   string     // where it goes live
}

// Problem is something about a record that an editor should know before publishing.
type Problem struct {
	Rule   Rule       `json:"rule"`
	Ref    models.Ref `json:"record"`
	Detail string     `json:"detail"`
}

// SharedChange is a live record that others use too and whose draft has changed: it goes along only when named.
type SharedChange struct {
	Item
	Uses []models.Ref `json:"uses"` // live records that would show the change
}

// Plan is what publishing would do: the dry run.
type Plan struct {
	Put      []Item         `json:"put"`      // goes live, new or changed or moved
	Remove   []Item         `json:"remove"`   // leaves live content
	Shared   []SharedChange `json:"shared"`   // stays as it is unless it is named in PublishRequest.Also
	Blockers []Problem      `json:"blockers"` // while there are any, Publish refuses
	Warnings []Problem      `json:"warnings"`
	Token    string         `json:"token"` // hash of ids and versions: what was previewed is what goes live
}

// PublishRequest names what to publish, and the shared records that are to go along.
type PublishRequest struct {
	Targets []models.Ref
	Alone   []models.Ref // published without what they own
	Also    []models.Ref
	Token   string // of the dry run; empty: publish whatever the closure is now
}

// DryRun tells what publishing would do, and does nothing.
func (s *Service) DryRun(ctx context.Context, req PublishRequest) (*Plan, error) {
	var plan *Plan
	err := s.store.View(ctx, func(tx *store.Tx) error {
		c, err := newClosure(tx, req)
		if err != nil {
			return err
		}
		plan = c.plan
		return nil
	})
	return plan, err
}

// token is a hash of what the plan does: which records, in which version, at which place.
func (p *Plan) token() string {
	lines := make([]string, 0, len(p.Put)+len(p.Remove))
	for _, i := range p.Put {
		lines = append(lines, fmt.Sprintf("put %s %s %d %s", i.Ref.Type, i.Ref.ID, i.Version, i.place))
	}
	for _, i := range p.Remove {
		lines = append(lines, fmt.Sprintf("remove %s %s %d", i.Ref.Type, i.Ref.ID, i.Version))
	}
	slices.Sort(lines)
	return tokenOf(lines)
}

func tokenOf(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:16])
}
