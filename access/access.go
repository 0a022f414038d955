// Package access decides who may do what with records and with the installation. It does no I/O: a subject brings its
// grants along, and one function, Decide, answers for every use case.
package access

import (
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// Action is something that a subject may want to do.
type Action string

// The actions on records. Each is asked for with the kind of record and the place where it stands.
const (
	Read        Action = "read"         // drafts, with their history and uses
	ReadPrivate Action = "read_private" // editor notes, answer keys, owners of modules, private keys of extra
	Create      Action = "create"
	Update      Action = "update"  // fields, blocks, and bringing back an earlier version
	Arrange     Action = "arrange" // places among siblings, and in other modules
	Delete      Action = "delete"  // into the trash, and out of it again
	Purge       Action = "purge"   // out of the trash for ever
	Publish     Action = "publish"

	ReadSearches Action = "read_searches" // what people search for: of a course, or of the whole site
)

// The actions on the installation as a whole, asked for without a kind and a place.
const (
	ManageUsers Action = "manage_users" // and their grants, tokens and sessions
	ReadAudit   Action = "read_audit"
	Configure   Action = "configure"
)

// Actions lists all actions, those on records first.
func Actions() []Action {
	return append(recordActions(), ManageUsers, ReadAudit, Configure)
}

func recordActions() []Action { return append(draftActions(), ReadSearches) }

// draftActions are those on records of all kinds.
func draftActions() []Action {
	return []Action{Read, ReadPrivate, Create, Update, Arrange, Delete, Purge, Publish}
}

// OnRecords tells whether the action is asked for with a kind of record.
func (a Action) OnRecords() bool { return slices.Contains(recordActions(), a) }

// Place says where a record stands.
type Place struct {
	Course models.ID // empty for a course that is not there yet, and for the installation
	Module models.ID // empty for what belongs to the course
	Mine   bool      // the subject is one of the module's owners
}

// InModule is the place of a module and of all that is in it, as a user sees it. A module's owners are ids of users: names
// can be chosen.
func InModule(m *models.Module, user models.ID) Place {
	return Place{Course: m.CourseID, Module: m.ID, Mine: user != "" && slices.Contains(m.Owners, string(user))}
}

// Subject is who acts: a person, or a program with a token.
type Subject struct {
	ID     models.ID // of the user
	Name   string    // as it stands in history
	Grants []Grant
	Token  models.ID // with which the subject acts; empty for a session
	Scopes []Scope   // of the token; nil: all that the grants allow
}

// Grant is a role, everywhere or within limits.
type Grant struct {
	Role   Role    `json:"role"`
	Limits []Limit `json:"limits"` // empty: everywhere
}

// Limit is a course, or one module of it.
type Limit struct {
	Course models.ID  `json:"course"`
	Module *models.ID `json:"module"`
}

// Decision is the answer to a question, with what decided.
type Decision struct {
	Allowed bool
	Grant   *Grant // which allows it; nil when it is refused
	Reason  string // for people
}

// Decide tells whether the subject may do something to a record of a kind that stands at a place; of actions on the
// installation kind and place are empty.
func (s Subject) Decide(a Action, kind models.Kind, at Place) Decision {
	if scope, ok := s.scoped(a); !ok {
		return Decision{Reason: fmt.Sprintf("the token has no scope %s", scope)}
	}
	reason := fmt.Sprintf("no grant of %s allows to %s", s.name(), what(a, kind))
	for i := range s.Grants {
		g := &s.Grants[i]
		switch extent := g.Role.extent(a, kind); {
		case extent == none:
			continue
		case !g.covers(a, kind, at):
			reason = fmt.Sprintf("the grant of %s is limited to other courses or modules", g.Role)
		case extent == own && !at.Mine:
			reason = fmt.Sprintf("the role %s may %s only in modules of which one is an owner", g.Role, what(a, kind))
		default:
			return Decision{Allowed: true, Grant: g, Reason: fmt.Sprintf("the role %s may %s", g.Role, what(a, kind))}
		}
	}
	return Decision{Reason: reason}
}

func (s Subject) name() string {
	if s.Name == "" {
		return "nobody"
	}
	return s.Name
}

func what(a Action, kind models.Kind) string {
	if kind == "" {
		return string(a)
	}
	return string(a) + " " + kind.Plural()
}

// covers tells whether a place is within the grant's limits. What a course has for all its modules may be read, and
// sources and files added to it, by those who work on one module: they cite and show it there.
func (g *Grant) covers(a Action, kind models.Kind, at Place) bool {
	if len(g.Limits) == 0 {
		return true
	}
	shared := a == Read || a == Create && (kind == models.KindSource || kind == models.KindAsset)
	return slices.ContainsFunc(g.Limits, func(l Limit) bool {
		if l.Course != at.Course || at.Course == "" {
			return false
		}
		return l.Module == nil || *l.Module == at.Module || at.Module == "" && shared
	})
}

// Reach says which records of a kind a subject may do something to, so that lists hold no others.
type Reach struct {
	All     bool
	Courses []models.ID // or those of whole courses
	Modules []models.ID // and those of single modules
}

// Reach tells which records of a kind the subject may read.
func (s Subject) Reach(kind models.Kind) Reach {
	var r Reach
	if _, ok := s.scoped(Read); !ok {
		return r
	}
	for _, g := range s.Grants {
		switch {
		case g.Role.extent(Read, kind) != all: // no role reads only what is its own
		case len(g.Limits) == 0:
			r.All = true
		default:
			r.add(g.Limits, kind)
		}
	}
	return r
}

// SearchReach tells of which courses the subject may see what people search for.
func (s Subject) SearchReach() Reach {
	r := Reach{All: s.Decide(ReadSearches, models.KindCourse, Place{}).Allowed}
	for _, g := range s.Grants {
		for _, l := range g.Limits {
			if s.Decide(ReadSearches, models.KindCourse, Place{Course: l.Course}).Allowed && !slices.Contains(r.Courses, l.Course) {
				r.Courses = append(r.Courses, l.Course)
			}
		}
	}
	return r
}

// add adds the limits of one grant. What a course has for all its modules is reached by a limit to one of them.
func (r *Reach) add(limits []Limit, kind models.Kind) {
	for _, l := range limits {
		if l.Module == nil || !slices.Contains(inModules, kind) {
			r.Courses = append(r.Courses, l.Course)
			continue
		}
		r.Modules = append(r.Modules, *l.Module)
	}
}

// Origin is where a request comes from, as the audit log keeps it. It is empty on the command line.
type Origin struct {
	Address   string // of the client
	RequestID string
}
