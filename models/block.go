package models

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Text is inline Markdown: CommonMark inlines, GFM strikethrough, hard line breaks, and [^label] for a citation of
// the section. It holds no blank line.
type Text string

// BlockKind names a kind of block.
type BlockKind string

// The kinds of block.
const (
	BlockHeading    BlockKind = "heading"
	BlockParagraph  BlockKind = "paragraph"
	BlockList       BlockKind = "list"
	BlockQuote      BlockKind = "quote"
	BlockDefinition BlockKind = "definition"
	BlockBox        BlockKind = "box"
	BlockDisclosure BlockKind = "disclosure"
	BlockTable      BlockKind = "table"
	BlockImage      BlockKind = "image"
	BlockVideo      BlockKind = "video"
	BlockEmbed      BlockKind = "embed"
	BlockDownload   BlockKind = "download"
	BlockWorksheet  BlockKind = "worksheet"
	BlockFragment   BlockKind = "fragment"
	BlockCode       BlockKind = "code"
	BlockRule       BlockKind = "rule"
	BlockRawHTML    BlockKind = "raw_html"
)

// Block is one typed piece of content. The concrete types are the ones of newBlock.
type Block interface {
	// Base gives the fields that every block has.
	Base() *BlockBase
}

// BlockBase is what every block has: an id that is unique in its aggregate and stable over edits, and its kind. Live blocks are
// served as they were stored at their publish: a member that a kind of block gets is missing in those from before, until a
// migration or the next publish writes it. The same goes for Citation.
type BlockBase struct {
	ID   string    `json:"id" validate:"required,max=64,printascii"`
	Kind BlockKind `json:"kind"`
}

// Base gives the block's common fields.
func (b *BlockBase) Base() *BlockBase { return b }

// Heading divides a section. Level 1 is the section's own title, so blocks begin at 2.
type Heading struct {
	BlockBase
	Level  int    `json:"level" validate:"min=2,max=6"`
	Text   Text   `json:"text" validate:"required,max=100000"`
	Anchor string `json:"anchor" validate:"max=200"` // the fragment identifier; made from the text when empty
}

// Paragraph is running text.
type Paragraph struct {
	BlockBase
	Text Text `json:"text" validate:"required,max=100000"`
}

// List is an ordered or unordered list; items may hold blocks, lists among them.
type List struct {
	BlockBase
	Ordered bool       `json:"ordered"`
	Start   int        `json:"start" validate:"min=0,max=1000000"` // the first number of an ordered list
	Items   []ListItem `json:"items" validate:"required,min=1,max=5000,dive"`
}

// ListItem is one item: a line of text, and what hangs under it.
type ListItem struct {
	Text   Text   `json:"text" validate:"max=100000"`
	Blocks Blocks `json:"blocks" validate:"dive"`
}

// Quote is somebody's words, with who said them kept apart.
type Quote struct {
	BlockBase
	Blocks      Blocks `json:"blocks" validate:"dive"`
	Attribution Text   `json:"attribution" validate:"max=10000"`
	Source      *Ref   `json:"source"`
}

// Definition says what a term means. Text holds the whole sentence as written, the term in it where the author has it.
type Definition struct {
	BlockBase
	Term Text `json:"term" validate:"required,max=100000"`
	Text Text `json:"text" validate:"required,max=100000"`
}

// BoxKind says what a box is for.
type BoxKind string

// The kinds of box.
const (
	BoxObjectives BoxKind = "objectives"
	BoxActivity   BoxKind = "activity"
	BoxReflection BoxKind = "reflection"
	BoxCaseStudy  BoxKind = "case_study"
	BoxInfo       BoxKind = "info"
	BoxTip        BoxKind = "tip"
	BoxExample    BoxKind = "example"
	BoxExtra      BoxKind = "extra"
	BoxCard       BoxKind = "card"
)

// Box sets content apart from the running text.
type Box struct {
	BlockBase
	Box         BoxKind `json:"box" validate:"oneof=objectives activity reflection case_study info tip example extra card"`
	Title       Text    `json:"title" validate:"max=100000"`
	Blocks      Blocks  `json:"blocks" validate:"dive"`
	OriginClass string  `json:"origin_class" validate:"max=500"` // the class attribute that it was imported with
}

// Disclosure hides its blocks until the reader opens it.
type Disclosure struct {
	BlockBase
	Label  Text   `json:"label" validate:"max=100000"`
	Blocks Blocks `json:"blocks" validate:"dive"`
}

// Table has rows of cells; the rows of Head come first.
type Table struct {
	BlockBase
	Head    [][]Cell `json:"head" validate:"max=50,dive,max=200,dive"`
	Rows    [][]Cell `json:"rows" validate:"max=5000,dive,max=200,dive"`
	Caption Text     `json:"caption" validate:"max=10000"`
}

// Cell is one cell: text, or blocks where text is not enough.
type Cell struct {
	Text    Text   `json:"text" validate:"max=100000"`
	Blocks  Blocks `json:"blocks" validate:"dive"`
	Header  bool   `json:"header"`
	Colspan int    `json:"colspan" validate:"min=1,max=200"`
	Rowspan int    `json:"rowspan" validate:"min=1,max=5000"`
}

// Image shows an asset or an image elsewhere. An image without Alt must be Decorative to be accessible.
type Image struct {
	BlockBase
	Asset      *Ref   `json:"asset"`
	URL        string `json:"url" validate:"max=8000"`
	Alt        string `json:"alt" validate:"max=2000"`
	Decorative bool   `json:"decorative"`
	Caption    Text   `json:"caption" validate:"max=10000"`
	Link       string `json:"link" validate:"max=8000"`
}

