import type { IncludedOf } from './answers.js';
import type { RecordType, RecordTypes } from './records.js';

const plurals = {
  course: 'courses',
  module: 'modules',
  section: 'sections',
  worksheet: 'worksheets',
  citation: 'citations',
  source: 'sources',
  fragment: 'fragments',
  asset: 'assets',
} as const satisfies { [T in RecordType]: RecordTypes[T]['plural'] };

type Plural<T extends RecordType> = RecordTypes[T]['plural'];

type Found<I, T extends RecordType> = Plural<T> extends keyof I ? (NonNullable<I[Plural<T>]> extends (infer R)[] ? R : never) : never;

/**
 * Finds an included record of one kind by its id, or by whatever has its id: a reference for instance. It is undefined
 * when there is none.
 */
export type Lookup<I> = <T extends RecordType>(type: T, of: { id: string } | string | null | undefined) => Found<I, T> | undefined;

/**
 * Finds the records that `include` added to an answer, each in one step however many there are.
 *
 * Only the records of `included` are found: what is in `data` is at hand already.
 */
export function lookup<A extends { included?: IncludedOf<{}> | Partial<Record<string, { id: string }[]>> }>(
  answer: A,
): Lookup<NonNullable<A['included']>> {
  const included = (answer.included ?? {}) as Record<string, { id: string }[] | undefined>;
  const byKind = new Map<string, Map<string, unknown>>();
  return (type, of) => {
    if (of === null || of === undefined) {
      return undefined;
    }
    let byId = byKind.get(type);
    if (!byId) {
      byId = new Map((included[plurals[type]] ?? []).map((record) => [record.id, record]));
      byKind.set(type, byId);
    }
    return byId.get(typeof of === 'string' ? of : of.id) as never;
  };
}
