package server

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// What the parameters of lists begin with that have the name of a field in them.
const (
	filterPrefix = "filter["
	fieldsPrefix = "fields["
)

// wants are the parameters that reads of one record and of lists have in common.
type wants struct {
	body    content.BodySet
	include content.Include
	cuts    cuts
}

// read reads what a read of one record asks for: blocks, when the kind has content and no form of it is named.
func (p *params) read(kind models.Kind) wants {
	w := wants{include: p.include(kind)}
	if len(content.BodyFields(kind)) > 0 {
		w.body = p.body(content.BodyBlocks)
	}
	w.cuts = p.cuts(kind, w.include)
	return w
}

// request is what is asked of the content.
func (w wants) request(kind models.Kind, also ...models.Kind) content.ReadRequest {
	req := content.ReadRequest{Body: w.body, Include: w.include}
	req.Fields, req.FieldsOf = w.cuts.wanted(kind, w.include, also...)
	return req
}

// readParams names the parameters of a read of one record.
func readParams(kind models.Kind) []string {
	names := []string{"include", "fields", fieldsPrefix}
	if len(content.BodyFields(kind)) > 0 {
		names = append(names, "body")
	}
	return names
}

// listParams names the parameters of a list.
func listParams(kind models.Kind) []string {
	return append(readParams(kind), "limit", "after", "before", "page", "count", "sort", filterPrefix)
}

// list reads what is asked of a list.
func (p *params) list(kind models.Kind) (content.ListRequest, cuts) {
	req := content.ListRequest{Limit: p.limit(), Filters: p.filters(kind, content.NewFilter), Include: p.include(kind)}
	if len(content.BodyFields(kind)) > 0 {
		req.Body = p.body()
	}
	req.Sort, req.Desc = p.sort(content.Sorts(kind))
	p.place(&req)
	cuts := p.cuts(kind, req.Include)
	req.Fields, req.FieldsOf = cuts.wanted(kind, req.Include)
	return req, cuts
}

// place reads which part of a list is wanted.
func (p *params) place(req *content.ListRequest) {
	req.After, req.Before, req.Page, req.Count = p.cursor("after"), p.cursor("before"), p.page(req.Limit), p.flag("count")
	given := slices.DeleteFunc([]string{"after", "before", "page"}, func(name string) bool { return !p.has(name) })
	if len(given) > 1 {
		p.fail(given[1], "can't be given with "+given[0])
	}
}

// page reads the number of a page.
func (p *params) page(limit int) int {
	if !p.has("page") {
		return 0
	}
	last := content.MaxOffset/limit + 1
	n, err := strconv.Atoi(p.values["page"])
	if err != nil || n < 1 || n > last {
		p.fail("page", fmt.Sprintf("must be a whole number from 1 to %d: further on, use after with links.next", last))
		return 0
	}
	return n
}

// flag reads true or false; false when it is not given.
func (p *params) flag(name string) bool {
	if p.has(name) && p.values[name] != "true" && p.values[name] != "false" {
		p.fail(name, "must be true or false")
	}
	return p.values[name] == "true"
}

// sort reads the order of a list, backwards with a minus before its name.
func (p *params) sort(names []string) (name string, desc bool) {
	if !p.has("sort") {
		return "", false
	}
	name, desc = strings.CutPrefix(p.values["sort"], "-")
	if !slices.Contains(names, name) {
		p.fail("sort", "must be one of "+strings.Join(names, ", ")+", with - before it for the other way round")
	}
	return name, desc
}

// filters reads all filters, in the order of their names. read is what makes a filter of a field, a comparison and a value.
func (p *params) filters(kind models.Kind, read func(kind models.Kind, field, op, value string) (content.Filter, error)) []content.Filter {
	var out []content.Filter
	for _, name := range p.named(filterPrefix) {
		field, op, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, filterPrefix), "]"), "][")
		if !strings.HasSuffix(name, "]") || strings.ContainsAny(field+op, "[]") {
			p.fail(name, "is no filter: write filter[field]=value or filter[field][op]=value")
			continue
		}
		if !ok {
			op = "eq"
		}
		f, err := read(kind, field, op, p.values[name])
		if err != nil {
			p.fail(name, err.Error())
			continue
		}
		out = append(out, f)
	}
	return out
}

// named lists the parameters that begin with a prefix.
func (p *params) named(prefix string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.values)), func(name string) bool { return !strings.HasPrefix(name, prefix) })
}

// include reads the related records that are wanted.
func (p *params) include(kind models.Kind) content.Include {
	if !p.has("include") {
		return nil
	}
	in, err := content.ParseInclude(kind, p.values["include"])
	if err != nil {
		p.fail("include", err.Error())
	}
	return in
}

// cuts reads which fields are wanted: of the records themselves, and of those that are included or of other kinds that
// the answer has.
func (p *params) cuts(kind models.Kind, in content.Include, also ...models.Kind) cuts {
	out := cuts{}
	if p.has("fields") {
		out[kind.Plural()+ownFields] = p.cut("fields", kind)
	}
	included := append(in.Kinds(kind), also...)
	for _, name := range p.named(fieldsPrefix) {
		plural := strings.TrimSuffix(strings.TrimPrefix(name, fieldsPrefix), "]")
		at := slices.IndexFunc(included, func(k models.Kind) bool { return k.Plural() == plural })
		if at < 0 || name != fieldsPrefix+plural+"]" {
			p.fail(name, "names no kind of record that is included")
			continue
		}
		out[plural] = p.cut(name, included[at])
	}
	return out
}

// cut reads the names of fields. The id is always among them.
func (p *params) cut(name string, kind models.Kind) map[string]bool {
	bodies, names := content.BodyFields(kind), p.names(name, content.ViewFields(kind))
	keep := make(map[string]bool, 1+len(bodies)+len(names))
	keep["id"] = true
	for _, field := range bodies {
		keep[field] = true // there when body= asks for it
	}
	for _, field := range names {
		keep[field] = true
	}
	return keep
}

// sendList answers with a part of a list that get reads.
func sendList[V any](c *fiber.Ctx, kind models.Kind, get func(content.ListRequest) (content.Page[V], error)) error {
	p := query(c, listParams(kind)...)
	req, cuts := p.list(kind)
	if err := p.err(); err != nil {
		return err
	}
	page, err := get(req)
	if err != nil {
		return err
	}
	return sendJSON(c, list[any, listMeta]{
		Data: cuts.records(kind.Plural()+ownFields, anys(page.Items)), Included: cuts.included(page.Included),
		Links: linksOf(c, page.Next, page.Prev), Meta: listMeta{Limit: req.Limit, Total: page.Total},
	})
}

// sendRecord answers with one record that get reads.
func sendRecord[V any](c *fiber.Ctx, kind models.Kind, get func(content.ReadRequest) (content.One[V], error)) error {
	p := query(c, readParams(kind)...)
	w := p.read(kind)
	if err := p.err(); err != nil {
		return err
	}
	answer, err := get(w.request(kind))
	if err != nil {
		return err
	}
	data := w.cuts.records(kind.Plural()+ownFields, []any{answer.Data})
	return sendJSON(c, one[any]{Data: data[0], Included: w.cuts.included(answer.Included)})
}

func anys[V any](vs []V) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = v
	}
	return out
}
