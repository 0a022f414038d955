import { html, when } from './html.js';
import { inline, plain } from './inline.js';
import { blocks } from './blocks.js';

/** A table scrolls within itself where the page is too narrow, so the frame around it takes the keyboard's focus. */
export function table(b, ctx, id) {
  return html`<div${id} class="table" role="group" tabindex="0" aria-label="${plain(b.caption) || 'Table'}"><table>
${when(b.caption, (caption) => html`<caption>${inline(caption, ctx)}</caption>`)}
${when(b.head.length, () => html`<thead>${b.head.map((row) => tr(row, 'col', ctx))}</thead>`)}
<tbody>${b.rows.map((row) => tr(row, 'row', ctx))}</tbody>
</table></div>\n`;
}

const tr = (cells, scope, ctx) => html`<tr>${cells.map((cell) => td(cell, scope, ctx))}</tr>\n`;

function td(cell, scope, ctx) {
  const span = [
    when(cell.colspan > 1, () => html` colspan="${cell.colspan}"`),
    when(cell.rowspan > 1, () => html` rowspan="${cell.rowspan}"`),
  ];
  const content = html`${inline(cell.text, ctx)}${blocks(cell.blocks, ctx)}`;
  // An empty corner is no heading of anything.
  return cell.header && String(content) ? html`<th scope="${scope}"${span}>${content}</th>` : html`<td${span}>${content}</td>`;
}
