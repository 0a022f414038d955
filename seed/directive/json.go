package directive

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// What Markdown can't hold exactly is written as JSON, behind a fence of its own. These kinds stand beside those of
// blocks and prompts.
const (
	kindNoteJSON       = "editor_note"
	kindDefinitionJSON = "note_definition"
)

// jsonNote is an editor note that is no comment: with the block that it follows by name.
type jsonNote struct {
	Kind string `json:"kind"`
	models.EditorNote
}

// jsonDefinition is a definition of a mark that "[^label]: text" can't hold.
type jsonDefinition struct {
	Kind  string      `json:"kind"`
	Label string      `json:"label"`
	Text  models.Text `json:"text"`
}

// placedNote is a jsonNote among blocks, until they are numbered.
type placedNote struct {
	models.BlockBase
	note models.EditorNote
}

// jsonBlock reads what stands behind a fence of JSON among blocks.
func (r *reader) jsonBlock(text string, at int) (models.Blocks, error) {
	switch jsonKind(text) {
	case kindNoteJSON:
		var n jsonNote
		if err := models.Decode([]byte(text), &n); err != nil {
			return nil, r.fail(at, "%v", err)
		}
		return models.Blocks{&placedNote{note: n.EditorNote}}, nil
	case kindDefinitionJSON:
		var d jsonDefinition
		if err := models.Decode([]byte(text), &d); err != nil {
			return nil, r.fail(at, "%v", err)
		}
		return nil, r.define(Definition{Label: d.Label, Text: d.Text}, at)
	}
	var bs models.Blocks
	if err := models.Decode([]byte("["+text+"]"), &bs); err != nil {
		return nil, r.fail(at, "%v", err)
	}
	if len(bs) != 1 {
		return nil, r.fail(at, "one block as JSON stands behind a fence, not %d", len(bs))
	}
	bad := false
	bs.Walk(func(b models.Block, _ int) bool {
		r.at[b] = at
		bad = bad || !validID(b.Base().ID)
		b.Base().Kind = "" // set again with the number
		return true
	})
	if bad {
		return nil, r.fail(at, "%v", errBadID)
	}
	return bs, nil
}

// jsonPrompt reads a prompt as JSON, nil if the text is something else.
func (r *reader) jsonPrompt(text string, at int) (models.Prompt, error) {
	if newPrompt(jsonKind(text)) == nil {
		return nil, nil
	}
	var ps models.Prompts
	if err := models.Decode([]byte("["+text+"]"), &ps); err != nil {
		return nil, r.fail(at, "%v", err)
	}
	if len(ps) != 1 {
		return nil, r.fail(at, "one prompt as JSON stands behind a fence, not %d", len(ps))
	}
	bad := false
	ps.Walk(func(p models.Prompt, _ int) {
		r.at[p] = at
		bad = bad || !validID(p.PromptFields().ID)
	})
	if bad {
		return nil, r.fail(at, "%v", errBadID)
	}
	return ps[0], nil
}

// jsonKind is the kind of a JSON object, "" if it says none.
func jsonKind(text string) string {
	dec := jsontext.NewDecoder(strings.NewReader(text))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '{' {
		return ""
	}
	for {
		name, err := dec.ReadToken()
		if err != nil || name.Kind() != '"' {
			return ""
		}
		if name.String() == "kind" {
			if v, err := dec.ReadToken(); err == nil && v.Kind() == '"' {
				return v.String()
			}
			return ""
		}
		if dec.SkipValue() != nil {
			return ""
		}
	}
}

// asJSON writes a value behind a fence.
func asJSON(v any) ([]string, error) {
	data, err := models.Encode(v)
	if err != nil {
		return nil, err
	}
	return []string{"```" + jsonInfo, string(data), "```"}, nil
}
