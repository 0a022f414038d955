// Footnotes: the citations of a section, the marks in its text, and the way back.
import { html, when } from './html.js';
import { inline } from './inline.js';

export class Notes {
  /** numbering is that of the course: the author's labels (as_written), or 1, 2, 3 … (first_use). */
  constructor(citations, numbering) {
    this.notes = new Map(citations.map((citation, i) => [citation.label, { citation, id: i + 1, marks: 0, sign: '' }]));
    this.byUse = numbering === 'first_use';
    this.used = 0;
  }

  has(label) {
    return this.notes.has(label);
  }

  /** The mark for a label. Called while the text is rendered, in reading order. */
  mark(label) {
    const note = this.notes.get(label);
    if (++note.marks === 1) note.sign = this.byUse ? ++this.used : label;
    const id = `mark-${note.id}-${note.marks}`;
    return html`<sup class="mark"><a href="#note-${note.id}" id="${id}" role="doc-noteref" aria-label="Note ${note.sign}">${note.sign}</a></sup>`;
  }

  /** The list of notes: those with marks, in the order of their signs, and at the end those without. */
  list(ctx, { unmarked = true } = {}) {
    const notes = [...this.notes.values()].filter((note) => note.marks || unmarked);
    if (this.byUse) notes.sort((a, b) => (a.sign || Infinity) - (b.sign || Infinity));
    if (notes.length === 0) return '';
    return html`<section class="notes" role="doc-endnotes" aria-labelledby="notes-title">
<h2 id="notes-title">Notes</h2>
<ol role="list">${notes.map((note) => item(note, ctx))}</ol>
</section>`;
  }
}

function item({ citation, id, marks, sign }, ctx) {
  const back = (_, i) => {
    const label = `Back to the text, ${marks > 1 ? `place ${i + 1} of ` : ''}note ${sign}`;
    return html` <a class="back" href="#mark-${id}-${i + 1}" role="doc-backlink" aria-label="${label}">↩</a>`;
  };
  const shown = sign || (ctx.course.numbering === 'as_written' && citation.label);
  return html`<li id="note-${id}" tabindex="-1"><span class="sign">${shown}</span>
<div>${reference(citation, { ...ctx, notes: null })}${Array.from({ length: marks }, back)}</div></li>
`;
}

// What the author wrote is what to show; the source adds a link to the work where the author gave none.
function reference({ written, locator, source }, ctx) {
  const csl = (source && ctx.records.sources.get(source.id)?.csl) ?? {};
  const url = csl.DOI ? `https://doi.org/${csl.DOI}` : csl.URL;
  const text = written ? inline(written, ctx) : [source?.title, when(locator, ({ label, value }) => `, ${label} ${value}`)];
  const link = when(url && !written.includes(url), () => html` <a class="source" href="${url}">${csl.title ?? url}</a>`);
  return html`${text}${link}`;
}
