package models

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestErrors(t *testing.T) {
	cause := errors.New("disk full")
	for name, tt := range map[string]struct {
		err  error
		kind ErrorKind
		text string
	}{
		"not found":     {NotFound(KindModule, "bread"), KindNotFound, `no module "bread"`},
		"gone":          {Gone(KindSection, "dough"), KindGone, `section "dough" is no longer published`},
		"conflict":      {Conflict("the slug is taken", cause), KindConflict, "the slug is taken: disk full"},
		"stale":         {Stale("it was changed"), KindStale, "it was changed"},
		"malformed":     {Malformed("no JSON", nil), KindMalformed, "no JSON"},
		"bad parameter": {BadParameter("limit", "must be a number"), KindMalformed, "a query parameter is not right: limit must be a number"},
		"unavailable":   {Unavailable("search", cause), KindUnavailable, "search is not available: disk full"},
		"invalid": {
			Invalid("the course breaks rules", []FieldError{{Pointer: "/slug", Detail: "is required"}, {Detail: "is too large"}}),
			KindInvalid, "the course breaks rules: /slug is required; is too large",
		},
		"wrapped twice":       {fmt.Errorf("publish: %w", fmt.Errorf("read: %w", Stale("old"))), KindStale, "publish: read: old"},
		"joined":              {errors.Join(cause, NotFound(KindAsset, "a")), KindNotFound, "disk full\nno asset \"a\""},
		"the outermost wins":  {Conflict("taken", Stale("old")), KindConflict, "taken: old"},
		"not one of ours":     {context.Canceled, KindInternal, "context canceled"},
		"made without a kind": {&Error{Message: "oops"}, KindInternal, "oops"},
	} {
		t.Run(name, func(t *testing.T) {
			if kind := KindOf(tt.err); kind != tt.kind || tt.err.Error() != tt.text {
				t.Errorf("KindOf = %d, text %q, want %d, %q", kind, tt.err, tt.kind, tt.text)
			}
		})
	}
	if KindOf(nil) != KindInternal {
		t.Error("KindOf(nil) is not KindInternal")
	}
	if !errors.Is(Conflict("taken", cause), cause) {
		t.Error("Conflict hides its cause from errors.Is")
	}
	if err := Invalid("no rule is broken", nil); err != nil {
		t.Errorf("Invalid without fields = %v, want nil", err)
	}
}
