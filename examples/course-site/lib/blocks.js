// Blocks as HTML: a small function for each kind. A block's id becomes the id of its element, for links to a passage.
import { html, safe, when } from './html.js';
import { inline, plain } from './inline.js';
import { table } from './table.js';
import { download, embed, image, video } from './media.js';
import { boxes, worksheetRoles } from './words.js';

export const kinds = {
  heading,
  paragraph: (b, ctx) => html`<p${id(b, ctx)}>${inline(b.text, ctx)}</p>\n`,
  list,
  quote,
  definition,
  box,
  disclosure,
  table: (b, ctx) => table(b, ctx, id(b, ctx)),
  image: (b, ctx) => image(b, ctx, id(b, ctx)),
  video: (b, ctx) => video(b, ctx, id(b, ctx)),
  embed: (b, ctx) => embed(b, ctx, id(b, ctx)),
  download: (b, ctx) => download(b, ctx, id(b, ctx)),
  worksheet,
  fragment,
  code: (b, ctx) => html`<pre${id(b, ctx)} tabindex="0"><code${when(b.language, (l) => html` class="language-${l}"`)}>${b.code}</code></pre>\n`,
  rule: (b, ctx) => html`<hr${id(b, ctx)}>\n`,
  raw_html: (b, ctx) => html`<div${id(b, ctx)} class="raw">${safe(b.html)}</div>\n`, // the server has sanitised it
};

/** The HTML of blocks. Kinds that are newer than this site are passed over, as the contract asks. */
export const blocks = (list, ctx) => list.map((b) => kinds[b.kind]?.(b, ctx) ?? '');

// Block ids are unique in their record only: a fragment within a section goes without. The prefix keeps them apart from
// the anchors that authors choose.
const name = (b) => `block-${b.id}`;
const id = (b, ctx) => when(!ctx.within, () => html` id="${name(b)}"`);

// The section's title is the h1. Authors may skip levels; readers with a screen reader should not fall over that.
function heading(b, ctx) {
  ctx.level = Math.min(b.level, ctx.level + 1);
  const tag = safe(`h${ctx.level}`);
  if (!b.anchor || ctx.within) return html`<${tag}${id(b, ctx)}>${inline(b.text, ctx)}</${tag}>\n`;
  return html`<${tag} id="${b.anchor}"><span${id(b, ctx)}></span>${inline(b.text, ctx)}</${tag}>\n`;
}

function list(b, ctx) {
  const items = b.items.map((item) => html`<li>${inline(item.text, ctx)}${blocks(item.blocks, ctx)}</li>\n`);
  if (!b.ordered) return html`<ul${id(b, ctx)}>\n${items}</ul>\n`;
  return html`<ol${id(b, ctx)}${when(b.start !== 1, () => html` start="${b.start}"`)}>\n${items}</ol>\n`;
}

function quote(b, ctx) {
  const said = blocks(b.blocks, ctx);
  const url = when(b.source, ({ id }) => ctx.records.sources.get(id)?.csl.URL);
  return html`<figure${id(b, ctx)} class="quote">
<blockquote${when(url, (u) => html` cite="${u}"`)}>${said}</blockquote>
${when(b.attribution || b.source?.title, () => html`<figcaption>${b.attribution ? inline(b.attribution, ctx) : b.source.title}</figcaption>`)}
</figure>\n`;
}

function definition(b, ctx) {
  return html`<dl${id(b, ctx)} class="definition"><dt><dfn>${inline(b.term, ctx)}</dfn></dt><dd>${inline(b.text, ctx)}</dd></dl>\n`;
}

// A group and not a landmark: a page may have a dozen boxes.
function box(b, ctx) {
  const title = b.title ? inline(b.title, ctx) : boxes[b.box];
  return html`<div${id(b, ctx)} class="box ${b.box}" role="group" aria-label="${plain(b.title) || title}">
<p class="box-title">${title}</p>
${blocks(b.blocks, ctx)}</div>\n`;
}

function disclosure(b, ctx) {
  return html`<details${id(b, ctx)}><summary>${inline(b.label, ctx)}</summary>\n${blocks(b.blocks, ctx)}</details>\n`;
}

// Worksheets have pages of their own, where there is room to fill them in.
function worksheet(b, ctx) {
  const path = when(b.worksheet, (w) => ctx.records.paths[w.id]);
  if (!path) return '';
  return html`<p${id(b, ctx)} class="worksheet-link">${worksheetRoles[b.role]}: <a href="${path}">${b.worksheet.title}</a></p>\n`;
}

// A fragment stands in its place as if it were written there. One within itself ends there.
function fragment(b, ctx) {
  const shared = when(b.fragment, (f) => ctx.records.fragments.get(f.id));
  const within = ctx.within ?? [];
  if (!shared || within.includes(shared.id)) return '';
  ctx.within = [...within, shared.id];
  const content = html`<div class="fragment">${blocks(shared.blocks, ctx)}</div>\n`;
  ctx.within = within.length ? within : undefined;
  return html`${when(!ctx.within, () => html`<span${id(b, ctx)}></span>`)}${content}`;
}
