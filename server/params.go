package server

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// Sizes of lists.
const (
	defaultLimit = 25
	maxLimit     = 100
)

// params reads query parameters strictly: unknown, repeated and unreadable ones are errors that name them. All that
// is wrong is reported at once.
type params struct {
	values map[string]string
	errs   []models.FieldError
}

// query reads the parameters of a request, of which only the named ones are allowed. A name that ends in [ allows all
// that begin so.
func query(c *fiber.Ctx, allowed ...string) *params {
	p := &params{values: map[string]string{}}
	c.Context().QueryArgs().VisitAll(func(key, value []byte) {
		name := string(key)
		switch {
		case !utf8.ValidString(name) || !utf8.Valid(value):
			p.fail(strings.ToValidUTF8(name, "�"), "is not valid UTF-8")
		case !isAllowed(allowed, name):
			p.fail(name, "unknown parameter: "+allowedList(allowed))
		case p.has(name):
			p.fail(name, "is given twice")
		default:
			p.values[name] = string(value)
		}
	})
	return p
}

func isAllowed(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return a == name || strings.HasSuffix(a, "[") && strings.HasPrefix(name, a)
	})
}

func allowedList(allowed []string) string {
	if len(allowed) == 0 {
		return "this takes none"
	}
	return "allowed are " + strings.ReplaceAll(strings.Join(allowed, ", "), "[", "[…]")
}

// fail says what is wrong with a parameter. The first thing is enough: others often follow from it.
func (p *params) fail(name, detail string) {
	if slices.ContainsFunc(p.errs, func(e models.FieldError) bool { return e.Param == name }) {
		return
	}
	p.errs = append(p.errs, models.FieldError{Param: name, Detail: detail})
}

func (p *params) has(name string) bool {
	_, ok := p.values[name]
	return ok
}

// err is what was wrong, nil when nothing was.
func (p *params) err() error {
	if len(p.errs) == 0 {
		return nil
	}
	return &models.Error{Kind: models.KindMalformed, Message: "a query parameter is not right", Fields: p.errs}
}

// limit reads how many records are wanted.
func (p *params) limit() int {
	if !p.has("limit") {
		return defaultLimit
	}
	n, err := strconv.Atoi(p.values["limit"])
	if err != nil || n < 1 || n > maxLimit {
		p.fail("limit", fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
		return defaultLimit
	}
	return n
}

// cursor reads a place in a list. What is in it is the list's to judge.
func (p *params) cursor(name string) string {
	if p.has(name) && p.values[name] == "" {
		p.fail(name, "is empty: take it from the links of an answer, or leave it out")
	}
	return p.values[name]
}

// names reads a comma-separated list of different allowed values.
func (p *params) names(name string, allowed []string) []string {
	if !p.has(name) {
		return nil
	}
	out := make([]string, 0, 1+strings.Count(p.values[name], ","))
	for v := range strings.SplitSeq(p.values[name], ",") {
		switch {
		case !slices.Contains(allowed, v):
			p.fail(name, fmt.Sprintf("%q is not allowed: choose from %s", v, strings.Join(allowed, ", ")))
		case slices.Contains(out, v):
			p.fail(name, fmt.Sprintf("has %q twice", v))
		default:
			out = append(out, v)
		}
	}
	return out
}

// bodyForms are the values of body=.
var bodyForms = []string{string(content.BodyBlocks), string(content.BodyHTML), string(content.BodyMarkdown), string(content.BodyText)}

// body reads which forms of content are wanted; without the parameter the given ones.
func (p *params) body(otherwise ...content.Body) content.BodySet {
	set := content.BodySet{}
	if !p.has("body") {
		for _, b := range otherwise {
			set[b] = true
		}
		return set
	}
	for _, v := range p.names("body", bodyForms) {
		set[content.Body(v)] = true
	}
	return set
}
