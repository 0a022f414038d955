package models

// Children gives the places where a block holds blocks, in reading order.
func Children(b Block) []*Blocks {
	switch b := b.(type) {
	case *List:
		out := make([]*Blocks, len(b.Items))
		for i := range b.Items {
			out[i] = &b.Items[i].Blocks
		}
		return out
	case *Quote:
		return []*Blocks{&b.Blocks}
	case *Box:
		return []*Blocks{&b.Blocks}
	case *Disclosure:
		return []*Blocks{&b.Blocks}
	case *Table:
		var out []*Blocks
		for _, rows := range [][][]Cell{b.Head, b.Rows} {
			for _, row := range rows {
				for i := range row {
					out = append(out, &row[i].Blocks)
				}
			}
		}
		return out
	}
	return nil
}

// Walk visits blocks and what they hold, in reading order, a block before its children. It stops going deeper where
// visit gives false. Depth is 0 at the top.
func (bs Blocks) Walk(visit func(b Block, depth int) bool) {
	bs.walk(visit, 0)
}

func (bs Blocks) walk(visit func(Block, int) bool, depth int) {
	for _, b := range bs {
		if !visit(b, depth) {
			continue
		}
		for _, children := range Children(b) {
			children.walk(visit, depth+1)
		}
	}
}

// Texts gives the inline texts of one block, not of its children, in reading order.
func Texts(b Block) []*Text {
	switch b := b.(type) {
	case *Heading:
		return []*Text{&b.Text}
	case *Paragraph:
		return []*Text{&b.Text}
	case *List:
		out := make([]*Text, len(b.Items))
		for i := range b.Items {
			out[i] = &b.Items[i].Text
		}
		return out
	case *Quote:
		return []*Text{&b.Attribution}
	case *Definition:
		return []*Text{&b.Text}
	case *Box:
		return []*Text{&b.Title}
	case *Disclosure:
		return []*Text{&b.Label}
	case *Table:
		out := []*Text{&b.Caption}
		for _, rows := range [][][]Cell{b.Head, b.Rows} {
			for _, row := range rows {
				for i := range row {
					out = append(out, &row[i].Text)
				}
			}
		}
		return out
	case *Image:
		return []*Text{&b.Caption}
	case *Video:
		return []*Text{&b.Credit, &b.Caption}
	case *Download:
		return []*Text{&b.Label}
	}
	return nil
}

// blockRef gives the place of a block's reference, or nil for blocks that have none.
func blockRef(b Block) **Ref {
	switch b := b.(type) {
	case *Quote:
		return &b.Source
	case *Image:
		return &b.Asset
	case *Download:
		return &b.Asset
	case *WorksheetUse:
		return &b.Worksheet
	case *FragmentUse:
		return &b.Fragment
	}
	return nil
}

// Refs gives the places of all references in the blocks, children included.
func (bs Blocks) Refs() []**Ref {
	var out []**Ref
	bs.Walk(func(b Block, _ int) bool {
		if at := blockRef(b); at != nil && *at != nil {
			out = append(out, at)
		}
		return true
	})
	return out
}

// Refs gives the places of all references in a record to records that it does not own, so that they can be read,
// resolved or rewritten. Inline links to records are not among them: render finds those.
func Refs(r Record) []**Ref {
	var out []**Ref
	add := func(at **Ref) {
		if *at != nil {
			out = append(out, at)
		}
	}
	switch r := r.(type) {
	case *Module:
		add(&r.Cover)
		for i := range r.Objectives {
			add(&r.Objectives[i].Section)
		}
	case *Section:
		out = append(out, r.Blocks.Refs()...)
		for i := range r.Citations {
			add(&r.Citations[i].Source)
		}
	case *Worksheet:
		out = append(out, r.Instructions.Refs()...)
		if r.Document != nil {
			add(&r.Document.Asset)
		}
		for i := range r.AnswerKey {
			out = append(out, r.AnswerKey[i].Blocks.Refs()...)
		}
	case *Fragment:
		out = append(out, r.Blocks.Refs()...)
	}
	return out
}

// PromptTexts gives the inline texts of one prompt in reading order; of a group the lead-in, not its prompts.
func PromptTexts(p Prompt) []*Text {
	base := p.PromptFields()
	out := []*Text{&base.Text}
	each := func(texts []Text) {
		for i := range texts {
			out = append(out, &texts[i])
		}
	}
	switch p := p.(type) {
	case *Group:
		out = append(out, &p.LeadIn)
	case *Choice:
		each(p.Options)
	case *Rating:
		each(p.Scale)
		each(p.Statements)
	case *Grid:
		each(p.Columns)
		for i := range p.Rows {
			out = append(out, &p.Rows[i].Label)
			each(p.Rows[i].Cells)
		}
	case *Matching:
		each(p.Left)
		each(p.Right)
	}
	return append(out, &base.Help)
}

// Walk visits prompts and the prompts of groups, in order.
func (ps Prompts) Walk(visit func(p Prompt, depth int)) {
	ps.walk(visit, 0)
}

func (ps Prompts) walk(visit func(Prompt, int), depth int) {
	for _, p := range ps {
		visit(p, depth)
		if g, ok := p.(*Group); ok {
			g.Prompts.walk(visit, depth+1)
		}
	}
}
