package render

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// load reads the blocks of a golden test.
func load[T any](t *testing.T, name string) *T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	v := new(T)
	if err := models.Decode(data, v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestGoldenFiles(t *testing.T) {
	s := load[models.Section](t, "section.json")
	var kinds []models.BlockKind
	s.Blocks.Walk(func(b models.Block, _ int) bool {
		kinds = append(kinds, b.Base().Kind)
		return true
	})
	for _, kind := range blockKinds {
		if !slices.Contains(kinds, kind) {
			t.Errorf("section.json has no %s", kind)
		}
	}
	ws := load[models.Worksheet](t, "worksheet.json")
	find := func(ref models.Ref) models.Record {
		if ref.Type == models.KindWorksheet {
			return ws
		}
		return nil
	}
	text, _ := Text(s.Blocks, find)
	for name, got := range map[string]string{
		"section.html":           Section(s, models.NumberAsWritten),
		"section-first-use.html": Section(s, models.NumberFirstUse),
		"section.md":             Markdown(s, find),
		"section.txt":            text,
		"worksheet.html":         Worksheet(ws),
		"worksheet.md":           WorksheetMarkdown(ws, NoLookup),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, got)
			if what := unsafe(got); strings.HasSuffix(name, ".html") && what != "" {
				t.Errorf("%s %s", name, what)
			}
		})
	}
}

var (
	idPattern   = regexp.MustCompile(` id="([^"]*)"`)
	hashPattern = regexp.MustCompile(` href="#([^"]*)"`)
)

func submatches(re *regexp.Regexp, s string) (out []string) {
	for _, m := range re.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	return out
}

func para(text models.Text) *models.Paragraph { return &models.Paragraph{Text: text} }

func TestNotesLeadThereAndBack(t *testing.T) {
	s := &models.Section{
		Blocks: models.Blocks{
			para("One[^2] and again[^2], [linked[^1]](/x)."),
			&models.List{Items: []models.ListItem{{Text: "a", Blocks: models.Blocks{para("b[^*]")}}, {Text: "c[^†]"}}},
			&models.Quote{Blocks: models.Blocks{para("q[^a]")}, Attribution: "who[^A]"},
		},
		Citations: []models.Citation{
			{Label: "1", Written: "First, see [^2]."}, {Label: "2", Written: "Second."}, {Label: "*"}, {Label: "†"}, {Label: "a"}, {Label: "A"}, {Label: "unmarked"},
		},
	}
	for numbering, want := range map[models.Numbering]string{
		models.NumberAsWritten: "1 2 * † a A unmarked",
		models.NumberFirstUse:  "2 1 * † a A unmarked",
	} {
		page := Section(s, numbering)
		ids := submatches(idPattern, page)
		if once := slices.Compact(slices.Sorted(slices.Values(ids))); len(once) != len(ids) {
			t.Errorf("%s: ids are not unique: %q", numbering, ids)
		}
		targets := submatches(hashPattern, page)
		for _, target := range targets {
			if !slices.Contains(ids, target) {
				t.Errorf("%s: #%s leads nowhere", numbering, target)
			}
		}
		for _, id := range ids {
			if strings.HasPrefix(id, "mark:") && !slices.Contains(targets, id) {
				t.Errorf("%s: nothing leads back to %s", numbering, id)
			}
		}
		var order []string
		p := newPage(Options{Citations: s.Citations, Numbering: numbering})
		p.blocks(s.Blocks)
		p.endnotes()
		for _, n := range p.order {
			order = append(order, n.citation.Label)
		}
		same(t, string(numbering), strings.Join(order, " "), want)
	}
}

