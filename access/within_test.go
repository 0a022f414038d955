package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
)

// Within takes away what is elsewhere, and what is granted for the installation, and nothing else.
func TestWithinOnlyTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]Limit{{Course: bread}, {Course: cheese}, {bread, &dough}})
		who := Subject{Name: "ada", Grants: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Grant {
			return Grant{rapid.SampledFrom(Roles()).Draw(t, "role"), rapid.SliceOfN(limit, 0, 2).Draw(t, "limits")}
		}), 0, 3).Draw(t, "grants")}
		courses := rapid.SliceOfDistinct(rapid.SampledFrom([]models.ID{bread, cheese}), rapid.ID).Draw(t, "courses")
		a := rapid.SampledFrom(Actions()).Draw(t, "action")
		var kind models.Kind
		var at Place
		if a.OnRecords() {
			kind = rapid.SampledFrom(models.StoredKinds()).Draw(t, "kind")
			at = rapid.SampledFrom([]Place{{}, {Course: bread}, {Course: cheese}, {Course: bread, Module: dough, Mine: true}}).Draw(t, "place")
		}
		before := who.Decide(a, kind, at).Allowed
		want := before && (len(courses) == 0 || slices.Contains(courses, at.Course))
		if got := who.Within(courses).Decide(a, kind, at); got.Allowed != want {
			t.Errorf("within %v: %+v, before %v", courses, got, before)
		}
	})
}

func TestEqualGrants(t *testing.T) {
	all := []Grant{{Role: Editor}, {Role: Viewer}, {Editor, []Limit{{Course: bread}}}, {Editor, []Limit{{bread, &dough}}}, {Editor, []Limit{{bread, &ovens}}},
		{Editor, []Limit{{Course: bread}, {Course: cheese}}}}
	for i, a := range all {
		for j, b := range all {
			if a.Equal(b) != (i == j) {
				t.Errorf("%+v and %+v", a, b)
			}
		}
	}
	same := dough
	if !(Grant{Editor, []Limit{{bread, &dough}}}).Equal(Grant{Editor, []Limit{{bread, &same}}}) {
		t.Error("a module is compared by where its id stands")
	}
	if (Subject{Scopes: []Scope{}}).Has(Admin) || !(Subject{}).Has(Admin) {
		t.Error("a token without scopes, and a person")
	}
}
