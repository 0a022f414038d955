package content

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// shownIn finds the live sections that show worksheets, themselves or by a fragment, each once and in the order of ids. It
// takes three statements, whatever the number of worksheets.
func shownIn(tx *store.Tx, worksheets []models.ID) (map[models.ID][]models.ID, error) {
	direct, err := showing(tx, models.KindSection, models.KindWorksheet, worksheets)
	if err != nil {
		return nil, err
	}
	within, err := showing(tx, models.KindFragment, models.KindWorksheet, worksheets)
	if err != nil {
		return nil, err
	}
	var fragments []models.ID
	for _, pair := range within {
		fragments = append(fragments, pair[0])
	}
	slices.Sort(fragments)
	around, err := showing(tx, models.KindSection, models.KindFragment, slices.Compact(fragments))
	if err != nil {
		return nil, err
	}
	sections := map[models.ID][]models.ID{} // of a worksheet or fragment
	for _, pair := range slices.Concat(direct, around) {
		sections[pair[1]] = append(sections[pair[1]], pair[0])
	}
	for _, pair := range within {
		sections[pair[1]] = append(sections[pair[1]], sections[pair[0]]...)
	}
	out := make(map[models.ID][]models.ID, len(worksheets))
	for _, id := range worksheets {
		slices.Sort(sections[id])
		out[id] = slices.Compact(sections[id])
	}
	return out, nil
}

func showing(tx *store.Tx, kind, shown models.Kind, ids []models.ID) ([][2]models.ID, error) {
	begin, end := render.PlaceOf(shown)
	return tx.Live.Showing(kind, shown, ids, begin, end)
}
