package seed

import (
	"embed"
	"html/template"
	"io"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

//go:embed report.html
var reportPage embed.FS

// WriteJSON writes reports as a JSON array: one for each source.
func WriteJSON(w io.Writer, reports []*Report) error {
	data, err := models.Encode(reports)
	if err == nil {
		_, err = w.Write(append(data, '\n'))
	}
	return err
}

// WriteHTML writes reports as a page that a person can read: one file that needs no other and runs no script.
func WriteHTML(w io.Writer, reports []*Report) error {
	t, err := template.New("report.html").Funcs(template.FuncMap{
		"byKind": byKind, "many": many, "sentence": Change.sentence, "warned": warnedPages,
		"reason": func(reason string) string { return sameWork[reason] },
	}).ParseFS(reportPage, "report.html")
	if err != nil {
		return err
	}
	return t.Execute(w, reports)
}

// sameWork says what sources have in common that may be one work.
var sameWork = map[string]string{
	cite.ReasonDOI: "DOI", cite.ReasonISBN: "ISBN", cite.ReasonURL: "address", cite.ReasonTitleAndYear: "title and year",
}

// warnedPages lists the pages that a person should look at.
func warnedPages(pages []PageReport) []PageReport {
	var out []PageReport
	for _, p := range pages {
		if len(p.Warnings) > 0 {
			out = append(out, p)
		}
	}
	return out
}
