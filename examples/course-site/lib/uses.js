// Which sections show a worksheet. The API says it the other way round, in the blocks of the sections.

function* within(blocks) {
  for (const b of blocks) {
    yield b;
    yield* within(b.blocks ?? []);
    for (const item of b.items ?? []) yield* within(item.blocks);
    for (const cell of [b.head ?? [], b.rows ?? []].flat(2)) yield* within(cell.blocks);
  }
}

/** The sections that show a worksheet, by references, in reading order. */
export function sectionsWith(worksheet, records) {
  const sections = records.modules.get(worksheet.module.id)?.sections ?? [];
  return sections
    .map(({ id }) => records.sections.get(id))
    .filter((section) => section && [...within(section.blocks)].some((b) => b.worksheet?.id === worksheet.id));
}
