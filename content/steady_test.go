package content_test

import (
	"context"
	"fmt"
	"regexp"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// steady is a check of rapid's that says the same whenever the same happens, although ids are new each time: rapid
// shrinks and replays a failure only if it comes back word for word.
type steady struct{ *rapid.T }

func (s steady) Fatal(args ...any)                 { s.T.Helper(); s.T.Fatal(numbered(fmt.Sprint(args...))) }
func (s steady) Fatalf(format string, args ...any) { s.Helper(); s.Fatal(fmt.Sprintf(format, args...)) }
func (s steady) Error(args ...any)                 { s.T.Helper(); s.T.Error(numbered(fmt.Sprint(args...))) }
func (s steady) Errorf(format string, args ...any) { s.Helper(); s.Error(fmt.Sprintf(format, args...)) }

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// numbered puts numbers in the place of ids, by when they come first.
func numbered(text string) string {
	numbers := map[string]string{}
	return anyID.ReplaceAllStringFunc(text, func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprintf("#%d", len(numbers)+1)
		}
		return numbers[id]
	})
}

// wantSame is wantEqual for values that are short, whose ids stay whole in what it says.
func wantSame(t tester, got, want any) {
	t.Helper()
	if !cmp.Equal(got, want, cmpopts.EquateEmpty()) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// checked is a site for one check of rapid's. However that ends, nothing is live afterwards that the next one would see.
func (s *site) checked(rt *rapid.T) *site {
	own := &site{t: steady{rt}, Service: s.Service, store: s.store, onPostgres: s.onPostgres}
	wantSame(own.t, own.live(), []string(nil))
	ctx := context.WithoutCancel(rt.Context()) // rapid calls it off before it cleans up
	rt.Cleanup(func() {
		err := s.store.InTx(ctx, func(tx *store.Tx) error {
			for _, kind := range models.StoredKinds() {
				rs, err := tx.Live.List(store.Query{Kind: kind})
				if err != nil {
					return err
				}
				for _, r := range rs {
					if err := tx.Live.Remove(kind, r.Base().ID); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			s.t.Error(err)
		}
	})
	return own
}
