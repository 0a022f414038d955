package cite

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// The item types of CSL that recognisers tell apart.
const (
	typeArticle      = "article-journal"
	typeBook         = "book"
	typeChapter      = "chapter"
	typeDocument     = "document"
	typeInterview    = "interview"
	typeMagazine     = "article-magazine"
	typeNewspaper    = "article-newspaper"
	typePaper        = "paper-conference"
	typeReport       = "report"
	typeVideo        = "motion_picture"
	typeWebPage      = "webpage"
	typeEncyclopedia = "entry-encyclopedia"
	typeThesis       = "thesis"
	typeDataset      = "dataset"
	typeSoftware     = "software"
	typeBroadcast    = "broadcast"
	typeBlog         = "post-weblog"
	typeSpeech       = "speech"
	typeGraphic      = "graphic"
	typePersonal     = "personal_communication"
)

// reportAuthors sign a report: web pages seldom have as many authors.
const reportAuthors = 3

var (
	reportTitle   = regexp.MustCompile(`(?i)\b(?:report|working paper|white paper|technical paper|agenda|census|policy brief|research brief)\b`)
	reportURL     = regexp.MustCompile(`(?i)\.pdf(?:$|[?#])|/publications?/|[/_-]reports?(?:$|[/?#_-])`)
	researchHouse = regexp.MustCompile(`\b(?:Research|Institute|Institution|Foundation|Council|Commission|Bureau|Department|Ministry|Forum|Brookings|RAND|OECD|UNESCO|UNICEF)\b`)
	house         = regexp.MustCompile(`\b(?:Press|Publishers?|Publishing|Books)\b`)
	bookLike      = regexp.MustCompile(`(?i)\b(?:handbook|companion|essays|introduction to)\b|: `)
	encyclopedia  = regexp.MustCompile(`(?i)encyclop|wikipedia`)
	conference    = regexp.MustCompile(`(?i)\b(?:conference|symposium|workshop on)\b|\bproceedings of the (?:\S+ )*(?:conference|symposium)\b`)
	journal       = regexp.MustCompile(`\b(?:Journal|Quarterly|Review|Bulletin|Annals|Proceedings|Letters|Transactions|Studies|Archives)\b`)
	magazine      = regexp.MustCompile(`\b(?:Magazine|Weekly|Monthly|Today|New Yorker|Atlantic|Scientist)\b`)
	blogName      = regexp.MustCompile(`\b[Bb]log\b`)
	newspaper     = regexp.MustCompile(`\b(?:Times|Post|Herald|Tribune|Gazette|Guardian|Chronicle|Daily|Newspaper|Globe|Observer)\b`)
)

// videoHosts show films and little else.
var videoHosts = []string{"youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "player.vimeo.com", "ted.com"}

// isVideoURL tells whether an address is that of a film.
func isVideoURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), "m.")
	return slices.Contains(videoHosts, host) || strings.HasSuffix(u.Path, ".mp4")
}

// blogHosts hold blogs and little else: the end of a host's name.
var blogHosts = regexp.MustCompile(`(?:^|\.)(?:medium\.com|wordpress\.com|blogspot\.[a-z.]+|tumblr\.com|substack\.com|typepad\.com|blogger\.com)$|^blogs?\.`)

var blogPath = regexp.MustCompile(`/blogs?/+[^/]`)

// isBlogURL tells whether an address is that of one post of a blog.
func isBlogURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil || len(strings.Trim(u.Path, "/")) == 0 {
		return false
	}
	return blogHosts.MatchString(strings.ToLower(u.Hostname())) || blogPath.MatchString(u.Path)
}

// containedType is the type of a work in a container, by what the reference says of the container. That what is in
// italics is a journal, when nothing else says so, is a doubt.
func (r *reader) containedType() string {
	t, told := r.contained()
	r.doubt = r.doubt || !told
	return t
}

func (r *reader) contained() (kind string, told bool) {
	c := &r.csl
	switch {
	case encyclopedia.MatchString(c.ContainerTitle):
		return typeEncyclopedia, true
	case conference.MatchString(c.ContainerTitle):
		return typePaper, true
	case len(c.Editor) > 0:
		return typeChapter, true
	case r.within && c.Issue == "" && !journal.MatchString(c.ContainerTitle) && (c.Issued == nil || c.Issued.Literal == ""):
		return typeChapter, c.Page != "" || c.Publisher != ""
	case c.Volume != "" || c.Issue != "":
		if magazine.MatchString(c.ContainerTitle) && dayOrMonth(c.Issued) {
			return typeMagazine, true
		}
		return typeArticle, true
	case newspaper.MatchString(c.ContainerTitle):
		return typeNewspaper, true
	case c.Page != "" && (c.Publisher != "" || bookLike.MatchString(c.ContainerTitle)):
		return typeChapter, true
	case journal.MatchString(c.ContainerTitle):
		return typeArticle, true
	case c.Page != "" && c.Issued != nil && c.Issued.Literal != "":
		return typeArticle, true // quarterlies have seasons and pages
	case dayOrMonth(c.Issued) || c.Issued != nil && c.Issued.Literal != "" || magazine.MatchString(c.ContainerTitle):
		return typeMagazine, true
	}
	return typeArticle, c.Page != ""
}

// dayOrMonth tells whether a date is more exact than a year.
func dayOrMonth(d *models.CSLDate) bool {
	return d != nil && len(d.DateParts) > 0 && len(d.DateParts[0]) > 1
}

// wholeType is the type of a work that is in no container: a report by its title, its address, who published it or
// the number of those who signed it, else what is usual in the form at hand.
func (r *reader) wholeType(usual string) string {
	c := &r.csl
	page := usual == typeWebPage
	switch {
	case page && (isBlogURL(r.onlyURL()) || blogName.MatchString(c.Publisher)):
		return typeBlog
	case usual == typeInterview:
		return usual
	case reportTitle.MatchString(c.Title):
		return typeReport
	case page && house.MatchString(c.Publisher):
		return typeBook
	case page && reportURL.MatchString(r.onlyURL()):
		return typeReport
	case page && len(c.Author) >= reportAuthors:
		r.doubt = r.doubt || c.Publisher == ""
		return typeReport
	case page && c.Issued != nil && arePersons(c.Author) && researchHouse.MatchString(c.Publisher):
		return typeReport
	case usual == typeBook && r.ownPublisher():
		return typeReport
	}
	return usual
}

// ownPublisher tells whether a body signed the work and no one else published it.
func (r *reader) ownPublisher() bool {
	c := &r.csl
	return len(c.Author) == 1 && c.Author[0].Literal != "" && c.ISBN == "" && c.Edition == "" &&
		(c.Publisher == "" || c.Publisher == c.Author[0].Literal)
}

// onlyURL is where the title links to, or else the only address of the line.
func (r *reader) onlyURL() string {
	if u := r.titleURL(); u != "" {
		return u
	}
	if urls := r.urls(); len(urls) == 1 {
		return urls[0]
	}
	return ""
}

// typed is the type of the work that was read, with or without a container. A page of the web can be in a site.
func (r *reader) typed(usual string) string {
	if r.csl.ContainerTitle == "" {
		return r.wholeType(usual)
	}
	if t, told := r.contained(); usual == typeWebPage && (t == typeEncyclopedia || !told) {
		return typeWebPage
	}
	return r.containedType()
}
