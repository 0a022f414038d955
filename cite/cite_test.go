package cite_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

const (
	parsed   = models.ParseParsed
	partial  = models.ParsePartial
	unparsed = models.ParseUnparsed
)

func on(parts ...int) *models.CSLDate { return &models.CSLDate{DateParts: [][]int{parts}} }

func person(given, family string) models.CSLName { return models.CSLName{Given: given, Family: family} }

func named(names ...models.CSLName) []models.CSLName { return names }

func at(label, value string) *models.Locator { return &models.Locator{Label: label, Value: value} }

func body(name string) models.CSLName { return models.CSLName{Literal: name} }

// reference is a reference and what is read from it.
type reference struct {
	written models.Text
	want    models.CSL
	parse   models.ParseState
	locator *models.Locator
}

func TestParse(t *testing.T) {
	knuth := named(person("D. E.", "Knuth"))
	checkReferences(t, map[string]reference{
		"journal article": {
			written: `Author, A., Other, B., & Third, C. (2016). Title: Subtitle of the article. _Journal and Name, 63_, 58-66.`,
			want: models.CSL{Type: "article-journal", Title: "Title: Subtitle of the article", ContainerTitle: "Journal and Name",
				Author: named(person("A.", "Author"), person("B.", "Other"), person("C.", "Third")), Issued: on(2016), Volume: "63", Page: "58-66"},
			parse: parsed,
		},
		"journal article with issue, stars for italics, en dash": {
			written: `Knuth, D. E. (1984). Literate programming. *The Computer Journal, 27*(2), 97–111.`,
			want:    models.CSL{Type: "article-journal", Title: "Literate programming", ContainerTitle: "The Computer Journal", Author: knuth, Issued: on(1984), Volume: "27", Issue: "2", Page: "97-111"},
			parse:   parsed,
		},
		"numbers outside the italics": {
			written: `Knuth, D. E. (1984). Literate programming. _The Computer Journal_, 27(2), pp. 97-111. doi:10.1093/comjnl/27.2.97`,
			want:    models.CSL{Type: "article-journal", Title: "Literate programming", ContainerTitle: "The Computer Journal", Author: knuth, Issued: on(1984), Volume: "27", Issue: "2", Page: "97-111", DOI: "10.1093/comjnl/27.2.97"},
			parse:   parsed,
		},
		"DOI as an address": {
			written: `Knuth, D. E. (1984). Literate programming. _The Computer Journal, 27_(2), 97-111. https://doi.org/10.1093/comjnl/27.2.97`,
			want:    models.CSL{Type: "article-journal", Title: "Literate programming", ContainerTitle: "The Computer Journal", Author: knuth, Issued: on(1984), Volume: "27", Issue: "2", Page: "97-111", DOI: "10.1093/comjnl/27.2.97", URL: "https://doi.org/10.1093/comjnl/27.2.97"},
			parse:   parsed,
		},
		"book": {
			written: `Dijk, J. van, & von Neumann, K., Jr. (1999). _Bread and how it rises_ (2nd ed.). Ghent, BE: Oven & Sons. ISBN 978-0-306-40615-7`,
			want: models.CSL{Type: "book", Title: "Bread and how it rises", Edition: "2", Publisher: "Oven & Sons", PublisherPlace: "Ghent, BE", ISBN: "978-0-306-40615-7", Issued: on(1999),
				Author: named(models.CSLName{Given: "J.", Family: "Dijk", DroppingParticle: "van"}, models.CSLName{Given: "K.", Family: "Neumann", NonDroppingParticle: "von", Suffix: "Jr."})},
			parse: parsed,
		},
		"book with a wrong ISBN": {
			written: `Knuth, D. E. (1968). _Fundamental algorithms_. Reading, MA: Addison-Wesley. ISBN 978-0-306-40615-8`,
			want:    models.CSL{Type: "book", Title: "Fundamental algorithms", Author: knuth, Issued: on(1968), Publisher: "Addison-Wesley", PublisherPlace: "Reading, MA"},
			parse:   partial,
		},
		"ISSN and a DOI that is none": {
			written: `Knuth, D. E. (1984). Literate programming. _The Computer Journal, 27_, 97-111. ISSN 0010-4620. doi:11.1093/27`,
			want:    models.CSL{Type: "article-journal", Title: "Literate programming", ContainerTitle: "The Computer Journal", Author: knuth, Issued: on(1984), Volume: "27", Page: "97-111", ISSN: "0010-4620"},
			parse:   partial,
		},
		"ISBN of ten figures": {
			written: `Knuth, D. E. (1968). _Fundamental algorithms_. Addison-Wesley. ISBN 0-306-40615-2.`,
			want:    models.CSL{Type: "book", Title: "Fundamental algorithms", Author: knuth, Issued: on(1968), Publisher: "Addison-Wesley", ISBN: "0-306-40615-2"},
			parse:   parsed,
		},
		"report of a body": {
			written: `Institute of Baking (2001). _Yeast in schools: Final report_. Institute of Baking.`,
			want:    models.CSL{Type: "report", Title: "Yeast in schools: Final report", Author: named(models.CSLName{Literal: "Institute of Baking"}), Issued: on(2001), Publisher: "Institute of Baking"},
			parse:   parsed,
		},
		"names written small, a title with commas": {
			written: `Oat, M., rye, d., & Spelt, R. (2009). _Kneading, proving, and baking out_. Ghent: Mill Press.`,
			want: models.CSL{Type: "book", Title: "Kneading, proving, and baking out", Author: named(person("M.", "Oat"), person("d.", "rye"), person("R.", "Spelt")), Issued: on(2009),
				Publisher: "Mill Press", PublisherPlace: "Ghent"},
			parse: parsed,
		},
		"body with a conjunction in its name": {
			written: `Department of Health & Human Services. (2012). _Bread and health_.`,
			want:    models.CSL{Type: "report", Title: "Bread and health", Author: named(models.CSLName{Literal: "Department of Health & Human Services"}), Issued: on(2012)},
			parse:   parsed,
		},
		"words before the date that are no names": {
			written: `What we know of bread (2009). _Kneading_. Ghent: Mill Press.`,
			want:    models.CSL{Type: "document"},
			parse:   unparsed,
		},
		"edited book": {
			written: `Rye, A. B., & Oat, C. (Eds.). (2003). _The grain reader_. Mill Press.`,
			want:    models.CSL{Type: "book", Title: "The grain reader", Editor: named(person("A. B.", "Rye"), person("C.", "Oat")), Issued: on(2003), Publisher: "Mill Press"},
			parse:   parsed,
		},
		"chapter": {
			written: `Rye, A. (2010). Why dough is sticky. In C. Oat & D. Spelt (Eds.), _The grain reader: Essays_ (pp. 1–17). Hershey, PA: Mill Press.`,
			want: models.CSL{Type: "chapter", Title: "Why dough is sticky", Author: named(person("A.", "Rye")), Editor: named(person("C.", "Oat"), person("D.", "Spelt")),
				ContainerTitle: "The grain reader: Essays", Page: "1-17", Issued: on(2010), Publisher: "Mill Press", PublisherPlace: "Hershey, PA"},
			parse: parsed,
		},
		"newspaper with a full date": {
			written: `Rye, A. (2016, April 27). Ovens are back. _The Ghent Times_.`,
			want:    models.CSL{Type: "article-newspaper", Title: "Ovens are back", Author: named(person("A.", "Rye")), ContainerTitle: "The Ghent Times", Issued: on(2016, 4, 27)},
			parse:   parsed,
		},
		"magazine in parentheses": {
			written: `[Ovens are back](https://example.org/ovens), by Ann Rye (_Loaf_, May 2016).`,
			want:    models.CSL{Type: "article-magazine", Title: "Ovens are back", Author: named(person("Ann", "Rye")), ContainerTitle: "Loaf", Issued: on(2016, 5), URL: "https://example.org/ovens"},
			parse:   parsed,
		},
		"linked title, authors, publisher, year": {
			written: `[Sourdough at Home](https://example.org/p?a=1&b=2#x), by Ann B. Rye, Bo de la Cruz, and Cy Oat III. Mill Hub, 2013.`,
			want: models.CSL{Type: "report", Title: "Sourdough at Home", URL: "https://example.org/p?a=1&b=2#x", Publisher: "Mill Hub", Issued: on(2013),
				Author: named(person("Ann B.", "Rye"), models.CSLName{Given: "Bo", Family: "Cruz", NonDroppingParticle: "de la"}, models.CSLName{Given: "Cy", Family: "Oat", Suffix: "III"})},
			parse: parsed,
		},
		"publisher after the author": {
			written: `[Sourdough at Home](https://example.org/p), by Ann Rye, Crumbpedia, 2013.`,
			want:    models.CSL{Type: "webpage", Title: "Sourdough at Home", URL: "https://example.org/p", Author: named(person("Ann", "Rye")), Publisher: "Crumbpedia", Issued: on(2013)},
			parse:   parsed,
		},
		"body after the authors": {
			written: `[Sourdough at Home](https://example.org/p), by Ann Rye, Bo Oat, RYE Research Hub, 2013.`,
			want:    models.CSL{Type: "report", Title: "Sourdough at Home", URL: "https://example.org/p", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Publisher: "RYE Research Hub", Issued: on(2013)},
			parse:   parsed,
		},
		"date of access": {
			written: `Rye, A. (2010). _Kneading_. Mill Press. Retrieved May 3, 2017, from https://example.org/k`,
			want: models.CSL{Type: "book", Title: "Kneading", Author: named(person("A.", "Rye")), Issued: on(2010), Publisher: "Mill Press", URL: "https://example.org/k",
				Other: map[string]jsontext.Value{"accessed": jsontext.Value(`{"date-parts":[[2017,5,3]]}`)}},
			parse: parsed,
		},
		"year of access alone": {
			written: `[Bake Along](http://example.org/bake). Accessed 2017.`,
			want:    models.CSL{Type: "webpage", Title: "Bake Along", URL: "http://example.org/bake", Other: map[string]jsontext.Value{"accessed": jsontext.Value(`{"date-parts":[[2017]]}`)}},
			parse:   parsed,
		},
		"in press": {
			written: `Rye, A. (in press). _Kneading_. Mill Press.`,
			want:    models.CSL{Type: "book", Title: "Kneading", Author: named(person("A.", "Rye")), Issued: &models.CSLDate{Literal: "in press"}, Publisher: "Mill Press"},
			parse:   parsed,
		},
		"two years": {
			written: `Rye, A. (1938/1997). _Kneading_. Mill Press.`,
			want:    models.CSL{Type: "book", Title: "Kneading", Author: named(person("A.", "Rye")), Issued: &models.CSLDate{DateParts: [][]int{{1997}}, Literal: "1938/1997"}, Publisher: "Mill Press"},
			parse:   parsed,
		},
		"no such day": {
			written: `Rye, A. (2016, June 31). Ovens are back. _The Ghent Times_.`,
			want: models.CSL{Type: "article-newspaper", Title: "Ovens are back", Author: named(person("A.", "Rye")), ContainerTitle: "The Ghent Times",
				Issued: &models.CSLDate{DateParts: [][]int{{2016, 6}}, Literal: "2016, June 31"}},
			parse: partial,
		},
		"title that is none": {
			written: `& Rye, Ann. (spring). Kneading. By Bo Oat.`,
			want:    models.CSL{Type: "document"},
			parse:   unparsed,
		},
		"linked title and site": {
			written: `[Bake Along](http://example.org/bake), Ghent City Library.`,
			want:    models.CSL{Type: "webpage", Title: "Bake Along", URL: "http://example.org/bake", Publisher: "Ghent City Library"},
			parse:   parsed,
		},
		"linked title with page": {
			written: `[Bake Along](http://example.org/bake), pg. 27, by Ann Rye, 2011.`,
			want:    models.CSL{Type: "webpage", Title: "Bake Along", URL: "http://example.org/bake", Author: named(person("Ann", "Rye")), Issued: on(2011)},
			parse:   parsed, locator: at("page", "27"),
		},
		"italic title with pages": {
			written: `_Ovens of the North_, p. 30-31, p. 13. By Ann Rye and the Bakers Guild of Ghent, 1993. Chicago, IL: Mill Press.`,
			want: models.CSL{Type: "book", Title: "Ovens of the North", Author: named(person("Ann", "Rye"), models.CSLName{Literal: "Bakers Guild of Ghent"}), Issued: on(1993),
				Publisher: "Mill Press", PublisherPlace: "Chicago, IL"},
			parse: parsed, locator: at("page", "30-31, 13"),
		},
		"quoted title": {
			written: `“Crumb and Crust,” by Ann Rye and Bo Oat. _Bread Quarterly_ 33, p. 163–185.`,
			want: models.CSL{Type: "article-journal", Title: "Crumb and Crust", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), ContainerTitle: "Bread Quarterly",
				Volume: "33", Page: "163-185"},
			parse: parsed,
		},
		"site only": {
			written: `[BAKE: The National Bread Project](https://www.example.org)`,
			want:    models.CSL{Type: "webpage", Title: "BAKE: The National Bread Project", URL: "https://www.example.org"},
			parse:   parsed,
		},
		"address only": {
			written: `<https://www.example.org/>`,
			want:    models.CSL{Type: "webpage", URL: "https://www.example.org/"},
			parse:   partial,
		},
		"video with a duration": {
			written: `[How Dough Rises](https://vimeo.com/1234567). Mill Channel, 2012 (7:44).`,
			want:    models.CSL{Type: "motion_picture", Title: "How Dough Rises", URL: "https://vimeo.com/1234567", Publisher: "Mill Channel", Issued: on(2012), Dimensions: "7:44"},
			parse:   parsed,
		},
		"video with a time code": {
			written: `[How Dough Rises](https://vimeo.com/1234567), 3:15–4:02. Mill Channel, 2012.`,
			want:    models.CSL{Type: "motion_picture", Title: "How Dough Rises", URL: "https://vimeo.com/1234567", Publisher: "Mill Channel", Issued: on(2012)},
			parse:   parsed, locator: at("timestamp", "3:15-4:02"),
		},
		"interview": {
			written: `Personal interview with Ann de Rye, March 3, 2015.`,
			want: models.CSL{Type: "interview", Title: "Personal interview with Ann de Rye", Issued: on(2015, 3, 3),
				Author: named(models.CSLName{Given: "Ann", Family: "Rye", NonDroppingParticle: "de"})},
			parse: parsed,
		},
		"stub": {
			written: `Rye et al., 2017`,
			want:    models.CSL{Type: "document", Author: named(models.CSLName{Family: "Rye"}), Issued: on(2017)},
			parse:   partial,
		},
		"year with a digit too many": {
			written: `[Bake Along](http://example.org/bake), by Ann Rye. Mill Hub, 20162.`,
			want:    models.CSL{Type: "webpage", Title: "Bake Along", URL: "http://example.org/bake", Author: named(person("Ann", "Rye")), Publisher: "Mill Hub"},
			parse:   partial,
		},
		"italics that never end": {
			written: `Knuth, D. E. (1984). Literate programming. _The Computer Journal, 27.`,
			want:    models.CSL{Type: "article-journal", Title: "Literate programming", ContainerTitle: "The Computer Journal", Author: knuth, Issued: on(1984), Volume: "27"},
			parse:   partial,
		},
		"words left over": {
			written: `[Bake Along](http://example.org/bake). Mill Hub, 2015. this page is no longer kept up by anyone.`,
			want:    models.CSL{Type: "webpage", Title: "Bake Along", URL: "http://example.org/bake", Publisher: "Mill Hub", Issued: on(2015)},
			parse:   partial,
		},
		"not all authors": {
			written: `Knuth, D. E., et al. (1984). Literate programming. _The Computer Journal, 27_, 97-111.`,
			want:    models.CSL{Type: "article-journal", Title: "Literate programming", ContainerTitle: "The Computer Journal", Author: knuth, Issued: on(1984), Volume: "27", Page: "97-111"},
			parse:   partial,
		},
		"a remark with one link": {
			written: `we found this useful when we [baked](https://example.org/b) at home`,
			want:    models.CSL{Type: "document", URL: "https://example.org/b"},
			parse:   unparsed,
		},
		"nothing": {
			want:  models.CSL{Type: "document"},
			parse: unparsed,
		},
	})
}

func checkReferences(t *testing.T, references map[string]reference) {
	t.Helper()
	for name, tt := range references {
		t.Run(name, func(t *testing.T) {
			got := cite.Parse(tt.written)
			if diff := cmp.Diff(tt.want, got.CSL); diff != "" {
				t.Errorf("Parse(%q).CSL by %q: (-want +got)\n%s", tt.written, got.Recogniser, diff)
			}
			if got.Parse != tt.parse {
				t.Errorf("Parse(%q).Parse = %s, want %s", tt.written, got.Parse, tt.parse)
			}
			if diff := cmp.Diff(tt.locator, got.Locator); diff != "" {
				t.Errorf("Parse(%q).Locator: (-want +got)\n%s", tt.written, diff)
			}
			checkSane(t, tt.written, got)
			checkAccounted(t, tt.written, got)
		})
	}
}
