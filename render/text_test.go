package render

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
)

func TestTextLeadsToItsBlocks(t *testing.T) {
	b := func(id string) models.BlockBase { return models.BlockBase{ID: id} }
	inner := &models.Fragment{Blocks: models.Blocks{&models.Heading{BlockBase: b("f1"), Text: "Flour"}, &models.Paragraph{BlockBase: b("f2"), Text: "Rye."}}}
	sheet := &models.Worksheet{Title: "Taste", Instructions: models.Blocks{&models.Heading{BlockBase: b("w1"), Text: "Try"}}, Prompts: models.Prompts{models.NewPrompt(models.PromptQuestion)}}
	sheet.Prompts[0].PromptFields().Text = "How is it?"
	find := func(ref models.Ref) models.Record {
		switch ref.Type {
		case models.KindFragment:
			return inner
		case models.KindWorksheet:
			return sheet
		}
		return nil
	}
	bs := models.Blocks{
		&models.Paragraph{BlockBase: b("p1"), Text: "Before[^1]."},
		&models.Heading{BlockBase: b("h1"), Level: 2, Text: "Bread"},
		&models.List{BlockBase: b("l1"), Items: []models.ListItem{{Text: "a", Blocks: models.Blocks{&models.Paragraph{BlockBase: b("p2"), Text: "b"}}}, {Text: "c"}}},
		&models.Heading{BlockBase: b("h2"), Level: 2, Text: "Bread"},
		&models.Image{BlockBase: b("i1"), Alt: "not read"},
		&models.FragmentUse{BlockBase: b("u1"), Fragment: models.NewRef(models.KindFragment, idA)},
		&models.WorksheetUse{BlockBase: b("u2"), Worksheet: models.NewRef(models.KindWorksheet, idB)},
		&models.FragmentUse{BlockBase: b("u3")},
		&models.RawHTML{BlockBase: b("r1"), HTML: "<p>x<b>y</b><p>z<script>no</script>"},
	}
	text, spans := Text(bs, find)
	same(t, "Text", text, "Before.\nBread\na\nb\nc\nBread\nFlour\nRye.\nTaste\nTry\nHow is it?\nxy z\n")
	type part struct{ Text, BlockID, Anchor string }
	var got []part
	for i, s := range spans {
		end := len(text)
		if i+1 < len(spans) {
			end = spans[i+1].Start
		}
		got = append(got, part{text[s.Start:end], s.BlockID, s.Anchor})
	}
	want := []part{
		{"Before.\n", "p1", ""}, {"Bread\n", "h1", "bread"}, {"a\n", "l1", "bread"}, {"b\n", "p2", "bread"}, {"c\n", "l1", "bread"},
		{"Bread\n", "h2", "bread-1"}, {"Flour\nRye.\n", "u1", "bread-1"}, {"Taste\nTry\nHow is it?\n", "u2", "bread-1"}, {"xy z\n", "r1", "bread-1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

// plainWord draws words with characters that mean something at the start of a line or nowhere.
var plainWord = rapid.StringMatching(`[a-zé]{1,6}[.,:;)]?|[0-9]{1,3}[.)]|[-+#>=:|]{1,3}|\*|_|&|\(|~~~|#`)

// plainLines draws texts of such words; what is markup within a line is escaped, what is markup at its start is not.
var plainLines = rapid.Map(rapid.SliceOfN(rapid.SliceOfN(plainWord, 1, 5), 1, 3), func(lines [][]string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.Join(line, " ")
	}
	return out
})

func drawText(t *rapid.T) (models.Text, string) {
	lines := plainLines.Draw(t, "lines")
	source := strings.NewReplacer("_", `\_`, "~", `\~`, "&", `\&`).Replace(strings.Join(lines, "\n"))
	marked := rapid.SampledFrom([]string{"", "*", "**", "~~"}).Draw(t, "marked")
	return models.Text(source + "\nend " + marked + "x" + marked), strings.Join(lines, " ") + " end x"
}

func TestPlainLosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, want := drawText(t)
		if got := words(Plain(text)); got != want {
			t.Fatalf("Plain(%q) reads\n%s\nwant\n%s", text, got, want)
		}
		if got := htmlText(InlineHTML(text)); got != want {
			t.Fatalf("InlineHTML(%q) reads\n%s\nwant\n%s", text, got, want)
		}
	})
}

