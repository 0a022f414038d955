import type { RecordType, RecordTypes, TreeNode } from './records.js';
import type { Contracted, Query, ReadPath } from './requests.js';

// The contract's schemas hold for whole records. What an answer has depends on fields=, body= and include= as well, and
// these types follow them where they are written as literals. Where they are not, what may be missing is optional.

type BodyForm = 'blocks' | 'html' | 'markdown' | 'text';
type BodyKey = BodyForm | 'instructions' | 'prompts';

type IsLiteral<L> = L extends readonly unknown[] ? (number extends L['length'] ? false : true) : false;

type Plain<R> = [Extract<keyof R, BodyKey>] extends [never] ? R : Omit<R, BodyKey>;

type Cut<R, Q, Parameter extends string> = Parameter extends keyof Q
  ? IsLiteral<Q[Parameter]> extends true
    ? Pick<Plain<R>, Extract<keyof Plain<R>, 'id' | Items<Q[Parameter]>>>
    : Pick<Plain<R>, Extract<keyof Plain<R>, 'id'>> & Partial<Plain<R>>
  : Plain<R>;

type Items<L> = L extends readonly (infer Item)[] ? Item : never;

// A worksheet has two other keys for its blocks; Extract leaves those that the record has.
type KeysOf<R, Form> = Extract<keyof R, Form | ('blocks' extends Form ? 'instructions' | 'prompts' : never)>;

type Bodies<R, Q, Default> = 'body' extends keyof Q
  ? IsLiteral<Q['body']> extends true
    ? Required<Pick<R, KeysOf<R, Items<Q['body']>>>>
    : Pick<R, Extract<keyof R, BodyKey>>
  : Required<Pick<R, KeysOf<R, Default>>>;

type Flat<T> = { [K in keyof T]: T[K] };

type One<R, Q, Default> = Flat<Cut<R, Q, 'fields'> & Bodies<R, Q, Default>>;

/** A section of a tree, with the fields and bodies that were asked for. */
export type NodeOf<Q> = Flat<Cut<Omit<TreeNode, 'children'>, Q, 'fields[sections]'> & Bodies<TreeNode, Q, never>> & { children: NodeOf<Q>[] };

type DataOf<P extends ReadPath, Q> = Contracted<P> extends { data: infer Data }
  ? Data extends { tree: TreeNode[] }
    ? Flat<Cut<Omit<Data, 'tree'>, Q, 'fields'> & { tree: NodeOf<Q>[] }>
    : 'fields' extends keyof Query<P>
      ? Data extends (infer R)[]
        ? One<R, Q, never>[]
        : One<Data, Q, 'blocks'>
      : Data
  : never;

/** The records of `included`, cut to what `fields[…]` asks for. Kinds that no relation leads to are absent. */
export type IncludedOf<Q> = {
  [T in RecordType as RecordTypes[T]['plural']]?: Cut<RecordTypes[T]['record'], Q, `fields[${RecordTypes[T]['plural']}]`>[];
};

type IncludedPart<Q> = 'include' extends keyof Q
  ? Q extends { include: readonly string[] }
    ? { included: IncludedOf<Q> }
    : { included?: IncludedOf<Q> }
  : {};

/** What a request of a path with a query is answered with. */
export type Answer<P extends ReadPath, Q = {}> = Contracted<P> extends { data: unknown }
  ? Flat<Omit<Contracted<P>, 'data' | 'included'> & { data: DataOf<P, Q> } & IncludedPart<Q>>
  : Contracted<P>;

/** A record of a list, as a request with a query gives it. */
export type Item<P extends ReadPath, Q = {}> = Answer<P, Q> extends { data: (infer R)[] } ? R : never;
