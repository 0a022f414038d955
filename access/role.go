package access

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// Role is a part that a person has in the work on content.
type Role string

// The roles.
const (
	Owner      Role = "owner"      // everything
	Editor     Role = "editor"     // all content, and publishes it
	Author     Role = "author"     // drafts in modules of which one is an owner
	Translator Role = "translator" // changes texts of what is there
	Viewer     Role = "viewer"     // reads drafts
)

// Roles lists the roles, the mightiest first.
func Roles() []Role { return []Role{Owner, Editor, Author, Translator, Viewer} }

// Valid tells whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// extent says how far a role may do something.
type extent int

const (
	none extent = iota
	own         // in modules of which one is an owner
	all
)

// Groups of kinds in the table.
var (
	installation = []models.Kind{""}
	records      = models.StoredKinds()
	courses      = []models.Kind{models.KindCourse}
	inModules    = []models.Kind{models.KindModule, models.KindSection, models.KindWorksheet}
	parts        = []models.Kind{models.KindSection, models.KindWorksheet}
	shared       = []models.Kind{models.KindSource, models.KindAsset, models.KindFragment}
)

// rule is a line of the table: what a role may do with some kinds.
type rule struct {
	role    Role
	actions []Action
	kinds   []models.Kind
	extent  extent
}

// table is all that anybody may do. What is not in it is refused.
var table = []rule{
	{Owner, draftActions(), records, all},
	{Owner, []Action{ReadSearches}, courses, all},
	{Owner, []Action{ManageUsers, ReadAudit, Configure}, installation, all},

	{Editor, []Action{Read, ReadPrivate, Create, Update, Arrange, Delete, Publish}, records, all},
	{Editor, []Action{ReadSearches}, courses, all},

	{Author, []Action{Read}, records, all},
	{Author, []Action{ReadPrivate, Update}, inModules, own},
	{Author, []Action{Create, Arrange, Delete}, parts, own},
	{Author, []Action{Create, Update}, []models.Kind{models.KindSource, models.KindAsset}, all}, // drafts, until an editor publishes

	{Translator, []Action{Read}, records, all},
	{Translator, []Action{Update}, inModules, all},
	{Translator, []Action{Update}, shared, all},

	{Viewer, []Action{Read}, records, all},
}

func (r Role) extent(a Action, kind models.Kind) extent {
	out := none
	for _, line := range table {
		if line.role == r && slices.Contains(line.actions, a) && slices.Contains(line.kinds, kind) {
			out = max(out, line.extent)
		}
	}
	return out
}

// Scope is what a token may be used for. It takes away from what its user may do and never adds to it.
type Scope string

// The scopes.
const (
	ContentRead  Scope = "content:read" // what is published, where that is not open to all
	DraftsRead   Scope = "drafts:read"
	AnswersRead  Scope = "answers:read"  // private fields
	ContentWrite Scope = "content:write" // create, change, trash
	CanPublish   Scope = "publish"
	Admin        Scope = "admin" // users, tokens, audit, settings, purge
)

// scopes says which scope an action needs.
var scopes = map[Action]Scope{
	Read: DraftsRead, ReadSearches: DraftsRead, ReadPrivate: AnswersRead, Create: ContentWrite, Update: ContentWrite, Arrange: ContentWrite, Delete: ContentWrite,
	Publish: CanPublish, Purge: Admin, ManageUsers: Admin, ReadAudit: Admin, Configure: Admin,
}

// Scopes lists the scopes.
func Scopes() []Scope {
	return []Scope{ContentRead, DraftsRead, AnswersRead, ContentWrite, CanPublish, Admin}
}

// Valid tells whether sc is one of the scopes.
func (sc Scope) Valid() bool { return slices.Contains(Scopes(), sc) }

// scoped tells whether the subject's token, if it has one, is good for an action, and which scope that takes.
func (s Subject) scoped(a Action) (Scope, bool) {
	need := scopes[a]
	return need, s.Has(need)
}
