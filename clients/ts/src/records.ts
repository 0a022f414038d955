import type { components } from './schema.js';

type Schemas = components['schemas'];

export type Course = Schemas['Course'];
export type CourseSource = Schemas['CourseSource'];
export type Module = Schemas['Module'];
export type ModuleTree = Schemas['ModuleTree'];
export type TreeNode = Schemas['TreeNode'];
export type Objective = Schemas['Objective'];
export type Contributor = Schemas['Contributor'];
export type Section = Schemas['Section'];
export type SectionCitation = Schemas['SectionCitation'];
export type Origin = Schemas['Origin'];
export type Worksheet = Schemas['Worksheet'];
export type WorksheetDocument = Schemas['Document'];
export type Citation = Schemas['Citation'];
export type Locator = Schemas['Locator'];
export type Source = Schemas['Source'];
export type CSLItem = Schemas['CSLItem'];
export type CSLName = Schemas['CSLName'];
export type CSLDate = Schemas['CSLDate'];
export type Fragment = Schemas['Fragment'];
export type Asset = Schemas['Asset'];
export type AssetFile = Schemas['File'];
export type Reference = Schemas['Reference'];
export type Included = Schemas['Included'];
export type Links = Schemas['Links'];
export type ListMeta = Schemas['ListMeta'];
export type SearchHit = Schemas['SearchHit'];
export type SearchMeta = Schemas['SearchMeta'];
export type SitemapEntry = Schemas['SitemapEntry'];
export type Resolved = Schemas['Resolved'];
export type Change = Schemas['Change'];
export type ChangesMeta = Schemas['ChangesMeta'];
export type Problem = Schemas['Problem'];
export type ProblemError = Schemas['ProblemError'];

/** One piece of content. `kind` tells which; a `switch` over it narrows. */
export type Block = Schemas['Block'];
export type BlockKind = Block['kind'];
export type ListItem = Schemas['ListItem'];
export type Cell = Schemas['Cell'];

/** One thing that a worksheet asks for. `kind` tells which; a `switch` over it narrows. */
export type Prompt = Schemas['Prompt'];
export type PromptKind = Prompt['kind'];
export type GridRow = Schemas['GridRow'];

// Several kinds of prompt share one schema, so that Extract would find none of them.
type OfKind<U, K> = U extends { kind: infer Kinds } ? (K extends Kinds ? U & { kind: K } : never) : never;

/** The block of one kind: `BlockOf<'heading'>`. */
export type BlockOf<K extends BlockKind> = OfKind<Block, K>;

/** The prompt of one kind: `PromptOf<'rating'>`. */
export type PromptOf<K extends PromptKind> = OfKind<Prompt, K>;

/** The kinds of record, each with what a list of it is called in `included` and in `fields[…]`. */
export interface RecordTypes {
  course: { plural: 'courses'; record: Course };
  module: { plural: 'modules'; record: Module };
  section: { plural: 'sections'; record: Section };
  worksheet: { plural: 'worksheets'; record: Worksheet };
  citation: { plural: 'citations'; record: Citation };
  source: { plural: 'sources'; record: Source };
  fragment: { plural: 'fragments'; record: Fragment };
  asset: { plural: 'assets'; record: Asset };
}

export type RecordType = keyof RecordTypes;