// Video is a moving picture at a provider. Times are in seconds.
type Video struct {
	BlockBase
	URL      string `json:"url" validate:"required,max=8000"` // as written, query string kept
	Provider string `json:"provider" validate:"max=100"`      // youtube, vimeo, ted …; empty when unknown
	VideoID  string `json:"video_id" validate:"max=200"`
	Start    *int   `json:"start" validate:"omitempty,min=0"`
	End      *int   `json:"end" validate:"omitempty,min=0"`
	Duration *int   `json:"duration" validate:"omitempty,min=0"`
	Credit   Text   `json:"credit" validate:"max=10000"`
	Caption  Text   `json:"caption" validate:"max=10000"`
	Title    string `json:"title" validate:"max=1000"`
}

// Embed is a frame that is no video: a quiz, a slide show, a collection of links.
type Embed struct {
	BlockBase
	URL      string `json:"url" validate:"required,max=8000"`
	Title    string `json:"title" validate:"max=1000"`
	Provider string `json:"provider" validate:"max=100"`
	Height   *int   `json:"height" validate:"omitempty,min=0,max=100000"` // CSS pixels
}

// Download offers a file.
type Download struct {
	BlockBase
	Asset     *Ref   `json:"asset"`
	URL       string `json:"url" validate:"max=8000"`
	Label     Text   `json:"label" validate:"max=100000"`
	MediaType string `json:"media_type" validate:"max=200"`
}

// WorksheetRole says why a worksheet stands at a place.
type WorksheetRole string

// The roles of a worksheet at a place.
const (
	RoleFirst WorksheetRole = "first" // it is worked on here
	RoleAgain WorksheetRole = "again" // the reader goes back to it
	RoleEnd   WorksheetRole = "end"   // it is filled in again at the end, a KWL table for instance
)

// WorksheetUse is a worksheet's place in a section.
type WorksheetUse struct {
	BlockBase
	Worksheet *Ref          `json:"worksheet"`
	Role      WorksheetRole `json:"role" validate:"oneof=first again end"`
}

// FragmentUse is shared content's place in a section.
type FragmentUse struct {
	BlockBase
	Fragment *Ref `json:"fragment"`
}

// Code is program text, or anything where every space counts.
type Code struct {
	BlockBase
	Language string `json:"language" validate:"max=100"`
	Code     string `json:"code" validate:"max=1000000"`
}

// Rule is a thematic break.
type Rule struct {
	BlockBase
}

// RawHTML is markup that no other block can hold: kept as written in the draft, served sanitised.
type RawHTML struct {
	BlockBase
	HTML string `json:"html" validate:"max=1000000"`
}

// newBlock makes an empty block of a kind, or nil for an unknown one.
func newBlock(kind BlockKind) Block {
	switch kind {
	case BlockHeading:
		return new(Heading)
	case BlockParagraph:
		return new(Paragraph)
	case BlockList:
		return new(List)
	case BlockQuote:
		return new(Quote)
	case BlockDefinition:
		return new(Definition)
	case BlockBox:
		return new(Box)
	case BlockDisclosure:
		return new(Disclosure)
	case BlockTable:
		return new(Table)
	case BlockImage:
		return new(Image)
	case BlockVideo:
		return new(Video)
	case BlockEmbed:
		return new(Embed)
	case BlockDownload:
		return new(Download)
	case BlockWorksheet:
		return new(WorksheetUse)
	case BlockFragment:
		return new(FragmentUse)
	case BlockCode:
		return new(Code)
	case BlockRule:
		return new(Rule)
	case BlockRawHTML:
		return new(RawHTML)
	}
	return nil
}

// KindOfBlock is the kind that belongs to a block's Go type.
func KindOfBlock(b Block) BlockKind {
	switch b.(type) {
	case *Heading:
		return BlockHeading
	case *Paragraph:
		return BlockParagraph
	case *List:
		return BlockList
	case *Quote:
		return BlockQuote
	case *Definition:
		return BlockDefinition
	case *Box:
		return BlockBox
	case *Disclosure:
		return BlockDisclosure
	case *Table:
		return BlockTable
	case *Image:
		return BlockImage
	case *Video:
		return BlockVideo
	case *Embed:
		return BlockEmbed
	case *Download:
		return BlockDownload
	case *WorksheetUse:
		return BlockWorksheet
	case *FragmentUse:
		return BlockFragment
	case *Code:
		return BlockCode
	case *Rule:
		return BlockRule
	case *RawHTML:
		return BlockRawHTML
	}
	return ""
}

// Blocks is an ordered list of blocks of any kind.
type Blocks []Block

// UnmarshalJSONFrom reads the blocks, each into the type that its kind names.
func (bs *Blocks) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*bs = nil
	return readArray(dec, func() error {
		v, err := union(dec, "block", func(kind string) any {
			if b := newBlock(BlockKind(kind)); b != nil {
				return b
			}
			return nil
		})
		if err == nil {
			*bs = append(*bs, v.(Block))
		}
		return err
	})
}

// MarshalJSONTo writes the blocks, with each kind set from its type: a block made in Go can't carry a wrong one.
func (bs Blocks) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, b := range bs {
		if kind := KindOfBlock(b); b.Base().Kind != kind {
			b.Base().Kind = kind
		}
		if err := json.MarshalEncode(enc, b); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}
