package docs

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonWidth is how many characters of JSON stand on one line: as many as fit beside the menu on a common screen.
const jsonWidth = 76

// JSON lays out JSON for people: an object or a list on one line where it fits, else a line for each of its parts.
func JSON(text []byte) (string, error) {
	var b strings.Builder
	err := layOut(&b, text, 0)
	return b.String(), err
}

func layOut(b *strings.Builder, text jsontext.Value, indent int) error {
	line := bytes.Clone(text)
	value := jsontext.Value(line)
	if err := value.Format(jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true)); err != nil {
		return fmt.Errorf("lay out JSON: %w", err)
	}
	kind := value.Kind()
	if kind != '{' && kind != '[' || len(value) <= 2 || indent+len([]rune(string(value))) <= jsonWidth {
		b.Write(value)
		return nil
	}
	return layOutParts(b, text, indent+2)
}

// layOutParts writes each part of an object or list on a line of its own.
func layOutParts(b *strings.Builder, text jsontext.Value, indent int) error {
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	open, err := dec.ReadToken()
	if err != nil {
		return fmt.Errorf("lay out JSON: %w", err)
	}
	b.WriteString(open.String())
	isObject := open.Kind() == '{'
	for between := "\n"; dec.PeekKind() != '}' && dec.PeekKind() != ']'; between = ",\n" {
		b.WriteString(between + strings.Repeat(" ", indent))
		part, err := dec.ReadValue()
		if err != nil {
			return fmt.Errorf("lay out JSON: %w", err)
		}
		if isObject {
			b.WriteString(string(part) + ": ")
			if part, err = dec.ReadValue(); err != nil {
				return fmt.Errorf("lay out JSON: %w", err)
			}
		}
		if err := layOut(b, bytes.Clone(part), indent); err != nil {
			return err
		}
	}
	b.WriteString("\n" + strings.Repeat(" ", indent-2))
	closing := "}"
	if !isObject {
		closing = "]"
	}
	b.WriteString(closing)
	return nil
}