// drawBlocks draws paragraphs, lists, tables and quotes.
func drawBlocks(t *rapid.T, depth int) (bs models.Blocks, want []string) {
	text := func() models.Text {
		source, read := drawText(t)
		want = append(want, read)
		return source
	}
	children := func() models.Blocks {
		if depth == 2 {
			return nil
		}
		inner, read := drawBlocks(t, depth+1)
		want = append(want, read...)
		return inner
	}
	for range rapid.IntRange(1, 3).Draw(t, "blocks") {
		base := models.BlockBase{ID: "b"}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			bs = append(bs, &models.Paragraph{BlockBase: base, Text: text()})
		case 1:
			ordered := rapid.Bool().Draw(t, "ordered")
			bs = append(bs, &models.List{BlockBase: base, Ordered: ordered, Start: 9, Items: []models.ListItem{{Text: text(), Blocks: children()}, {Text: text()}}})
		case 2:
			inner := append(models.Blocks{&models.Paragraph{Text: text()}}, children()...)
			bs = append(bs, &models.Quote{BlockBase: base, Blocks: inner})
		case 3:
			cell := func() models.Cell { return models.Cell{Text: text()} }
			bs = append(bs, &models.Table{BlockBase: base, Caption: text(), Head: [][]models.Cell{{cell(), cell()}}, Rows: [][]models.Cell{{cell(), cell()}}})
		case 4:
			bs = append(bs, &models.Heading{BlockBase: base, Level: 3, Text: text()})
		}
	}
	return bs, want
}

func TestTextLosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bs, want := drawBlocks(t, 0)
		text, spans := Text(bs, NoLookup)
		if got := words(text); got != strings.Join(want, " ") {
			t.Fatalf("Text reads\n%s\nwant\n%s", got, strings.Join(want, " "))
		}
		last := -1
		for _, s := range spans {
			if s.Start <= last || s.Start >= len(text) || s.Start > 0 && text[s.Start-1] != '\n' {
				t.Fatalf("span %+v after %d begins no line of %q", s, last, text)
			}
			last = s.Start
		}
	})
}

// read gives the words of Markdown as any reader of GFM with footnotes would.
func read(t interface{ Fatal(...any) }, markdown string) string {
	var out bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Convert([]byte(markdown), &out); err != nil {
		t.Fatal(err)
	}
	return htmlText(out.String())
}

func TestMarkdownSaysTheSameWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bs, want := drawBlocks(t, 0)
		markdown := Markdown(&models.Section{Blocks: bs}, NoLookup)
		if got := read(t, markdown); got != strings.Join(want, " ") {
			t.Fatalf("read again\n%s\nsays\n%s\nwant\n%s", markdown, got, strings.Join(want, " "))
		}
	})
}

func TestWorksheetsAreReadOutInFull(t *testing.T) {
	n := 0
	var all []string
	ws := &models.Worksheet{Prompts: (&filler{next: func() string {
		n++
		all = append(all, "word"+strings.Repeat("x", n))
		return all[n-1]
	}}).prompts()}
	var prompts []string
	ws.Prompts.Walk(func(p models.Prompt, _ int) {
		for _, text := range models.PromptTexts(p) {
			prompts = append(prompts, string(*text))
		}
	})
	for name, got := range map[string]string{
		"WorksheetText":     WorksheetText(ws, NoLookup),
		"WorksheetMarkdown": read(t, WorksheetMarkdown(ws, NoLookup)),
		"Worksheet":         htmlText(Worksheet(ws)),
	} {
		said := strings.FieldsFunc(got, func(r rune) bool { return !strings.ContainsRune("wordx", r) })
		for _, word := range prompts {
			if !slices.Contains(said, word) {
				t.Errorf("%s does not say %q", name, word)
			}
		}
	}
}

// A worksheet whose instructions hold itself, or a fragment that holds it, is read out once.
func TestCirclesEnd(t *testing.T) {
	ref := models.NewRef(models.KindWorksheet, idA)
	ws := &models.Worksheet{Title: "Round", Instructions: models.Blocks{&models.WorksheetUse{Worksheet: ref}}}
	find := func(models.Ref) models.Record { return ws }
	bs := models.Blocks{&models.WorksheetUse{Worksheet: ref}}
	text, _ := Text(bs, find)
	same(t, "Text", text, "Round\n")
	same(t, "Markdown", Markdown(&models.Section{Blocks: bs}, find), "> **Round**\n")
	filled := Fill(Fragment(&models.Fragment{Blocks: bs}), Resolver{HTML: func(models.Ref) string { return Worksheet(ws) }})
	if n := strings.Count(filled, "Round</p>"); n == 0 || n > maxNesting || strings.Contains(filled, recordScheme) {
		t.Errorf("Fill gives %d worksheets:\n%s", n, filled)
	}
}
