// Facts about types. Nothing here runs: a line with @ts-expect-error that is no error makes the compiler fail.
import {
  type Block,
  type BlockKind,
  type BlockOf,
  type Prompt,
  type PromptKind,
  type PromptOf,
  type Reference,
  type Section,
  type Source,
  createAdmin,
  createClient,
  lookup,
} from '@lectern-cms/client';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function fact<T extends true>(): T;
declare function given<T>(): T;

const lectern = createClient({ baseUrl: 'https://content.example.org' });

// A switch over all kinds narrows, and leaves nothing.
export function block(b: Block): unknown {
  switch (b.kind) {
    case 'heading':
      return b.level.toFixed() + b.anchor;
    case 'paragraph':
      return b.text;
    case 'list':
      return b.items.map((item) => item.blocks);
    case 'quote':
    case 'disclosure':
      return b.blocks.map(block);
    case 'definition':
      return b.term;
    case 'box':
      return b.box === 'activity' ? b.title : b.blocks.map(block);
    case 'table':
      return b.rows.flat().map((cell) => cell.text);
    case 'image':
      return b.alt;
    case 'video':
      return b.provider;
    case 'embed':
      return b.height;
    case 'download':
      return b.label;
    case 'worksheet':
      return b.worksheet?.href;
    case 'fragment':
      return b.fragment?.href;
    case 'code':
      return b.language + b.code;
    case 'rule':
      return b.id;
    case 'raw_html':
      return b.html;
    default:
      return b satisfies never;
  }
}

// A kind that the switch forgets is an error.
export function forgetful(b: BlockOf<'heading' | 'rule'>): unknown {
  switch (b.kind) {
    case 'heading':
      return b.text;
    default:
      // @ts-expect-error rule is left
      return b satisfies never;
  }
}

export function prompt(p: Prompt): unknown {
  switch (p.kind) {
    case 'question':
    case 'sentence_start':
    case 'field':
    case 'step':
    case 'blank':
    case 'drawing':
      // @ts-expect-error plain prompts have no options
      return [p.text, p.help, p.required, p.objective, p.options];
    case 'group':
      return [p.lead_in, ...p.prompts.map(prompt)];
    case 'free_space':
      return p.lines ?? p.height;
    case 'choice_one':
    case 'choice_many':
      return p.options.map((o) => o.length);
    case 'rating':
      return p.statements.map((s) => p.scale.map((v) => s + v));
    case 'grid':
      return p.rows.map((row) => row.label + p.columns.length + row.cells.length);
    case 'matching':
      return p.left.concat(p.right);
    default:
      return p satisfies never;
  }
}

fact<Same<BlockKind, Block['kind']>>();
fact<Same<BlockOf<'heading'>['level'], number>>();
fact<Same<PromptOf<'choice_one'>['kind'], 'choice_one'>>();
fact<Same<PromptOf<'question'>['text'], string>>();
fact<Same<Extract<PromptKind, 'blank'>, 'blank'>>();
// @ts-expect-error there is no such kind
given<BlockOf<'marquee'>>();

// Paths, and what they need.
void lectern.get('/v1/sections');
void lectern.get('/v1/sections/{id}', { path: { id: 'x' } });
// @ts-expect-error no such path
void lectern.get('/v1/lessons');
// @ts-expect-error the id is missing
void lectern.get('/v1/sections/{id}');
// @ts-expect-error the id is missing
void lectern.get('/v1/sections/{id}', { query: { include: ['module'] } });
// @ts-expect-error q is required
void lectern.get('/v1/search');
// @ts-expect-error q is required
void lectern.get('/v1/search', { query: { limit: 3 } });
// @ts-expect-error files are not JSON
void lectern.get('/v1/assets/{id}/file', { path: { id: 'x' } });
// @ts-expect-error a single record is no list
lectern.pages('/v1/sections/{id}', { path: { id: 'x' } });

// Parameters.
void lectern.get('/v1/sections', { query: { 'filter[number][starts]': '1.', sort: '-title', limit: 5, count: true } });
// @ts-expect-error no such parameter
void lectern.get('/v1/sections', { query: { limit: 5, colour: 'red' } });
// @ts-expect-error sections are not sorted by number
void lectern.get('/v1/sections', { query: { sort: 'number' } });
// @ts-expect-error a title is not greater than another
void lectern.get('/v1/sections', { query: { 'filter[title][gt]': 'A' } });
// @ts-expect-error no such field
void lectern.get('/v1/sections', { query: { fields: ['title', 'colour'] } });
// @ts-expect-error no such form
void lectern.get('/v1/sections', { query: { body: ['pdf'] } });
// @ts-expect-error paging takes the same parameters
lectern.all('/v1/sections', { query: { colour: 'red' } });

