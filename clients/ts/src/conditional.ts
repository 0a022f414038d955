/** A function that answers requests. */
export type Fetch = (request: Request) => Promise<Response>;

/** An answer that was kept. */
export interface Kept {
  etag: string;
  type: string;
  body: string;
}

/** Where answers are kept, by address. A `Map` is one; a folder of files, for the next build of a site, is another. */
export interface Store {
  get(url: string): Kept | undefined | Promise<Kept | undefined>;
  set(url: string, kept: Kept): unknown;
  delete(url: string): unknown;
}

/** How many answers `memory` keeps when nobody says. */
const KEPT = 1_000;

/** Keeps answers in memory: the `most` that were used last. */
export function memory(most = KEPT): Store {
  const entries = new Map<string, Kept>();
  // A Map gives its keys in the order in which they were set, so the first is the one that was unused for longest.
  const renew = (url: string, kept: Kept) => {
    entries.delete(url);
    entries.set(url, kept);
  };
  return {
    get(url) {
      const kept = entries.get(url);
      if (kept) {
        renew(url, kept);
      }
      return kept;
    },
    set(url, kept) {
      renew(url, kept);
      for (const oldest of entries.keys()) {
        if (entries.size <= most) {
          break;
        }
        entries.delete(oldest);
      }
    },
    delete: (url) => entries.delete(url),
  };
}

/** What `conditional` can be told. */
export interface ConditionalOptions {
  /** Where answers are kept; `memory()` when not given. Clients that send different headers need stores of their own. */
  store?: Store;
  /** What the requests go through; the global `fetch` when not given. */
  fetch?: Fetch;
}

/**
 * Makes a `fetch` that asks whether an answer that it has is still right, and gives that one while it is. Only JSON is
 * kept. It is of use where there is no HTTP cache, in Node for instance; browsers do the same by themselves.
 */
export function conditional(options: ConditionalOptions = {}): Fetch {
  const store = options.store ?? memory();
  const send = options.fetch ?? ((request) => globalThis.fetch(request));
  return async (request) => {
    if (request.method !== 'GET' || request.cache === 'no-store' || request.headers.has('If-None-Match')) {
      return send(request);
    }
    const kept = await store.get(request.url);
    const response = await send(kept ? asking(request, kept.etag) : request);
    if (kept && response.status === 304) {
      return again(response, kept);
    }
    if (response.status === 404 || response.status === 410) {
      await store.delete(request.url);
    }
    await keep(store, request.url, response);
    return response;
  };
}

function asking(request: Request, etag: string): Request {
  const asked = new Request(request);
  asked.headers.set('If-None-Match', etag);
  return asked;
}

function again(response: Response, kept: Kept): Response {
  const headers = new Headers(response.headers);
  headers.set('Content-Type', kept.type);
  // They are about the bytes on the wire, of which a 304 has none.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(kept.body, { status: 200, statusText: 'OK', headers });
}

async function keep(store: Store, url: string, response: Response): Promise<void> {
  const etag = response.headers.get('ETag');
  const type = response.headers.get('Content-Type');
  if (response.status === 200 && etag && type?.startsWith('application/json')) {
    await store.set(url, { etag, type, body: await response.clone().text() });
  }
}