// Numbers follow the order in which a reader meets the marks, whatever holds them.
func TestFirstUseNumbersInReadingOrder(t *testing.T) {
	var s models.Section
	for _, label := range strings.Split("hgfedcba", "") {
		s.Citations = append(s.Citations, models.Citation{Label: label})
	}
	cell := func(text models.Text, bs ...models.Block) models.Cell { return models.Cell{Text: text, Blocks: bs} }
	s.Blocks = models.Blocks{
		&models.List{Items: []models.ListItem{{Text: "[^a]", Blocks: models.Blocks{para("[^b]")}}, {Text: "[^c]"}}},
		&models.Quote{Blocks: models.Blocks{para("[^d]")}, Attribution: "[^e]"},
		&models.Table{Rows: [][]models.Cell{{cell("[^f]", para("[^g]")), cell("[^h]")}}},
	}
	page := Section(&s, models.NumberFirstUse)
	got := submatches(regexp.MustCompile(`doc-noteref">(\d)<`), page)
	same(t, "the numbers of the marks", strings.Join(got, ""), "12345678")
}

func TestAnchorsAreUnique(t *testing.T) {
	var bs models.Blocks
	for _, text := range []models.Text{"Bread", "Bread", "Bread 1", "*Bread*", "!", "?", "Note 1", "Brötchen & Öl"} {
		bs = append(bs, &models.Heading{Level: 2, Text: text})
	}
	bs = append(bs, &models.Heading{Level: 9, Text: "x", Anchor: `My "Own"`})
	page := Section(&models.Section{Blocks: bs, Citations: []models.Citation{{Label: "1"}}}, models.NumberAsWritten)
	same(t, "ids", strings.Join(submatches(idPattern, page), " "),
		"bread bread-1 bread-1-1 bread-2 section section-1 note-1 brotchen-and-ol my-own note:1")
}

func TestFill(t *testing.T) {
	asset, sheet, gone := models.NewRef(models.KindAsset, idA), models.NewRef(models.KindWorksheet, idA), models.NewRef(models.KindSection, idB)
	link := models.Text("[a](" + RecordLink{To: *sheet, Fragment: `b "c`}.String() + ") [d](" + RecordLink{To: *gone, Written: "e"}.String() + ")")
	worksheet := Worksheet(&models.Worksheet{Title: "W", Instructions: models.Blocks{&models.Image{Asset: asset}}})
	fragment := Fragment(&models.Fragment{Blocks: models.Blocks{para("F"), &models.WorksheetUse{Worksheet: sheet}}})
	page := Section(&models.Section{Blocks: models.Blocks{
		para(link), &models.FragmentUse{Fragment: models.NewRef(models.KindFragment, idA)},
		&models.WorksheetUse{Worksheet: models.NewRef(models.KindWorksheet, idB)}, &models.WorksheetUse{},
		&models.WorksheetUse{Worksheet: models.NewRef(models.KindWorksheet, "--><script>")},
	}}, models.NumberAsWritten)

	shown, linked := Placeholders(page)
	if want := []models.Ref{{Type: models.KindFragment, ID: idA}, {Type: models.KindWorksheet, ID: idB}}; !slices.Equal(shown, want) {
		t.Errorf("Placeholders shows %v, want %v", shown, want)
	}
	if want := []models.Ref{*sheet, *gone}; !slices.Equal(linked, want) {
		t.Errorf("Placeholders links %v, want %v", linked, want)
	}
	got := Fill(page, Resolver{
		Href: func(ref models.Ref) string {
			if ref.ID == idA {
				return models.Href(ref.Type, ref.ID)
			}
			return ""
		},
		HTML: func(ref models.Ref) string {
			return map[models.Ref]string{{Type: models.KindFragment, ID: idA}: fragment, *sheet: worksheet}[ref]
		},
	})
	same(t, "Fill", got, `<p><a href="/v1/worksheets/`+string(idA)+`#b &#34;c" data-lectern="worksheet/`+string(idA)+`">a</a> <a>d</a></p>
<p>F</p>
<section class="worksheet " aria-label="W">
<p class="worksheet-title">W</p>
<figure class="image"><img src="/v1/assets/`+string(idA)+`" data-lectern="asset/`+string(idA)+`" alt="" loading="lazy"></figure>
</section>

`)
}