export async function answers(): Promise<void> {
  // One record has its blocks when nothing else is asked for, a list has no body.
  const one = await lectern.get('/v1/sections/{id}', { path: { id: 'x' } });
  fact<Same<typeof one.data.blocks, Block[]>>();
  // @ts-expect-error html was not asked for
  one.data.html;
  // @ts-expect-error nothing was included
  one.included;
  const whole: Section = one.data;
  void whole;

  const list = await lectern.get('/v1/sections');
  // @ts-expect-error lists have no body
  list.data[0]?.blocks;
  fact<Same<typeof list.links.next, string | null>>();
  fact<Same<typeof list.meta.total, number | undefined>>();

  const html = await lectern.get('/v1/sections', { query: { body: ['html', 'text'] } });
  fact<Same<NonNullable<(typeof html.data)[0]>['html'], string>>();
  // @ts-expect-error blocks were not asked for
  html.data[0]?.blocks;

  // Worksheets have two keys for their blocks.
  const worksheet = await lectern.get('/v1/worksheets/{id}', { path: { id: 'x' } });
  fact<Same<typeof worksheet.data.prompts, Prompt[]>>();
  fact<Same<typeof worksheet.data.instructions, Block[]>>();

  // Fields cut.
  const cut = await lectern.get('/v1/sections', { query: { fields: ['title', 'module'], body: ['markdown'] } });
  const first = cut.data[0]!;
  fact<Same<keyof typeof first, 'id' | 'title' | 'module' | 'markdown'>>();
  fact<Same<typeof first.module, Reference | null>>();

  // What is only known when it runs is optional.
  const fields = given<('title' | 'slug')[]>();
  const some = await lectern.get('/v1/sections', { query: { fields } });
  fact<Same<NonNullable<(typeof some.data)[0]>['title'], string | undefined>>();
  fact<Same<NonNullable<(typeof some.data)[0]>['id'], string>>();

  // Included records are there, cut, and found by their kind.
  const more = await lectern.get('/v1/sections/{id}', {
    path: { id: 'x' },
    query: { include: ['citations.source', 'module'], 'fields[modules]': ['title'] },
  });
  const find = lookup(more);
  fact<Same<ReturnType<typeof find<'source'>>, Source | undefined>>();
  fact<Same<keyof NonNullable<ReturnType<typeof find<'module'>>>, 'id' | 'title'>>();
  find('source', more.data.citations[0]?.source);
  find('module', more.data.module);
  find('citation', more.data.citations[0]);
  // @ts-expect-error no such kind
  find('lesson', more.data.module);
  // @ts-expect-error included records have no content
  find('section', more.data.next)?.blocks;

  // A tree has the bodies all the way down.
  const tree = await lectern.get('/v1/courses/{course}/modules/{module}/tree', {
    path: { course: 'a', module: 'b' },
    query: { body: ['html'] },
  });
  fact<Same<NonNullable<NonNullable<(typeof tree.data.tree)[0]>['children'][0]>['html'], string>>();
  // @ts-expect-error blocks were not asked for
  tree.data.tree[0]?.children[0]?.blocks;

  // And the fields, of the module and of its sections.
  const menu = await lectern.get('/v1/courses/{course}/modules/{module}/tree', {
    path: { course: 'a', module: 'b' },
    query: { fields: ['title'], 'fields[sections]': ['slug'], include: ['cover'] },
  });
  fact<Same<keyof typeof menu.data, 'id' | 'title' | 'tree'>>();
  fact<Same<keyof NonNullable<(typeof menu.data.tree)[0]>, 'id' | 'slug' | 'children'>>();
  lookup(menu)('asset', menu.data.id)?.url;

  // Lists of all kinds are read in the same way, searches too.
  for await (const page of lectern.pages('/v1/search', { query: { q: 'tabs' } })) {
    fact<Same<typeof page.meta.query.words, string[]>>();
  }
  for await (const section of lectern.all('/v1/sections', { query: { fields: ['slug'] } })) {
    fact<Same<keyof typeof section, 'id' | 'slug'>>();
  }
  for await (const changes of lectern.changes({ since: 4 })) {
    fact<Same<(typeof changes.data)[0]['op'], 'publish' | 'unpublish'>>();
  }
  const found = await lectern.resolve('/a/b/c');
  // @ts-expect-error the path may lead nowhere
  found.current;
}

// Drafts are those of the list that is named, and patches have what may be written.
export async function drafts() {
  const admin = createAdmin({ baseUrl: 'https://content.example.org', token: 'lec_' });
  const section = await admin.draft('sections', 'id');
  fact<Same<typeof section.version, number>>();
  section.blocks;
  // @ts-expect-error: a source has no blocks
  (await admin.draft('sources', 'id')).blocks;
  await admin.update('sections', section, { title: 'T', summary: null });
  // @ts-expect-error: the server sets it
  await admin.update('sections', section, { version: 7 });
  // @ts-expect-error: there is no such list
  await admin.draft('cakes', 'id');
  for await (const found of admin.drafts('modules', { 'filter[state]': 'draft' })) {
    fact<Same<typeof found.id, string>>();
    // @ts-expect-error: lists leave out what is large, and more is not promised
    found.title.length;
  }
}
