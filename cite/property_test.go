package cite_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

// The parts that made-up references are made of. Lower-case words never begin a field.
var (
	capitalGen = rapid.StringMatching(`[B-HJ-Z][a-z]{3,8}`)
	smallGen   = rapid.SampledFrom([]string{"bread", "dough", "and", "of", "rising", "with", "stone", "U.S. flour", "slow"})
	yearGen    = rapid.IntRange(1900, 2030)
	numberGen  = rapid.IntRange(1, 99)
	familyGen  = rapid.SampledFrom([]string{"Rye", "DuBois", "Sefton-Green", "Gutiérrez", "O’Oat", "Meltzer", "Łoza"})
	givenGen   = rapid.SampledFrom([]string{"Ann", "Bo", "Kris", "Émile", "Jean-Luc", "Mary B.", "S. Craig"})
	initialGen = rapid.SampledFrom([]string{"A.", "J. E.", "D.L.", "J.-L.", "É.", "R. C. M."})
	placeGen   = rapid.SampledFrom([]string{"Ghent", "New York, NY", "Washington, D.C.", "Englewood Cliffs, NJ"})
	houseGen   = rapid.SampledFrom([]string{"Mill Press", "W.W. Norton & Company", "Addison-Wesley", "University of Ghent Press", "IGI Global"})
)

func drawTitle(t *rapid.T, label string) string {
	words := []string{capitalGen.Draw(t, label)}
	words = append(words, rapid.SliceOfN(smallGen, 1, 5).Draw(t, label+" words")...)
	return strings.Join(append(words, strings.ToLower(capitalGen.Draw(t, label+" end"))), " ")
}

func drawPages(t *rapid.T) string {
	first := rapid.IntRange(1, 899).Draw(t, "first page")
	return fmt.Sprintf("%d-%d", first, first+numberGen.Draw(t, "pages"))
}

func drawNames(t *rapid.T, given *rapid.Generator[string]) []models.CSLName {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) models.CSLName {
		return person(given.Draw(t, "given"), familyGen.Draw(t, "family"))
	}), 1, 6).Draw(t, "names")
}

// join puts commas between items, and the conjunction before the last.
func join(items []string, conjunction string) string {
	if len(items) == 1 {
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + ", " + conjunction + " " + items[last]
}

func inverted(names []models.CSLName) string {
	var out []string
	for _, n := range names {
		out = append(out, n.Family+", "+n.Given)
	}
	return join(out, "&")
}

func straight(names []models.CSLName) string {
	var out []string
	for _, n := range names {
		out = append(out, n.Given+" "+n.Family)
	}
	return join(out, "and")
}

// templates draw the fields of a work and write its reference.
var templates = map[string]func(*rapid.T) (models.CSL, string){
	"article": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "article-journal", Title: drawTitle(t, "title"), Author: drawNames(t, initialGen), Issued: on(yearGen.Draw(t, "year")),
			ContainerTitle: drawTitle(t, "journal"), Volume: fmt.Sprint(numberGen.Draw(t, "volume")), Issue: fmt.Sprint(numberGen.Draw(t, "issue")), Page: drawPages(t)}
		return c, fmt.Sprintf("%s (%d). %s. _%s, %s_(%s), %s.", inverted(c.Author), c.Issued.Year(), c.Title, c.ContainerTitle, c.Volume, c.Issue, c.Page)
	},
	"book": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "book", Title: drawTitle(t, "title"), Author: drawNames(t, initialGen), Issued: on(yearGen.Draw(t, "year")),
			Publisher: houseGen.Draw(t, "publisher"), PublisherPlace: placeGen.Draw(t, "place")}
		return c, fmt.Sprintf("%s (%d). _%s_. %s: %s.", inverted(c.Author), c.Issued.Year(), c.Title, c.PublisherPlace, c.Publisher)
	},
	"edited book": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "book", Title: drawTitle(t, "title"), Editor: drawNames(t, initialGen), Issued: on(yearGen.Draw(t, "year")), Publisher: houseGen.Draw(t, "publisher")}
		return c, fmt.Sprintf("%s (Eds.). (%d). _%s_. %s.", inverted(c.Editor), c.Issued.Year(), c.Title, c.Publisher)
	},
	"chapter": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "chapter", Title: drawTitle(t, "title"), Author: drawNames(t, initialGen), Editor: drawNames(t, givenGen), Issued: on(yearGen.Draw(t, "year")),
			ContainerTitle: drawTitle(t, "book"), Page: drawPages(t), Publisher: houseGen.Draw(t, "publisher"), PublisherPlace: placeGen.Draw(t, "place")}
		return c, fmt.Sprintf("%s (%d). %s. In %s (Eds.), _%s_ (pp. %s). %s: %s.", inverted(c.Author), c.Issued.Year(), c.Title, straight(c.Editor), c.ContainerTitle, c.Page, c.PublisherPlace, c.Publisher)
	},
	"magazine": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "article-magazine", Title: drawTitle(t, "title"), Author: drawNames(t, initialGen), Issued: on(yearGen.Draw(t, "year"), 4, rapid.IntRange(1, 30).Draw(t, "day")), ContainerTitle: drawTitle(t, "magazine")}
		return c, fmt.Sprintf("%s (%d, April %d). %s. _%s_.", inverted(c.Author), c.Issued.Year(), c.Issued.DateParts[0][2], c.Title, c.ContainerTitle)
	},
	"linked": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "webpage", Title: drawTitle(t, "title"), Author: drawNames(t, givenGen), Issued: on(yearGen.Draw(t, "year")), Publisher: "Mill Hub", URL: "https://example.org/a?b=c&d#e"}
		if len(c.Author) > 2 {
			c.Type = "report"
		}
		return c, fmt.Sprintf("[%s](%s), by %s. %s, %d.", c.Title, c.URL, straight(c.Author), c.Publisher, c.Issued.Year())
	},
	"video": func(t *rapid.T) (models.CSL, string) {
		c := models.CSL{Type: "motion_picture", Title: drawTitle(t, "title"), Issued: on(yearGen.Draw(t, "year")), Publisher: "Mill Hub",
			URL: "https://youtu.be/x", Dimensions: fmt.Sprintf("%d:%02d", numberGen.Draw(t, "minutes"), rapid.IntRange(0, 59).Draw(t, "seconds"))}
		return c, fmt.Sprintf("[%s](%s). %s, %d [Video, %s].", c.Title, c.URL, c.Publisher, c.Issued.Year(), c.Dimensions)
	},
	"interview": func(t *rapid.T) (models.CSL, string) {
		who := person(givenGen.Draw(t, "given"), familyGen.Draw(t, "family"))
		c := models.CSL{Type: "interview", Title: "Personal interview with " + straight(named(who)), Author: named(who), Issued: on(yearGen.Draw(t, "year"), 4, 7)}
		return c, fmt.Sprintf("%s, April 7, %d.", c.Title, c.Issued.Year())
	},
}

