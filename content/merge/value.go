package merge

import (
	"crypto/sha256"
	"fmt"
	"reflect"

	"github.com/lectern-cms/lectern/models"
)

// plain writes a value for comparing and for reports: texts as they are, all else as JSON.
func plain(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return v.String()
	}
	data, err := models.Encode(v.Interface())
	if err != nil { // a raw value that is no JSON
		return fmt.Sprint(v.Interface())
	}
	return string(data)
}

func equal(a, b reflect.Value) bool { return a.Type() == b.Type() && plain(a) == plain(b) }

// digest is short and the same for equal parts only.
func digest(parts []string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return string(h.Sum(nil))
}
