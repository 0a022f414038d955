import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';

import { querySerializer } from './client.js';
import type { Fetch } from './conditional.js';
import { LecternError } from './error.js';
import type { components, operations, paths } from './schema.js';

type Schemas = components['schemas'];

interface Kinds {
  courses: { draft: Schemas['CourseDraft']; patch: Schemas['CoursePatch'] };
  modules: { draft: Schemas['ModuleDraft']; patch: Schemas['ModulePatch'] };
  sections: { draft: Schemas['SectionDraft']; patch: Schemas['SectionPatch'] };
  sources: { draft: Schemas['SourceDraft']; patch: Schemas['SourcePatch'] };
  worksheets: { draft: Schemas['WorksheetDraft']; patch: Schemas['WorksheetPatch'] };
  assets: { draft: Schemas['AssetDraft']; patch: Schemas['AssetPatch'] };
  fragments: { draft: Schemas['FragmentDraft']; patch: Schemas['FragmentPatch'] };
}

type Plural = keyof Kinds;

/** A draft as one record is read: `DraftOf<'sections'>`. */
export type DraftOf<K extends Plural> = Kinds[K]['draft'];
/** What a merge patch of a record may change. */
export type PatchOf<K extends Plural> = Kinds[K]['patch'];
/** The query parameters of lists of drafts. */
export type DraftQuery = NonNullable<operations['listDrafts']['parameters']['query']>;

/** How a client reaches the admin API. */
export interface AdminOptions {
  /** Where Lectern is. */
  baseUrl: string;
  /** What a program acts with. Without one `signIn` begins a session, in browsers: they keep the cookie. */
  token?: string;
  /** What requests go through; the global `fetch` when not given. */
  fetch?: Fetch;
}

/** Reads and changes drafts. All methods fail with a `LecternError` when the answer is an error. */
export interface Admin {
  /** Begins a session. Its CSRF token goes with all changes from then on. */
  signIn(login: string, password: string): Promise<Schemas['SignedIn']>;
  /** Goes on with the session that the browser has, after a reload of the page for instance. */
  resume(): Promise<Schemas['SignedIn']>;
  /** Ends the session. */
  signOut(): Promise<void>;
  /** Reads a draft. */
  draft<K extends Plural>(records: K, id: string): Promise<DraftOf<K>>;
  /** Reads drafts to the end of the list. What is large is there with `body: 'blocks'` only. */
  drafts<K extends Plural>(records: K, query?: DraftQuery): AsyncGenerator<Partial<DraftOf<K>> & Pick<DraftOf<K>, 'id' | 'version' | 'state'>, void, undefined>;
  /** Changes the draft in the version that was read. It fails with a 412 when somebody has changed it since. */
  update<K extends Plural>(records: K, draft: { id: string; version: number }, patch: PatchOf<K>, message?: string): Promise<DraftOf<K>>;
  /** The openapi-fetch client below, for all other routes. It sends the token, or the CSRF token of the session. */
  readonly raw: FetchClient<paths>;
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Makes a client of the admin API. */
export function createAdmin({ baseUrl, token, fetch }: AdminOptions): Admin {
  const raw = createFetchClient<paths>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    credentials: token ? 'omit' : 'include',
    fetch: fetch ?? ((request) => globalThis.fetch(request)),
    querySerializer,
  });
  let csrf = '';
  raw.use({
    onRequest({ request }) {
      if (token) {
        request.headers.set('Authorization', `Bearer ${token}`);
      } else if (csrf && !SAFE.includes(request.method)) {
        request.headers.set('X-CSRF-Token', csrf);
      }
    },
  });

  async function signIn(login: string, password: string) {
    const { data } = good(await raw.POST('/v1/admin/session', { body: { login, password } }));
    csrf = data.csrf_token;
    return data;
  }

  async function resume() {
    const { data } = good(await raw.GET('/v1/admin/session'));
    csrf = data.csrf_token;
    return data;
  }

  async function signOut() {
    good(await raw.DELETE('/v1/admin/session'));
    csrf = '';
  }

  async function draft(records: Plural, id: string) {
    return good(await raw.GET('/v1/admin/{records}/{id}', { params: { path: { records, id } } })).data;
  }

  async function* drafts(records: Plural, query: DraftQuery = {}) {
    let page = good(await raw.GET('/v1/admin/{records}', { params: { path: { records }, query } }));
    yield* page.data;
    while (page.links.next !== null) {
      page = good(await raw.GET(page.links.next as '/v1/admin/{records}', {} as never)) as typeof page;
      yield* page.data;
    }
  }

  async function update(records: Plural, { id, version }: { id: string; version: number }, patch: object, message?: string) {
    const params = { path: { records, id }, header: { 'If-Match': `"${version}"` }, query: message ? { message } : {} };
    const headers = { 'Content-Type': 'application/merge-patch+json' };
    return good(await raw.PATCH('/v1/admin/{records}/{id}', { params, headers, body: patch })).data;
  }

  // Which record a path answers with is in the types of the methods.
  return { signIn, resume, signOut, draft, drafts, update, raw } as Admin;
}

/** The body of an answer that is none of an error. */
function good<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (!response.ok) {
    throw new LecternError(response, error);
  }
  return data as T;
}

/**
 * Does a piece of work again when it was for an old version: work that reads a draft, decides, and updates it. After
 * `tries` times, or with any other error, it fails as the work does.
 */
export async function retryOnStale<T>(work: () => Promise<T>, tries = 5): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LecternError) || error.status !== 412 || left <= 0) {
        throw error;
      }
    }
  }
}
