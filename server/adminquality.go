package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
)

func (s *Server) courseSettings(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	settings, err := s.editor(c).CourseSettings(c.UserContext(), id(c))
	if err != nil {
		return err
	}
	return sendDraft(c, settings, settings.Version)
}

func (s *Server) setCourseSettings(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var edit content.CourseSettingsEdit
	if err := decode(c, &edit); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	settings, err := s.editor(c).SetCourseSettings(c.UserContext(), id(c), version, edit)
	if err != nil {
		return err
	}
	return sendDraft(c, settings, settings.Version)
}

// problemList is what is wrong with the drafts of a course.
type problemList struct {
	Data []content.CourseProblem `json:"data"`
	Meta problemMeta             `json:"meta"`
}

// problemMeta counts all problems, those too that are too many for the list.
type problemMeta struct {
	Limit  int                  `json:"limit"`
	Total  int                  `json:"total"`
	Counts map[content.Rule]int `json:"counts"`
}

func (s *Server) problems(c *fiber.Ctx) error {
	p := query(c, "rule")
	rule := content.Rule(p.values["rule"])
	if p.has("rule") && !content.ValidRule(rule) {
		p.fail("rule", "no such rule")
	}
	if err := p.err(); err != nil {
		return err
	}
	found, err := s.editor(c).Problems(c.UserContext(), id(c), rule)
	if err != nil {
		return err
	}
	return sendBody(c, problemList{found.Items, problemMeta{content.MaxProblems, found.Total, found.Counts}})
}
