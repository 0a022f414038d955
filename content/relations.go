package content

import "github.com/lectern-cms/lectern/models"

// relation is how records lead to others.
type relation struct {
	to   models.Kind
	says func(view any) []*models.Ref // what a view itself says of it; nil: the index of uses does, what content shows and links to
}

// relations are what each kind of record leads to, by the names that requests give them.
var relations = map[models.Kind]map[string]relation{
	models.KindCourse: {"modules": toMany(models.KindModule, func(v CourseView) []models.Ref { return v.Modules })},
	models.KindModule: {
		"course":     toOne(models.KindCourse, func(v ModuleView) *models.Ref { return v.Course }),
		"sections":   toMany(models.KindSection, func(v ModuleView) []models.Ref { return v.Sections }),
		"worksheets": toMany(models.KindWorksheet, func(v ModuleView) []models.Ref { return v.Worksheets }),
		"cover":      toOne(models.KindAsset, func(v ModuleView) *models.Ref { return v.Cover }),
	},
	models.KindSection: {
		"course":     toOne(models.KindCourse, func(v SectionView) *models.Ref { return v.Course }),
		"module":     toOne(models.KindModule, func(v SectionView) *models.Ref { return v.Module }),
		"parent":     toOne(models.KindSection, func(v SectionView) *models.Ref { return v.Parent }),
		"previous":   toOne(models.KindSection, func(v SectionView) *models.Ref { return v.Previous }),
		"next":       toOne(models.KindSection, func(v SectionView) *models.Ref { return v.Next }),
		"citations":  {to: models.KindCitation}, // which a section has in itself
		"sources":    {to: models.KindSource},
		"worksheets": {to: models.KindWorksheet},
		"fragments":  {to: models.KindFragment},
		"assets":     {to: models.KindAsset},
	},
	models.KindWorksheet: {
		"course":   toOne(models.KindCourse, func(v WorksheetView) *models.Ref { return v.Course }),
		"module":   toOne(models.KindModule, func(v WorksheetView) *models.Ref { return v.Module }),
		"shown_in": toMany(models.KindSection, func(v WorksheetView) []models.Ref { return v.ShownIn }),
		"assets":   {to: models.KindAsset},
	},
	models.KindCitation: {
		"course":  toOne(models.KindCourse, func(v CitationView) *models.Ref { return v.Course }),
		"module":  toOne(models.KindModule, func(v CitationView) *models.Ref { return v.Module }),
		"section": toOne(models.KindSection, func(v CitationView) *models.Ref { return v.Section }),
		"source":  toOne(models.KindSource, func(v CitationView) *models.Ref { return v.Source }),
	},
	models.KindSource: {"course": toOne(models.KindCourse, func(v SourceView) *models.Ref { return v.Course })},
	models.KindFragment: {
		"course":     toOne(models.KindCourse, func(v FragmentView) *models.Ref { return v.Course }),
		"worksheets": {to: models.KindWorksheet},
		"assets":     {to: models.KindAsset},
	},
	models.KindAsset: {"course": toOne(models.KindCourse, func(v AssetView) *models.Ref { return v.Course })},
}

func toOne[V any](to models.Kind, ref func(V) *models.Ref) relation {
	return relation{to, func(view any) []*models.Ref { return []*models.Ref{ref(view.(V))} }}
}

func toMany[V any](to models.Kind, refs func(V) []models.Ref) relation {
	return relation{to, func(view any) []*models.Ref {
		all := refs(view.(V))
		out := make([]*models.Ref, len(all))
		for i := range all {
			out[i] = &all[i]
		}
		return out
	}}
}

// Relations names what records of a kind can include, and the kind that each leads to.
func Relations(kind models.Kind) map[string]models.Kind {
	out := make(map[string]models.Kind, len(relations[kind]))
	for name, r := range relations[kind] {
		out[name] = r.to
	}
	return out
}
