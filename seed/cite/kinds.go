package cite

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
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
)

// reportAuthors sign a report: web pages seldom have as many authors.
const reportAuthors = 3

var (
	reportTitle  = regexp.MustCompile(`(?i)\b(?:report|working paper|white paper|technical paper|agenda|census|policy brief|research brief)\b`)
	reportURL    = regexp.MustCompile(`(?i)\.pdf(?:$|[?#])|/publications?/|[/_-]reports?(?:$|[/?#_-])`)
	house        = regexp.MustCompile(`\b(?:Press|Publishers?|Publishing|Books)\b`)
	bookLike     = regexp.MustCompile(`(?i)\b(?:handbook|companion|essays|introduction to)\b|: `)
	encyclopedia = regexp.MustCompile(`(?i)encyclop|wikipedia`)
	conference   = regexp.MustCompile(`(?i)\b(?:conference|symposium|workshop on)\b|\bproceedings of the (?:\S+ )*(?:conference|symposium)\b`)
	newspaper    = regexp.MustCompile(`\b(?:Times|Post|Herald|Tribune|Gazette|Guardian|Chronicle|Daily|Newspaper|Globe|Observer)\b`)
)

// videoHosts show films and little else.
var videoHosts = []string{"youtube.com", "youtu.be", "vimeo.com", "ted.com"}

// isVideoURL tells whether an address is that of a film.
func isVideoURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), "m.")
	return slices.Contains(videoHosts, host) || strings.HasSuffix(u.Path, ".mp4")
}

// containedType is the type of a work in a container, by what the reference says of the container.
func (r *reader) containedType() string {
	c := &r.csl
	switch {
	case encyclopedia.MatchString(c.ContainerTitle):
		return typeEncyclopedia
	case conference.MatchString(c.ContainerTitle):
		return typePaper
	case c.Volume != "" || c.Issue != "":
		return typeArticle
	case newspaper.MatchString(c.ContainerTitle):
		return typeNewspaper
	case len(c.Editor) > 0, c.Page != "" && (c.Publisher != "" || bookLike.MatchString(c.ContainerTitle)):
		return typeChapter
	case c.Issued != nil && (c.Issued.Literal != "" || len(c.Issued.DateParts[0]) > 1):
		return typeMagazine
	}
	return typeArticle
}

// wholeType is the type of a work that is in no container: a report by its title, its address or the number of those
// who signed it, else what is usual in the form at hand.
func (r *reader) wholeType(usual string) string {
	c := &r.csl
	switch {
	case reportTitle.MatchString(c.Title):
		return typeReport
	case usual == typeWebPage && house.MatchString(c.Publisher):
		return typeBook
	case usual == typeWebPage && (reportURL.MatchString(r.titleURL()) || len(c.Author) >= reportAuthors):
		return typeReport
	}
	return usual
}

// typed is the type of the work that was read, with or without a container.
func (r *reader) typed(usual string) string {
	if r.csl.ContainerTitle == "" {
		return r.wholeType(usual)
	}
	if t := r.containedType(); usual != typeWebPage || t != typeArticle || r.csl.Volume+r.csl.Issue+r.csl.Page != "" {
		return t
	}
	return typeWebPage
}
