package cite_test

import (
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// Names of persons and bodies, and those that may be either.
var nameReferences = map[string]reference{
	"particles before the family name": {
		written: `van der Berg, J. P., & Von Trapp, M. (2001). Oats. _Grain, 4_, 1–2.`,
		want: models.CSL{Type: "article-journal", Title: "Oats",
			Author: named(models.CSLName{Family: "Berg", Given: "J. P.", NonDroppingParticle: "van der"}, person("M.", "Von Trapp")), Issued: on(2001),
			ContainerTitle: "Grain", Volume: "4", Page: "1-2"},
		parse: parsed,
	},
	"particles in Spanish": {
		written: `de la Cruz, M. (2001). _Corn_. Puebla: Molino.`,
		want: models.CSL{Type: "book", Title: "Corn", Author: named(models.CSLName{Family: "Cruz", Given: "M.", NonDroppingParticle: "de la"}), Issued: on(2001),
			Publisher: "Molino", PublisherPlace: "Puebla"},
		parse: parsed,
	},
	"particles in names as they are said": {
		written: `[Slow Rise](https://example.org/r), by Alexander von Humboldt and María de los Ángeles, 1845.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise",
			Author: named(models.CSLName{Family: "Humboldt", Given: "Alexander", NonDroppingParticle: "von"}, models.CSLName{Family: "Ángeles", Given: "María", NonDroppingParticle: "de los"}),
			Issued: on(1845), URL: "https://example.org/r"},
		parse: parsed,
	},
	"two family names": {
		written: `García Márquez, G. (1967). _Cien panes_. Buenos Aires: Editorial Molino.`,
		want: models.CSL{Type: "book", Title: "Cien panes", Author: named(person("G.", "García Márquez")), Issued: on(1967), Publisher: "Editorial Molino",
			PublisherPlace: "Buenos Aires"},
		parse: parsed,
	},
	"Jr. after initials": {
		written: `King, M. L., Jr. (1967). _Where do we go_. Boston: Beacon Press.`,
		want: models.CSL{Type: "book", Title: "Where do we go", Author: named(models.CSLName{Family: "King", Given: "M. L.", Suffix: "Jr."}), Issued: on(1967),
			Publisher: "Beacon Press", PublisherPlace: "Boston"},
		parse: parsed,
	},
	"Jr. after a comma, among others": {
		written: `[Slow Rise](https://example.org/r), by Martin Luther King, Jr. and Ann Rye. 1967.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise",
			Author: named(models.CSLName{Family: "King", Given: "Martin Luther", Suffix: "Jr."}, person("Ann", "Rye")), Issued: on(1967),
			URL: "https://example.org/r"},
		parse: parsed,
	},
	"III among others": {
		written: `Oat, R., III, & Rye, A. (2010). _Crumb_. Mill Press.`,
		want: models.CSL{Type: "book", Title: "Crumb", Author: named(models.CSLName{Family: "Oat", Given: "R.", Suffix: "III"}, person("A.", "Rye")), Issued: on(2010),
			Publisher: "Mill Press"},
		parse: parsed,
	},
	"initials with a hyphen, names left out": {
		written: `Sartre, J.-P., ... Spelt, Z. (2015). Crumbs. _Grain, 4_, 1–2.`,
		want: models.CSL{Type: "article-journal", Title: "Crumbs", Author: named(person("J.-P.", "Sartre"), person("Z.", "Spelt")), Issued: on(2015),
			ContainerTitle: "Grain", Volume: "4", Page: "1-2"},
		parse: partial,
	},
	"names written small": {
		written: `boyd, d. (2014). _It's complicated: The lives of bakers_. New Haven, CT: Yale University Press.`,
		want: models.CSL{Type: "book", Title: "It's complicated: The lives of bakers", Author: named(person("d.", "boyd")), Issued: on(2014),
			Publisher: "Yale University Press", PublisherPlace: "New Haven, CT"},
		parse: parsed,
	},
	"names in full that are not known": {
		written: `Wheatley, Quercus. _Communities of Bread_. Mill Press, 1998, p. 45.`,
		want:    models.CSL{Type: "book", Title: "Communities of Bread", Author: named(person("Quercus", "Wheatley")), Issued: on(1998), Publisher: "Mill Press"},
		parse:   parsed, locator: at("page", "45"),
	},
	"apostrophes": {
		written: `O'Neil, C., & D'Angelo, M. (2014). _Slow rise_. Mill Press.`,
		want:    models.CSL{Type: "book", Title: "Slow rise", Author: named(person("C.", "O'Neil"), person("M.", "D'Angelo")), Issued: on(2014), Publisher: "Mill Press"},
		parse:   parsed,
	},
	"Cyrillic": {
		written: `Иванова, А. (2015). Хлеб и соль. _Журнал пекаря, 3_(2), 10–14.`,
		want: models.CSL{Type: "article-journal", Title: "Хлеб и соль", Author: named(person("А.", "Иванова")), Issued: on(2015), ContainerTitle: "Журнал пекаря",
			Volume: "3", Issue: "2", Page: "10-14"},
		parse: parsed,
	},
	"Chinese": {
		written: `王小明. (2018). _面包_. 北京: 出版社.`,
		want:    models.CSL{Type: "report", Title: "面包", Author: named(body("王小明")), Issued: on(2018)},
		parse:   partial,
	},
	"given names in full, inverted": {
		written: `Rye, Ann and Oat, Bo. [Slow Rise](https://example.org/r). 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"names before a link": {
		written: `Ann Rye, [Slow Rise](https://example.org/r), Mill Hub, 2013.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2013), Publisher: "Mill Hub", URL: "https://example.org/r"},
		parse:   parsed,
	},
	"title of a doctor": {
		written: `[Slow Rise](https://example.org/r), by Dr. Ann Rye, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
	"degree after a name": {
		written: `[Slow Rise](https://example.org/r), by Ann Rye, Ph.D., 2011.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2011), URL: "https://example.org/r"},
		parse:   partial,
	},
	"and others": {
		written: `[Slow Rise](https://example.org/r), by Ann Rye and others, 2011.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2011), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a body of two words": {
		written: `[Slow Rise](https://example.org/r), by Digital Loaf, 2016.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("Digital Loaf")), Issued: on(2016), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a body of two words among persons": {
		written: `[Slow Rise](https://example.org/r), by Oven Works and Bo Oat, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("Oven Works"), person("Bo", "Oat")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a name that is not known": {
		written: `[Slow Rise](https://example.org/r), by Quercus Bran, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Quercus", "Bran")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a body by its words": {
		written: `[Slow Rise](https://example.org/r), by Common Grain Media, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("Common Grain Media")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"a body with and": {
		written: `[Slow Rise](https://example.org/r), by Boys & Girls Clubs of Ghent, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("Boys & Girls Clubs of Ghent")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"a body of one word": {
		written: `[Slow Rise](https://example.org/r), by OpenOven, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("OpenOven")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"one word that may be anything": {
		written: `[Slow Rise](https://example.org/r), by Crumbtopia, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("Crumbtopia")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a body after an article": {
		written: `[Slow Rise](https://example.org/r), by the Bakers of Ghent. 2012.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("Bakers of Ghent")), Issued: on(2012), URL: "https://example.org/r"},
		parse:   parsed,
	},
	"two bodies": {
		written: `[Slow Rise](https://example.org/r), by the U.S. Department of Agriculture and the Bread Council, 2011.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(body("U.S. Department of Agriculture"), body("Bread Council")), Issued: on(2011),
			URL: "https://example.org/r"},
		parse: parsed,
	},
	"a body with its acronym": {
		written: `National Bread Council (NBC). (2014). _Slow rise_. https://example.org/r`,
		want:    models.CSL{Type: "webpage", Title: "Slow rise", Author: named(body("National Bread Council")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a body that may be two": {
		written: `Ghent Department of Bread, Office of Flour. (2014). _Slow rise_.`,
		want:    models.CSL{Type: "book", Title: "Slow rise", Author: named(body("Ghent Department of Bread"), body("Office of Flour")), Issued: on(2014)},
		parse:   partial,
	},
	"persons and a body": {
		written: `Rye, A., Oat, B., & the Grain Team (2014). _Slow rise_. Mill Press.`,
		want: models.CSL{Type: "book", Title: "Slow rise", Author: named(person("A.", "Rye"), person("B.", "Oat"), body("Grain Team")), Issued: on(2014),
			Publisher: "Mill Press"},
		parse: parsed,
	},
	"editors, one of them a committee": {
		written: `Ghent Bread Council, 2012. _Education for bakers_. Edited by James W. Rye, Margaret L. Oat, and the Committee on Bread and Salt. Ghent: Mill Press.`,
		want: models.CSL{Type: "book", Title: "Education for bakers", Author: named(body("Ghent Bread Council")),
			Editor: named(person("James W.", "Rye"), person("Margaret L.", "Oat"), body("Committee on Bread and Salt")), Issued: on(2012),
			Publisher: "Mill Press", PublisherPlace: "Ghent"},
		parse: parsed,
	},
	"a person and whom they wrote for": {
		written: `[Slow Rise](https://example.org/r), by Ann Rye for Mill Hub, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
	"a person after the title": {
		written: `[Slow Rise](https://example.org/r). Ann Rye. Loaf Online. 2016.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2016), Publisher: "Loaf Online", URL: "https://example.org/r"},
		parse:   partial,
	},
	"persons and a body after the title": {
		written: `[Slow Rise](https://example.org/r), Ann Rye and Bo Oat, Mill Hub, 2014.`,
		want: models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye"), person("Bo", "Oat")), Issued: on(2014), Publisher: "Mill Hub",
			URL: "https://example.org/r"},
		parse: partial,
	},
	"a publisher that may be a person": {
		written: `[Slow Rise](https://example.org/r). Quercus Bran, 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Issued: on(2014), Publisher: "Quercus Bran", URL: "https://example.org/r"},
		parse:   partial,
	},
	"a linked name": {
		written: `[Slow Rise](https://example.org/r) by [Ann Rye](https://example.org/ann), 2014.`,
		want:    models.CSL{Type: "webpage", Title: "Slow Rise", Author: named(person("Ann", "Rye")), Issued: on(2014), URL: "https://example.org/r"},
		parse:   partial,
	},
}

func TestNames(t *testing.T) { checkReferences(t, nameReferences) }