// What is written from fields is read back into the same fields.
func TestWrittenIsRead(t *testing.T) {
	for name, template := range templates {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			want, written := template(t)
			got := cite.Parse(models.Text(written))
			if diff := cmp.Diff(want, got.CSL); diff != "" {
				t.Fatalf("Parse(%q) by %q: (-want +got)\n%s", written, got.Recogniser, diff)
			}
			if got.Parse != models.ParseParsed {
				t.Fatalf("Parse(%q) is %s", written, got.Parse)
			}
		}))
	}
}

// FuzzParse holds any text to what every result promises.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"",
		"_*[“",
		"Author, A., & Other, B. (2016). Title. _Journal, 63_(2), 58-66.",
		"Rye, A. (2010). Dough. In C. Oat (Ed.), _Reader_ (pp. 1–17). Hershey, PA: Mill Press. ISBN 0-306-40615-2",
		"[Title](https://youtu.be/x?t=1), p. 3, by Ann Rye and Bo Oat. Hub, 2013 (7:44).",
		"“Crumb,” by Ann Rye. _Bread Quarterly_ 33, 1–2. doi:10.1000/182 ISSN 0378-5955",
		"Personal interview with Ann Rye, April 7, 2017.",
		"Rye et al., 2017, p. 4",
		"Title. Retrieved from https://example.org (gone).",
		"[Rye, A. (2014). 'Slow rise', _Loaf, 3_(4), 1-2.](https://example.org)",
		"[1] Rye A, Oat BC. Crust colour. J Ovens. 2011;12(1):3-9.",
		"Video: [Title](https://youtu.be/x) by [Ann Rye, Ph.D.](https://example.org/a) and the Board of Bread, at 3:15, via Mill Hub, n.d.",
		"Rye, A. (Host), ... Oat, B. (2014). Title, p. 3 (Version 2) (Report No. 3) [Data set]. In _X. Y_ (Vol. 2, pp. 1-2). (C. D., Trans.). Chicago, Mill Press, Inc.",
		"Adapted from “[Title](www.example.org),” Ann Rye for Mill, interview by Bo Oat, Section 2.1, fig. 3, PhD diss., 45.",
		"_Title. In Oat, B. (ed.) Reader_, Paper presented at the Meeting of Bakers, 3, 4-5.",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		checkSane(t, models.Text(written), cite.Parse(models.Text(written)))
	})
}
