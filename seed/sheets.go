package seed

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// again makes a worksheet that says the same as one met before in its module, word for word, that one shown again, and
// tells whether it is. Else the worksheet is known from now on.
func (m *Module) again(w *models.Worksheet, shown models.Blocks) bool {
	if saysNothing(w) {
		return false // two of them are not one for being empty
	}
	says := wordsOf(w)
	first, met := m.sheets[says]
	if !met {
		m.sheets[says] = w.ID
		return false
	}
	shown.Walk(func(b models.Block, _ int) bool {
		if use, ok := b.(*models.WorksheetUse); ok && use.Worksheet != nil && use.Worksheet.ID == w.ID {
			use.Worksheet = models.NewRef(models.KindWorksheet, first)
			if use.Role == models.RoleFirst {
				use.Role = models.RoleAgain
			}
		}
		return true
	})
	w.ID = first
	return true
}

func saysNothing(w *models.Worksheet) bool {
	return w.Title == "" && w.Document == nil && len(w.Prompts) == 0 && len(w.Instructions) == 0
}

// wordsOf is a hash of what a worksheet says, whatever its id and place, the letter case and the spaces of its text.
func wordsOf(w *models.Worksheet) string {
	plain := *w
	plain.Meta, plain.ModuleID, plain.Position, plain.Slug = models.Meta{}, "", 0, ""
	body, err := models.Encode(&plain)
	if err != nil {
		return string(w.ID) // it will fail where it is saved
	}
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(string(body)), " "))))
	return fmt.Sprintf("%x", sum[:16])
}
