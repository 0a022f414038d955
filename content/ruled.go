package content

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// Rule names what is checked before a publish.
type Rule string

// Rules that keep a record from going live, whatever the settings of its course say.
const (
	RuleInTrash          Rule = "in_trash"          // it, or what it belongs to
	RuleReferenceMissing Rule = "reference_missing" // it shows or cites what does not exist
	RuleReferenceTrashed Rule = "reference_trashed" // or what is in the trash
	RuleUnresolvedMark   Rule = "unresolved_mark"   // a citation is marked that the section does not have
	RuleSlugClash        Rule = "slug_clash"        // another record at the same place has its slug
)

// Rules that a course may set.
const (
	RuleCitationWithoutText   Rule = "citation_without_text"
	RuleCitationWithoutSource Rule = "citation_without_source"
	RuleImageWithoutAlt       Rule = "image_without_alt"     // and not marked as decorative
	RuleHeadingLevelSkipped   Rule = "heading_level_skipped" // a heading is more than one level below the one before it (WCAG 2.2, technique G141)
	RuleDeadLink              Rule = "dead_link"             // a text links to a record that is not published, or to a page that was not imported
)

// Severity is what comes of a broken rule.
type Severity string

// The severities.
const (
	SeverityOff     Severity = "off"
	SeverityWarning Severity = "warning"
	SeverityError   Severity = "error" // the record can't be published
)

// Severities lists the severities.
func Severities() []Severity { return []Severity{SeverityOff, SeverityWarning, SeverityError} }

// Rules lists the rules that a course may set.
func Rules() []Rule {
	return []Rule{RuleCitationWithoutText, RuleCitationWithoutSource, RuleImageWithoutAlt, RuleHeadingLevelSkipped, RuleDeadLink}
}

// allRules lists all rules.
func allRules() []Rule {
	return append([]Rule{RuleInTrash, RuleReferenceMissing, RuleReferenceTrashed, RuleUnresolvedMark, RuleSlugClash}, Rules()...)
}

// ValidRule tells whether r is one of the rules.
func ValidRule(r Rule) bool { return slices.Contains(allRules(), r) }

// broken notes that a record breaks a rule that its course may set.
func (c *closure) broken(rule Rule, r models.Record, detail string) error {
	severity, err := c.severity(rule, r)
	if err != nil {
		return err
	}
	switch severity {
	case SeverityError:
		c.block(rule, r, detail)
	case SeverityWarning:
		c.plan.Warnings = append(c.plan.Warnings, Problem{Rule: rule, Ref: adminRef(r), Detail: detail})
	case SeverityOff:
	}
	return nil
}

// severity is what the course of a record says of a rule.
func (c *closure) severity(rule Rule, r models.Record) (Severity, error) {
	course, err := c.courseOf(r)
	if err != nil {
		return "", err
	}
	if c.settings[course] == nil {
		if c.settings[course], err = settingsOf(c.tx, course); err != nil {
			return "", err
		}
	}
	return c.settings[course].Rules[rule], nil
}

// courseOf is the course that a draft belongs to.
func (c *closure) courseOf(r models.Record) (models.ID, error) {
	switch r := r.(type) {
	case *models.Course:
		return r.ID, nil
	case *models.Section:
		return r.CourseID, nil
	case *models.Worksheet:
		m, err := c.draft(models.KindModule, r.ModuleID)
		if err != nil {
			return "", err
		}
		return m.Owner().ID, nil
	}
	return r.Owner().ID, nil
}
