// What the templates call: the content of a section or worksheet, with its notes.
import { html } from './html.js';
import { blocks } from './blocks.js';
import { Notes } from './notes.js';
import { prompts } from './prompts.js';
import { address, inline } from './inline.js';
import { file } from './files.js';

/** A context holds what the functions for blocks and prompts need to know about the page that they are on. */
function context(record, records, citations) {
  const course = records.courses.get(record.course.id);
  return { records, course, notes: new Notes(citations, course.numbering), level: 1 };
}

export function renderSection(section, records) {
  const ctx = context(section, records, section.citations);
  return html`${blocks(section.blocks, ctx)}${ctx.notes.list(ctx)}`.toString();
}

/** The marks in a worksheet are those of the section that shows it. */
export function renderWorksheet(worksheet, records) {
  const citations = records.sections.get(worksheet.shown_in[0]?.id)?.citations ?? [];
  const ctx = context(worksheet, records, citations);
  const instructions = blocks(worksheet.instructions, ctx); // first: notes are numbered in reading order
  const form = html`<form class="worksheet" method="dialog" autocomplete="off">${prompts(worksheet.prompts, ctx)}
<p class="actions"><button type="button" data-print hidden>Print</button> <button type="reset">Clear</button></p></form>`;
  return html`${instructions}${paper(worksheet.document, ctx)}${form}${ctx.notes.list(ctx, { unmarked: false })}`.toString();
}

function paper(document, ctx) {
  const asset = document?.asset && ctx.records.assets.get(document.asset.id);
  const href = asset ? file(asset) : address(document?.url ?? '', ctx);
  if (!href) return '';
  return html`<p class="download"><a href="${href}">${document.label ? inline(document.label, ctx) : 'The worksheet as a document'}</a></p>`;
}
