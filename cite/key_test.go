package cite

import (
	"testing"

	"github.com/lectern-cms/lectern/models"
)

func TestKey(t *testing.T) {
	issued := &models.CSLDate{DateParts: [][]int{{2019, 4}}}
	for want, csl := range map[string]models.CSL{
		"baker-2019-on-slow-dough": {Author: []models.CSLName{{Family: "Baker"}}, Issued: issued, Title: "On Slow Dough, and Other Things"},
		"millers-guild-grain":      {Author: []models.CSLName{{Literal: "Millers’ Guild"}}, Title: "Grain"},
		"2019":                     {Issued: issued},
		"":                         {Title: "?"},
	} {
		if got := Key(csl); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
