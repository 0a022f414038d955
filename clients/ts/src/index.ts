export type { Answer, IncludedOf, Item, NodeOf } from './answers.js';
export type { Changes, ChangesOptions } from './changes.js';
export { type Client, type ClientOptions, createClient } from './client.js';
export { conditional, type ConditionalOptions, type Fetch, type Kept, memory, type Store } from './conditional.js';
export { LecternError } from './error.js';
export { type Lookup, lookup } from './lookup.js';
export type * from './records.js';
export type { ListPath, Query, ReadArguments, ReadOptions, ReadPath, RequestOptions } from './requests.js';
export type { components, operations, paths } from './schema.js';
