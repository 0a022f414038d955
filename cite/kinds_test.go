package cite_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// Works of the kinds that references name, in the forms of several styles.
var kindReferences = map[string]reference{
	"APA, and between two authors": {
		written: `Rye, A., and Oat, B. (2011). Crust colour. _Journal of Ovens, 12_(1), 3–9.`,
		want: models.CSL{Type: "article-journal", Title: "Crust colour", Author: named(person("A.", "Rye"), person("B.", "Oat")), Issued: on(2011),
			ContainerTitle: "Journal of Ovens", Volume: "12", Issue: "1", Page: "3-9"},
		parse: parsed,
	},
	"article without italics": {
		written: `Rye, A. (2014). Slow rise. Loaf Quarterly, 3(4), 12-19.`,
		want: models.CSL{Type: "article-journal", Title: "Slow rise", Author: named(person("A.", "Rye")), Issued: on(2014), ContainerTitle: "Loaf Quarterly",
			Volume: "3", Issue: "4", Page: "12-19"},
		parse: parsed,
	},
	"Harvard, single quotation marks": {
		written: `Rye, A., Oat, B. and Spelt, C. (2014) 'Slow rise', _Loaf Quarterly_, 3(4), pp. 12-19.`,
		want: models.CSL{Type: "article-journal", Title: "Slow rise", Author: named(person("A.", "Rye"), person("B.", "Oat"), person("C.", "Spelt")), Issued: on(2014),
			ContainerTitle: "Loaf Quarterly", Volume: "3", Issue: "4", Page: "12-19"},
		parse: parsed,
	},
	"Vancouver": {
		written: `Rye A, Oat BC. Crust colour. J Ovens. 2011;12(1):3-9.`,
		want: models.CSL{Type: "article-journal", Title: "Crust colour", Author: named(person("A", "Rye"), person("BC", "Oat")), Issued: on(2011),
			ContainerTitle: "J Ovens", Volume: "12", Issue: "1", Page: "3-9"},
		parse: parsed,
	},
	"IEEE, with its number": {
		written: `[1] A. Rye and B. Oat, "Crust," _J. Ovens_, vol. 12, no. 1, pp. 3-9, 2011.`,
		want: models.CSL{Type: "article-journal", Title: "Crust", Author: named(person("A.", "Rye"), person("B.", "Oat")), Issued: on(2011), ContainerTitle: "J. Ovens",
			Volume: "12", Issue: "1", Page: "3-9"},
		parse: parsed,
	},
	"Chicago note of an article": {
		written: `Ann Rye and Bo Oat, “Crust and Crumb,” _Bread Quarterly_ 12, no. 3 (2011): 45–67.`,
		want: models.CSL{Type: "article-journal", Title: "Crust and Crumb", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Issued: on(2011),
			ContainerTitle: "Bread Quarterly", Volume: "12", Issue: "3", Page: "45-67"},
		parse: parsed,
	},
	"Chicago article with a DOI": {
		written: `Rye, Ann, and Bo Oat. "Crust and Crumb." _Bread Quarterly_ 12, no. 3 (2011): 45–67. https://doi.org/10.5555/abc.1`,
		want: models.CSL{Type: "article-journal", Title: "Crust and Crumb", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Issued: on(2011),
			ContainerTitle: "Bread Quarterly", Volume: "12", Issue: "3", Page: "45-67", URL: "https://doi.org/10.5555/abc.1", DOI: "10.5555/abc.1"},
		parse: parsed,
	},
	"MLA article": {
		written: `Rye, Ann. "Crust and Crumb." _Bread Quarterly_, vol. 12, no. 3, 2011, pp. 45-67.`,
		want: models.CSL{Type: "article-journal", Title: "Crust and Crumb", Author: named(person("Ann", "Rye")), Issued: on(2011), ContainerTitle: "Bread Quarterly",
			Volume: "12", Issue: "3", Page: "45-67"},
		parse: parsed,
	},
	"MLA page with a bare address": {
		written: `Rye, Ann. "Crust and Crumb." _Loaf Online_, 3 May 2016, www.example.org/crust.`,
		want: models.CSL{Type: "article-magazine", Title: "Crust and Crumb", Author: named(person("Ann", "Rye")), Issued: on(2016, 5, 3), ContainerTitle: "Loaf Online",
			URL: "http://www.example.org/crust"},
		parse: parsed,
	},
	"magazine with a volume": {
		written: `Rye, A. (2010, May). Flat bread. _Loaf Monthly, 12_(5), 22-25.`,
		want: models.CSL{Type: "article-magazine", Title: "Flat bread", Author: named(person("A.", "Rye")), Issued: on(2010, 5), ContainerTitle: "Loaf Monthly",
			Volume: "12", Issue: "5", Page: "22-25"},
		parse: parsed,
	},
	"quarterly with a season": {
		written: `Rye, A. (2014, Spring). Slow rise. _Loaf Quarterly_, 12-19.`,
		want: models.CSL{Type: "article-journal", Title: "Slow rise", Author: named(person("A.", "Rye")),
			Issued: &models.CSLDate{DateParts: [][]int{{2014}}, Literal: "2014, Spring"}, ContainerTitle: "Loaf Quarterly", Page: "12-19"},
		parse: parsed,
	},
	"newspaper page": {
		written: `Bran, D. (2013, June 2). Bread prices rise. _The Daily Loaf_, p. B4.`,
		want: models.CSL{Type: "article-newspaper", Title: "Bread prices rise", Author: named(person("D.", "Bran")), Issued: on(2013, 6, 2),
			ContainerTitle: "The Daily Loaf", Page: "B4"},
		parse: parsed,
	},
	"newspaper online, without author": {
		written: `Slow rise. (2014, May 3). _The Ghent Times_. Retrieved from https://example.org/r`,
		want:    models.CSL{Type: "article-newspaper", Title: "Slow rise", Issued: on(2014, 5, 3), ContainerTitle: "The Ghent Times", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"title that asks": {
		written: `Rye, A. (2010). What is crumb? _Loaf Letters, 3_, 4.`,
		want: models.CSL{Type: "article-journal", Title: "What is crumb?", Author: named(person("A.", "Rye")), Issued: on(2010), ContainerTitle: "Loaf Letters",
			Volume: "3", Page: "4"},
		parse: parsed,
	},
	"book of a Chicago note": {
		written: `Ann Rye, _Kneading by Hand_ (New York: Mill Press, 2010), 45.`,
		want:    models.CSL{Type: "book", Title: "Kneading by Hand", Author: named(person("Ann", "Rye")), Issued: on(2010), Publisher: "Mill Press", PublisherPlace: "New York"},
		parse:   parsed, locator: at("page", "45"),
	},
	"book of a Chicago bibliography": {
		written: `Rye, Ann. _Kneading by Hand_. New York: Mill Press, 2010.`,
		want:    models.CSL{Type: "book", Title: "Kneading by Hand", Author: named(person("Ann", "Rye")), Issued: on(2010), Publisher: "Mill Press", PublisherPlace: "New York"},
		parse:   parsed,
	},
	"book with edition and volume": {
		written: `Rye, A. (1999). _Bread_ (3rd ed., Vol. 2). Mill Press.`,
		want:    models.CSL{Type: "book", Title: "Bread", Author: named(person("A.", "Rye")), Issued: on(1999), Volume: "2", Publisher: "Mill Press", Edition: "3"},
		parse:   parsed,
	},
	"book without italics": {
		written: `Rye, A. (2014). Slow rise (2nd ed.). Ghent: Mill Press.`,
		want: models.CSL{Type: "book", Title: "Slow rise", Author: named(person("A.", "Rye")), Issued: on(2014), Publisher: "Mill Press", PublisherPlace: "Ghent",
			Edition: "2"},
		parse: parsed,
	},
	"book, a comma before the press": {
		written: `Rye, A. (2010). _Bread_. Chicago, University of Ghent Press.`,
		want:    models.CSL{Type: "book", Title: "Bread", Author: named(person("A.", "Rye")), Issued: on(2010), Publisher: "University of Ghent Press", PublisherPlace: "Chicago"},
		parse:   parsed,
	},
	"book of an editor": {
		written: `Rye, Ann, ed. _The Grain Reader_. Ghent: Mill Press, 2014.`,
		want:    models.CSL{Type: "book", Title: "The Grain Reader", Editor: named(person("Ann", "Rye")), Issued: on(2014), Publisher: "Mill Press", PublisherPlace: "Ghent"},
		parse:   parsed,
	},
	"book with a translator": {
		written: `Rye, A. (2014). _Slow rise_ (B. Oat, Trans.). Mill Press.`,
		want: models.CSL{Type: "book", Title: "Slow rise", Author: named(person("A.", "Rye")), Issued: on(2014), Publisher: "Mill Press",
			Other: map[string]jsontext.Value{"translator": jsontext.Value(`[{"family":"Oat","given":"B."}]`)}},
		parse: parsed,
	},
	"company that publishes": {
		written: `Rye, A. (1980). _Mills_. Oven Books, Inc.`,
		want:    models.CSL{Type: "book", Title: "Mills", Author: named(person("A.", "Rye")), Issued: on(1980), Publisher: "Oven Books, Inc."},
		parse:   parsed,
	},
	"chapter of a Chicago note": {
		written: `Ann Rye, "Slow Rise," in _The Grain Reader_, ed. Bo Oat (Ghent: Mill Press, 2014), 33-44.`,
		want: models.CSL{Type: "chapter", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Editor: named(person("Bo", "Oat")), Issued: on(2014),
			ContainerTitle: "The Grain Reader", Page: "33-44", Publisher: "Mill Press", PublisherPlace: "Ghent"},
		parse: parsed,
	},
	"chapter in an edition": {
		written: `Rye, A. (2014). Slow rise. In B. Oat, C. Spelt, & D. Emmer (Eds.), _The grain reader_ (2nd ed., pp. 12–19). Mill Press. https://doi.org/10.5555/99.1`,
		want: models.CSL{Type: "chapter", Title: "Slow rise", Author: named(person("A.", "Rye")),
			Editor: named(person("B.", "Oat"), person("C.", "Spelt"), person("D.", "Emmer")), Issued: on(2014), ContainerTitle: "The grain reader",
			Page: "12-19", Publisher: "Mill Press", Edition: "2", URL: "https://doi.org/10.5555/99.1", DOI: "10.5555/99.1"},
		parse: parsed,
	},
	"chapter without italics": {
		written: `Rye, A., & Oat, B. (2014). Slow rise. In C. Spelt (Ed.), The grain reader (pp. 12-19). Ghent: Mill Press.`,
		want: models.CSL{Type: "chapter", Title: "Slow rise", Author: named(person("A.", "Rye"), person("B.", "Oat")), Editor: named(person("C.", "Spelt")),
			Issued: on(2014), ContainerTitle: "The grain reader", Page: "12-19", Publisher: "Mill Press", PublisherPlace: "Ghent"},
		parse: parsed,
	},
	"chapter and book in one pair of italics": {
		written: `Rye, A. (2015). _Slow rise: A guide. In Oat, B. (ed.) The grain reader: Essays_. Ghent: Mill Press.`,
		want: models.CSL{Type: "chapter", Title: "Slow rise: A guide", Author: named(person("A.", "Rye")), Editor: named(person("B.", "Oat")), Issued: on(2015),
			ContainerTitle: "The grain reader: Essays", Publisher: "Mill Press", PublisherPlace: "Ghent"},
		parse: partial,
	},
	"encyclopedia": {
		written: `Rye, A. (2001). Yeast. In _Encyclopedia of food_ (Vol. 2, pp. 101–104). Oxford: Crumb House.`,
		want: models.CSL{Type: "entry-encyclopedia", Title: "Yeast", Author: named(person("A.", "Rye")), Issued: on(2001), ContainerTitle: "Encyclopedia of food",
			Volume: "2", Page: "101-104", Publisher: "Crumb House", PublisherPlace: "Oxford"},
		parse: parsed,
	},
	"conference paper": {
		written: `Oat, B. (2012). Dough in motion. In _Proceedings of the 5th International Conference on Baking_ (pp. 12-19). New York, NY: ACM.`,
		want: models.CSL{Type: "paper-conference", Title: "Dough in motion", Author: named(person("B.", "Oat")), Issued: on(2012),
			ContainerTitle: "Proceedings of the 5th International Conference on Baking", Page: "12-19", Publisher: "ACM", PublisherPlace: "New York, NY"},
		parse: parsed,
	},
	"talk at a meeting": {
		written: `Spelt, C. (2015, March). _Ovens for all_. Paper presented at the Annual Meeting of the Bakers Society, Chicago, IL.`,
		want: models.CSL{Type: "paper-conference", Title: "Ovens for all", Author: named(person("C.", "Spelt")), Issued: on(2015, 3),
			Other: map[string]jsontext.Value{"event-title": jsontext.Value(`"Annual Meeting of the Bakers Society, Chicago, IL"`)}},
		parse: parsed,
	},
	"thesis in parentheses": {
		written: `Rye, A. (2014). _Starter cultures in village bakeries_ (Doctoral dissertation, University of Ghent).`,
		want: models.CSL{Type: "thesis", Title: "Starter cultures in village bakeries", Author: named(person("A.", "Rye")), Issued: on(2014),
			Publisher: "University of Ghent", Genre: "Doctoral dissertation"},
		parse: parsed,
	},
	"thesis in brackets": {
		written: `Oat, B. (2009). _Milling by water_ [Unpublished master's thesis]. University of Leuven.`,
		want: models.CSL{Type: "thesis", Title: "Milling by water", Author: named(person("B.", "Oat")), Issued: on(2009), Publisher: "University of Leuven",
			Genre: "Unpublished master's thesis"},
		parse: parsed,
	},
	"thesis of a Chicago note": {
		written: `Ann Rye, “Slow Rise” (PhD diss., University of Ghent, 2014), 33.`,
		want:    models.CSL{Type: "thesis", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2014), Publisher: "University of Ghent", Genre: "PhD diss."},
		parse:   parsed, locator: at("page", "33"),
	},
	"report with a number": {
		written: `Rye, A., & Oat, B. (2015). _Bread for all_ (Report No. 12). Washington, DC: Institute of Grain.`,
		want: models.CSL{Type: "report", Title: "Bread for all", Author: named(person("A.", "Rye"), person("B.", "Oat")), Issued: on(2015),
			Publisher: "Institute of Grain", PublisherPlace: "Washington, DC", Genre: "Report",
			Other: map[string]jsontext.Value{"number": jsontext.Value(`"12"`)}},
		parse: parsed,
	},
	"report that its author published": {
		written: `U.S. Department of Agriculture. (2011). _Wheat outlook_. Washington, DC: Author.`,
		want: models.CSL{Type: "report", Title: "Wheat outlook", Author: named(body("U.S. Department of Agriculture")), Issued: on(2011),
			Publisher: "U.S. Department of Agriculture", PublisherPlace: "Washington, DC"},
		parse: parsed,
	},
	"report of a research body": {
		written: `[Bread at School](https://example.org/b), by Ann Rye. Grain Research Center, 2015.`,
		want: models.CSL{Type: "report", Title: "Bread at School", Author: named(person("Ann", "Rye")), Issued: on(2015), Publisher: "Grain Research Center",
			URL: "https://example.org/b"},
		parse: parsed,
	},
	"dataset": {
		written: `Institute of Grain. (2019). _Flour prices 1990–2018_ (Version 2) [Data set]. Open Grain. https://doi.org/10.5555/12345`,
		want: models.CSL{Type: "dataset", Title: "Flour prices 1990–2018", Author: named(body("Institute of Grain")), Issued: on(2019), Publisher: "Open Grain",
			URL: "https://doi.org/10.5555/12345", DOI: "10.5555/12345", Genre: "Data set",
			Other: map[string]jsontext.Value{"version": jsontext.Value(`"2"`)}},
		parse: parsed,
	},
	"software": {
		written: `Rye, A. (2020). _Doughlab_ (Version 1.4.2) [Computer software]. Mill Works. https://example.org/doughlab`,
		want: models.CSL{Type: "software", Title: "Doughlab", Author: named(person("A.", "Rye")), Issued: on(2020), Publisher: "Mill Works",
			URL: "https://example.org/doughlab", Genre: "Computer software", Other: map[string]jsontext.Value{"version": jsontext.Value(`"1.4.2"`)}},
		parse: parsed,
	},
	"podcast, the role of its author lost": {
		written: `Germ, E. (Host). (2018, May 4). Why we knead (No. 12) [Audio podcast episode]. In _The Crumb_. Mill Radio. https://example.org/ep12`,
		want: models.CSL{Type: "broadcast", Title: "Why we knead", Author: named(person("E.", "Germ")), Issued: on(2018, 5, 4), ContainerTitle: "The Crumb",
			Publisher: "Mill Radio", URL: "https://example.org/ep12", Medium: "Audio podcast episode",
			Other: map[string]jsontext.Value{"number": jsontext.Value(`"12"`)}},
		parse: partial,
	},
	"podcast that is said to be one": {
		written: `Podcast: [Slow Rise](https://example.org/abc), Mill Hub, 2014.`,
		want:    models.CSL{Type: "broadcast", Title: "Slow Rise", Issued: on(2014), Publisher: "Mill Hub", URL: "https://example.org/abc", Medium: "Podcast"},
		parse:   parsed,
	},
	"film, the roles of its authors lost": {
		written: `Rye, A. (Producer), & Oat, B. (Director). (2010). _Loaves_ [Motion picture]. Ghent: Mill Films.`,
		want: models.CSL{Type: "motion_picture", Title: "Loaves", Author: named(person("A.", "Rye"), person("B.", "Oat")), Issued: on(2010), Publisher: "Mill Films",
			PublisherPlace: "Ghent", Medium: "Motion picture"},
		parse: partial,
	},
	"film of a channel": {
		written: `Mill Channel. (2014, July 8). _Oven basics_ [Video file]. Retrieved from https://www.youtube.com/watch?v=abc`,
		want: models.CSL{Type: "motion_picture", Title: "Oven basics", Author: named(body("Mill Channel")), Issued: on(2014, 7, 8),
			URL: "https://www.youtube.com/watch?v=abc", Medium: "Video file"},
		parse: parsed,
	},
	"film with its length": {
		written: `[Oven Basics](https://www.youtube.com/watch?v=abc), Mill Channel (12:04).`,
		want:    models.CSL{Type: "motion_picture", Title: "Oven Basics", Publisher: "Mill Channel", URL: "https://www.youtube.com/watch?v=abc", Dimensions: "12:04"},
		parse:   parsed,
	},
	"clip of a film": {
		written: `[Oven Basics](https://youtu.be/abc?t=65), 1:05-2:10, by Ann Rye. Mill Channel, 2015.`,
		want: models.CSL{Type: "motion_picture", Title: "Oven Basics", Author: named(person("Ann", "Rye")), Issued: on(2015), Publisher: "Mill Channel",
			URL: "https://youtu.be/abc?t=65"},
		parse: parsed, locator: at("timestamp", "1:05-2:10"),
	},
	"talk": {
		written: `Rye, A. (2012, March). Why bread matters [Video]. TED Conferences. https://www.ted.com/talks/x`,
		want: models.CSL{Type: "motion_picture", Title: "Why bread matters", Author: named(person("A.", "Rye")), Issued: on(2012, 3), Publisher: "TED Conferences",
			URL: "https://www.ted.com/talks/x", Medium: "Video"},
		parse: parsed,
	},
	"film with its length and site": {
		written: `[Oven Basics](https://www.youtube.com/watch?v=abc) (YouTube, 4:32)`,
		want:    models.CSL{Type: "motion_picture", Title: "Oven Basics", Publisher: "YouTube", URL: "https://www.youtube.com/watch?v=abc", Dimensions: "4:32"},
		parse:   parsed,
	},
	"newspaper without italics": {
		written: `Krug, N. “Why Bread Matters.” The New York Times, May 3, 2014.`,
		want: models.CSL{Type: "article-newspaper", Title: "Why Bread Matters", Author: named(person("N.", "Krug")), Issued: on(2014, 5, 3),
			ContainerTitle: "The New York Times"},
		parse: parsed,
	},
	"blog post": {
		written: `Rye, A. (2016, May 3). Shaping a loaf [Blog post]. Retrieved from https://example.org/shaping`,
		want: models.CSL{Type: "post-weblog", Title: "Shaping a loaf", Author: named(person("A.", "Rye")), Issued: on(2016, 5, 3), URL: "https://example.org/shaping",
			Genre: "Blog post"},
		parse: parsed,
	},
	"blog by its address": {
		written: `Rye, A. (2014, May 3). Slow rise. Retrieved from https://medium.com/@rye/slow-rise`,
		want:    models.CSL{Type: "post-weblog", Title: "Slow rise", Author: named(person("A.", "Rye")), Issued: on(2014, 5, 3), URL: "https://medium.com/@rye/slow-rise"},
		parse:   parsed,
	},
	"blog by its name": {
		written: `[Slow Rise](https://example.org/r), by Ann Rye, Loaf Blog.`,
		want:    models.CSL{Type: "post-weblog", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Publisher: "Loaf Blog", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"page without date": {
		written: `Bakers Guild. (n.d.). _Safe ovens_. Retrieved from https://example.org/safe`,
		want:    models.CSL{Type: "webpage", Title: "Safe ovens", Author: named(body("Bakers Guild")), URL: "https://example.org/safe"},
		parse:   parsed,
	},
	"page, retrieved from": {
		written: `Miller, F. (2012). Stone or steel? Retrieved from http://www.example.org/stone`,
		want:    models.CSL{Type: "webpage", Title: "Stone or steel?", Author: named(person("F.", "Miller")), Issued: on(2012), URL: "http://www.example.org/stone"},
		parse:   parsed,
	},
	"page, available at": {
		written: `Rye, A. (2014) _Slow Rise_. Available at: https://example.org/r (Accessed: 3 May 2017).`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("A.", "Rye")), Issued: on(2014), URL: "https://example.org/r",
			Other: map[string]jsontext.Value{"accessed": jsontext.Value(`{"date-parts":[[2017,5,3]]}`)}},
		parse: parsed,
	},
	"page in a wiki, archived": {
		written: `Slow Rise. Mill Lab wiki. [Archived copy](https://example.org/r)`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Publisher: "Mill Lab wiki", URL: "https://example.org/r"},
		parse:   partial,
	},
	"page in a site": {
		written: `Ann Rye (2010). [Slow Rise](https://example.org/r). _Loaf Online_.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2010), ContainerTitle: "Loaf Online",
			URL: "https://example.org/r"},
		parse: parsed,
	},
	"interview after its author": {
		written: `Oat, B. (2017, June 1). Personal interview.`,
		want:    models.CSL{Type: "interview", Title: "Personal interview", Author: named(person("B.", "Oat")), Issued: on(2017, 6, 1)},
		parse:   parsed,
	},
	"interview of one by another": {
		written: `Ann Rye, interview by Bo Oat, May 3, 2014.`,
		want:    models.CSL{Type: "interview", Title: "interview by Bo Oat", Author: named(person("Ann", "Rye")), Issued: on(2014, 5, 3)},
		parse:   parsed,
	},
	"interview, date in figures": {
		written: `Phone interview with Ann Rye, 5/3/2016.`,
		want: models.CSL{Type: "interview", Title: "Phone interview with Ann Rye", Author: named(person("Ann", "Rye")),
			Issued: &models.CSLDate{DateParts: [][]int{{2016}}, Literal: "5/3/2016"}},
		parse: parsed,
	},
	"interview with more words": {
		written: `Interview with Ann Rye, librarian, May 2016.`,
		want:    models.CSL{Type: "interview", Title: "Interview with Ann Rye", Author: named(person("Ann", "Rye")), Issued: on(2016, 5)},
		parse:   partial,
	},
	"personal communication": {
		written: `Ann Rye, personal communication, May 3, 2016.`,
		want:    models.CSL{Type: "personal_communication", Title: "personal communication", Author: named(person("Ann", "Rye")), Issued: on(2016, 5, 3)},
		parse:   parsed,
	},
	"stub in parentheses": {
		written: `(Rye, 2012)`,
		want:    models.CSL{Type: "document", Author: named(models.CSLName{Family: "Rye"}), Issued: on(2012)},
		parse:   partial,
	},
	"stub with a page": {
		written: `Rye & Oat, 2012, p. 14`,
		want:    models.CSL{Type: "document", Author: named(models.CSLName{Family: "Rye"}, models.CSLName{Family: "Oat"}), Issued: on(2012)},
		parse:   partial, locator: at("page", "14"),
	},
}

func TestKinds(t *testing.T) { checkReferences(t, kindReferences) }
