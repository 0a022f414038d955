import type { paths } from './schema.js';

type Get<P> = P extends keyof paths ? (paths[P] extends { get: infer G } ? G : never) : never;

type Parameters<P, In extends string> = Get<P> extends { parameters: infer All }
  ? In extends keyof All
    ? NonNullable<All[In]>
    : never
  : never;

/** What the contract says that a path answers with. */
export type Contracted<P> = Get<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

/** A path of the content API that answers with JSON, as the contract writes it: `/v1/sections/{id}`. */
export type ReadPath = {
  [P in keyof paths]: P extends `/v1/admin/${string}` ? never : [Contracted<P>] extends [never] ? never : P;
}[keyof paths];

/** A path whose answers come in parts: the lists, and search. */
export type ListPath = {
  [P in ReadPath]: Contracted<P> extends { data: unknown[]; links: { next: string | null } } ? P : never;
}[ReadPath];

// The generated types want arrays that can be changed; lists of fields are often constants.
type Readable<T> = { [K in keyof T]: NonNullable<T[K]> extends (infer Item)[] ? readonly Item[] : T[K] };

/** The query parameters of a path. */
export type Query<P extends ReadPath> = [Parameters<P, 'query'>] extends [never] ? {} : Readable<Parameters<P, 'query'>>;

type PathParameters<P> = [Parameters<P, 'path'>] extends [never] ? {} : { path: Parameters<P, 'path'> };

// An inferred type may have more keys than the one that it extends. Here that would be a parameter that the API refuses.
type NoOthers<Q, Allowed> = { [K in Exclude<keyof Q, keyof Allowed>]: never };

type QueryParameters<P extends ReadPath, Q> = {} extends Query<P>
  ? { query?: Q & Query<P> & NoOthers<Q, Query<P>> }
  : { query: Q & Query<P> & NoOthers<Q, Query<P>> };

/** What every request takes. */
export interface RequestOptions {
  /** Ends the request early. */
  signal?: AbortSignal;
  /** More headers for this request. */
  headers?: Record<string, string>;
}

/** What a request of a path takes: the values in its `{…}`, and its query. */
export type ReadOptions<P extends ReadPath, Q> = PathParameters<P> & QueryParameters<P, Q> & RequestOptions;

/** The arguments after the path: none are needed where the path needs none. */
export type ReadArguments<P extends ReadPath, Q> = {} extends PathParameters<P> & Pick<QueryParameters<P, {}>, 'query'>
  ? [options?: ReadOptions<P, Q>]
  : [options: ReadOptions<P, Q>];
