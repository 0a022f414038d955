// The prompts that are tables on paper.
import { html, when } from './html.js';
import { inline, plain } from './inline.js';
import { fieldset } from './prompts.js';

// A row of choices for each statement: on a phone a table of them would be wider than the page.
export function rating(p, ctx) {
  const step = (name) => (text) =>
    html`<label class="option"><input type="radio" name="${name}"> <span>${inline(text, ctx)}</span></label>\n`;
  const rows = p.statements.map((statement, i) => html`<fieldset class="statement">
<legend>${inline(statement, ctx)}</legend>
<div class="scale">${p.scale.map(step(`${p.id}-${i}`))}</div></fieldset>\n`);
  return fieldset(p, ctx, rows);
}

// Where rows have labels these stand in a column of their own, which may or may not have a head.
export function grid(p, ctx) {
  const labelled = p.rows.some((row) => row.label);
  const width = Math.max(0, ...p.rows.map((row) => row.cells.length));
  const corner = labelled && p.columns.length <= width;
  const columns = labelled && !corner ? p.columns.slice(1) : p.columns;
  const head = p.columns.map((c) => html`<th scope="col">${inline(c, ctx)}</th>`);
  const row = ({ label, cells }, r) => {
    const name = plain(label) || (p.rows.length > 1 ? `Row ${r + 1}` : '');
    const lines = p.rows.length > 2 ? 3 : 6;
    return html`<tr>${when(labelled, () => html`<th scope="row">${inline(label, ctx)}</th>`)}
${cells.map((text, c) => cell(text, [name, plain(columns[c] ?? '')], lines, ctx))}</tr>\n`;
  };
  return fieldset(p, ctx, html`<div class="table" tabindex="0" role="group" aria-label="${plain(p.text) || 'Table to fill in'}">
<table>${when(head.length, () => html`<thead><tr>${when(corner, () => html`<td></td>`)}${head}</tr></thead>`)}
<tbody>${p.rows.map(row)}</tbody></table></div>`);
}

// Empty cells are to be filled in.
function cell(text, names, lines, ctx) {
  if (text) return html`<td>${inline(text, ctx)}</td>`;
  return html`<td><textarea rows="${lines}" aria-label="${names.filter(Boolean).join(', ') || 'Your answer'}"></textarea></td>`;
}

// Letters on the right, a choice of letters on the left; on paper one writes the letter.
export function matching(p, ctx) {
  const letters = p.right.map((_, i) => html`<option>${String.fromCharCode(65 + i)}</option>`);
  const left = p.left.map((text, i) => html`<li><select id="${p.id}-${i}"><option value="">–</option>${letters}</select>
<label for="${p.id}-${i}">${inline(text, ctx)}</label></li>\n`);
  return fieldset(p, ctx, html`<div class="sides">
<ul class="left">${left}</ul>
<ol class="right" type="A">${p.right.map((text) => html`<li>${inline(text, ctx)}</li>\n`)}</ol></div>`);
}
