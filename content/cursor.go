package content

import (
	"encoding/base64"

	"github.com/lectern-cms/lectern/models"
)

// cursor is a place in a list. It is opaque to clients; it carries which list it belongs to.
type cursor struct {
	Kind models.Kind `json:"k"`
	Keys []string    `json:"v"`
}

func writeCursor(kind models.Kind, keys []string) string {
	data, err := models.Encode(cursor{Kind: kind, Keys: keys})
	if err != nil {
		panic(err) // a struct of strings
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// readCursor gives the keys of a cursor, nil for an empty one.
func readCursor(kind models.Kind, s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = models.Decode(data, &c)
	}
	if err != nil || c.Kind != kind || len(c.Keys) != 1 || !models.ID(c.Keys[0]).Valid() {
		return nil, models.BadParameter("after", "is no cursor of this list: take it from links.next of an answer")
	}
	return c.Keys, nil
}
