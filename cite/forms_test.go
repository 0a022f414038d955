package cite_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// Where parts stand, what stands around them, and places that are cited.
var formReferences = map[string]reference{
	"no publisher, no date": {
		written: `[Slow Rise](https://example.org/r) by Ann Rye`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"a full date": {
		written: `[Slow Rise](https://example.org/r), by Ann Rye, May 3, 2016. Loaf Online.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2016, 5, 3), Publisher: "Loaf Online",
			URL: "https://example.org/r"},
		parse: parsed,
	},
	"parentheses": {
		written: `[Slow Rise](https://example.org/r) (Mill Hub, 2013)`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Issued: on(2013), Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"a bar": {
		written: `[Slow Rise](https://example.org/r) | Mill Hub`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"a dash": {
		written: `[Slow Rise](https://example.org/r) – Mill Hub, 2014`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Issued: on(2014), Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"published by": {
		written: `[Slow Rise](https://example.org/r), published by Mill Hub, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Issued: on(2014), Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"via": {
		written: `[Slow Rise](https://example.org/r) by Ann Rye & Bo Oat via Mill Hub.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"a file's format": {
		written: `[Slow Rise](https://example.org/r) (PDF), Mill Hub, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Issued: on(2014), Publisher: "Mill Hub", URL: "https://example.org/r", Medium: "PDF"},
		parse:   parsed,
	},
	"no date, said so": {
		written: `[Slow Rise](https://example.org/r). Mill Hub, n.d.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"accessed, day first": {
		written: `[Slow Rise](https://example.org/r). Mill Hub. Accessed on 3 May 2017.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise", Publisher: "Mill Hub", URL: "https://example.org/r",
			Other: map[string]jsontext.Value{"accessed": jsontext.Value(`{"date-parts":[[2017,5,3]]}`)}},
		parse: parsed,
	},
	"a linked publisher": {
		written: `[Slow Rise](https://example.org/r), [Mill Hub](https://example.org/), 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Issued: on(2014), Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   partial,
	},
	"all of it a link": {
		written: `[Rye, A. (2014). Slow rise. _Loaf Quarterly, 3_(4), 12-19.](https://example.org/r)`,
		want: models.CSL{Type: "article-journal", Title: "Slow rise", Author: named(person("A.", "Rye")), Issued: on(2014), ContainerTitle: "Loaf Quarterly",
			Volume: "3", Issue: "4", Page: "12-19", URL: "https://example.org/r"},
		parse: parsed,
	},
	"a title with by in it": {
		written: `[Bread by Numbers](https://example.org/r)`,
		want:    models.CSL{Type: "webpage", Title: "Bread by Numbers", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"link in quotation marks": {
		written: `“[Slow Rise](https://example.org/r),” by Ann Rye, _Loaf Quarterly_, Vol. 3, No. 4, 2014, p. 12.`,
		want: models.CSL{Type: "article-journal", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2014), ContainerTitle: "Loaf Quarterly",
			Volume: "3", Issue: "4", Page: "12", URL: "https://example.org/r"},
		parse: parsed,
	},
	"source before it": {
		written: `Source: [Slow Rise](https://example.org/r), by Ann Rye.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"adapted from": {
		written: `Adapted from [Slow Rise](https://example.org/r), by Ann Rye.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), URL: "https://example.org/r"},
		parse:   partial,
	},
	"what it is before it": {
		written: `TED Talk: [Slow Rise](https://www.ted.com/talks/ann_rye_slow_rise) by Ann Rye.`,
		want: models.CSL{Type: "motion_picture", Title: "Slow Rise", Author: named(person("Ann", "Rye")), URL: "https://www.ted.com/talks/ann_rye_slow_rise",
			Medium: "TED Talk"},
		parse: parsed,
	},
	"address after a plain title": {
		written: `How to Knead. https://example.org/knead`,
		want:    models.CSL{Type: "webpage", Title: "How to Knead", URL: "https://example.org/knead"},
		parse:   partial,
	},
	"quoted title and address": {
		written: `"How to Knead," Loaf Online, May 2014, https://example.org/knead`,
		want:    models.CSL{Type: "webpage", Title: "How to Knead", Issued: on(2014, 5), Publisher: "Loaf Online", URL: "https://example.org/knead"},
		parse:   parsed,
	},
	"licence after it": {
		written: `[Slow Rise](https://example.org/r), by Ann Rye, licensed under CC BY 4.0.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), URL: "https://example.org/r"},
		parse:   partial,
	},
	"italics that hold two sentences": {
		written: `Rye, A. (2008). _Doughism: A new way. Ghent Division of Bread_, pp. 193–206.`,
		want:    models.CSL{Type: "book", Title: "Doughism: A new way. Ghent Division of Bread", Author: named(person("A.", "Rye")), Issued: on(2008)},
		parse:   partial, locator: at("page", "193-206"),
	},
	"a container that may be anything": {
		written: `"Slow Rise," by Ann Rye. _Baking Technique_, 2016.`,
		want:    models.CSL{Type: "article-journal", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2016), ContainerTitle: "Baking Technique"},
		parse:   partial,
	},
	"a number for a publisher": {
		written: `Rye, A. (2014). Slow rise in the north. Mill Hub Working Paper 12.`,
		want:    models.CSL{Type: "book", Title: "Slow rise in the north", Author: named(person("A.", "Rye")), Issued: on(2014), Publisher: "Mill Hub Working Paper 12"},
		parse:   partial,
	},
	"page after a linked title": {
		written: `[Bread at Home](https://example.org/b), 113. Mill Press, 2010.`,
		want:    models.CSL{Type: "book", Title: "Bread at Home", Issued: on(2010), Publisher: "Mill Press", URL: "https://example.org/b"},
		parse:   parsed, locator: at("page", "113"),
	},
	"page before the year": {
		written: `[Bread](https://example.org/b), p. 12, 2015.`,
		want:    models.CSL{Type: "webpage", Title: "Bread", Issued: on(2015), URL: "https://example.org/b"},
		parse:   parsed, locator: at("page", "12"),
	},
	"page before a journal": {
		written: `Rye, A. (2014). Slow rise, p. 14. _Loaf Quarterly, 3_(4).`,
		want: models.CSL{Type: "article-journal", Title: "Slow rise", Author: named(person("A.", "Rye")), Issued: on(2014), ContainerTitle: "Loaf Quarterly",
			Volume: "3", Issue: "4"},
		parse: parsed, locator: at("page", "14"),
	},
	"pages in parentheses": {
		written: `[Bread](https://example.org/b) (pp. 3-4), by Ann Rye. Mill Hub, 2012.`,
		want:    models.CSL{Type: "webpage", Title: "Bread", Author: named(person("Ann", "Rye")), Issued: on(2012), Publisher: "Mill Hub", URL: "https://example.org/b"},
		parse:   parsed, locator: at("page", "3-4"),
	},
	"two pages": {
		written: `[Bread](https://example.org/b), page 12 and page 14.`,
		want:    models.CSL{Type: "webpage", Title: "Bread", URL: "https://example.org/b"},
		parse:   parsed, locator: at("page", "12, 14"),
	},
	"pages after the publisher": {
		written: `_Kneading: A Guide_ by Ann Rye and Bo Oat (Mill Press, 2010), pp. 3-4`,
		want:    models.CSL{Type: "book", Title: "Kneading: A Guide", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Issued: on(2010), Publisher: "Mill Press"},
		parse:   parsed, locator: at("page", "3-4"),
	},
	"chapter": {
		written: `[Bread](https://example.org/b), ch. 3, by Ann Rye.`,
		want:    models.CSL{Type: "webpage", Title: "Bread", Author: named(person("Ann", "Rye")), URL: "https://example.org/b"},
		parse:   parsed, locator: at("chapter", "3"),
	},
	"section": {
		written: `[Bread](https://example.org/b), Section 2.1.`,
		want:    models.CSL{Type: "webpage", Title: "Bread", URL: "https://example.org/b"},
		parse:   parsed, locator: at("section", "2.1"),
	},
	"figure": {
		written: `[Bread](https://example.org/b), fig. 3b. Mill Hub.`,
		want:    models.CSL{Type: "webpage", Title: "Bread", Publisher: "Mill Hub", URL: "https://example.org/b"},
		parse:   parsed, locator: at("figure", "3b"),
	},
	"time code of a film": {
		written: `[Bread](https://youtu.be/abc), at 3:15. Mill Hub.`,
		want:    models.CSL{Type: "motion_picture", Title: "Bread", Publisher: "Mill Hub", URL: "https://youtu.be/abc"},
		parse:   parsed, locator: at("timestamp", "3:15"),
	},
	"where or how long": {
		written: `[Bread](https://youtu.be/abc), 3:15. Mill Hub.`,
		want:    models.CSL{Type: "motion_picture", Title: "Bread", Publisher: "Mill Hub", URL: "https://youtu.be/abc"},
		parse:   partial, locator: at("timestamp", "3:15"),
	},
	"length or time code": {
		written: `"Bread" by Ann Rye. Mill Hub. 12:04.`,
		want:    models.CSL{Type: "document", Title: "Bread", Author: named(person("Ann", "Rye")), Publisher: "Mill Hub"},
		parse:   partial, locator: at("timestamp", "12:04"),
	},
}

func TestForms(t *testing.T) { checkReferences(t, formReferences) }
