import createFetchClient, { createQuerySerializer, type Client as FetchClient, type HeadersOptions } from 'openapi-fetch';

import type { Answer, Item } from './answers.js';
import { type Changes, type ChangesOptions, follow } from './changes.js';
import type { Fetch } from './conditional.js';
import { LecternError } from './error.js';
import type { Resolved } from './records.js';
import type { ListPath, Query, ReadArguments, ReadPath, RequestOptions } from './requests.js';
import type { paths } from './schema.js';

/** How a client reaches Lectern. */
export interface ClientOptions {
  /** Where Lectern is: `https://content.example.org`. Addresses in answers are taken to be relative to it. */
  baseUrl: string;
  /** What requests go through; the global `fetch` when not given. `conditional()` makes one that keeps answers. */
  fetch?: Fetch;
  /** Headers of every request. */
  headers?: HeadersOptions;
}

/** Reads what a Lectern has published. All methods but `url` fail with a `LecternError` when the answer is an error. */
export interface Client {
  /** Reads a path of the contract. What `fields`, `body` and `include` ask for is in the type of the answer. */
  get<P extends ReadPath, const Q extends Partial<Query<P>> = {}>(path: P, ...options: ReadArguments<P, Q>): Promise<Answer<P, Q>>;

  /** Reads a list part by part, from the part that the query asks for to the end. */
  pages<P extends ListPath, const Q extends Partial<Query<P>> = {}>(
    path: P,
    ...options: ReadArguments<P, Q>
  ): AsyncGenerator<Answer<P, Q>, void, undefined>;

  /** Reads a list record by record. `limit` is how many are fetched at once. */
  all<P extends ListPath, const Q extends Partial<Query<P>> = {}>(
    path: P,
    ...options: ReadArguments<P, Q>
  ): AsyncGenerator<Item<P, Q>, void, undefined>;

  /** Finds what a public path leads to; null when it leads nowhere. Redirect to its `path` when it is not `current`. */
  resolve(path: string, options?: RequestOptions): Promise<Resolved | null>;

  /** Follows what is published and withdrawn, until its signal, a `break`, or content that is not the same any more (409). */
  changes(options?: ChangesOptions): AsyncGenerator<Changes, void, undefined>;

  /** The full address of an `href`, `url` or link of an answer. */
  url(address: string): string;

  /** The openapi-fetch client below, for those who want responses. */
  readonly raw: FetchClient<paths>;
}

// Lists in parameters are separated by commas throughout the contract.
const serialize = createQuerySerializer({ array: { style: 'form', explode: false } });

// A comma or backslash that belongs to a value of a list has a backslash before it.
function escaped(query: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((v) => (typeof v === 'string' ? v.replace(/[\\,]/g, '\\$&') : v)) : value,
    ]),
  );
}

/** Writes the query of a request as the contract wants it. */
export const querySerializer = (query: object) => serialize(escaped(query));

interface AnyOptions extends RequestOptions {
  path?: object;
  query?: object;
  cache?: RequestCache;
}

interface AnyPage {
  data: unknown[];
  links: { next: string | null };
}

/** Makes a client. It opens no connection before the first request. */
export function createClient(options: ClientOptions): Client {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const raw = createFetchClient<paths>({
    baseUrl,
    // Looked up for each request, so that what replaces the global one later, as frameworks and tests do, is used.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    ...(options.headers ? { headers: options.headers } : {}),
    querySerializer,
  });

  async function read(path: string, { path: inPath, query, ...init }: AnyOptions = {}): Promise<unknown> {
    const { data, error, response } = await raw.GET(path as never, { params: { path: inPath, query }, ...init } as never);
    if (!(response as Response).ok) {
      throw new LecternError(response, error);
    }
    return data;
  }

  async function* pages(path: string, options: AnyOptions = {}): AsyncGenerator<AnyPage, void, undefined> {
    let page = (await read(path, options)) as AnyPage;
    yield page;
    // A link has all parameters in it.
    const { path: _, query: __, ...init } = options;
    while (page.links.next !== null) {
      page = (await read(page.links.next, init)) as AnyPage;
      yield page;
    }
  }

  async function* all(path: string, options?: AnyOptions): AsyncGenerator<unknown, void, undefined> {
    for await (const page of pages(path, options)) {
      yield* page.data;
    }
  }

  async function resolve(path: string, options: RequestOptions = {}): Promise<Resolved | null> {
    try {
      const { data } = (await read('/v1/resolve', { ...options, query: { path } })) as { data: Resolved };
      return data;
    } catch (error) {
      if (error instanceof LecternError && error.type === '/problems/not-found') {
        return null;
      }
      throw error;
    }
  }

  // No two of these requests are for the same changes, so there is nothing to keep.
  const readChanges = (query: object, signal: AbortSignal | undefined) =>
    read('/v1/changes', { query, cache: 'no-store', ...(signal ? { signal } : {}) }) as Promise<Changes>;
  const changes = (options?: ChangesOptions) => follow(readChanges, options);

  const url = (address: string) => (address.startsWith('/') ? baseUrl + address : address);

  // The types of the methods follow from the contract, which the functions above do not look at.
  return { get: read, pages, all, resolve, changes, url, raw } as unknown as Client;
}
