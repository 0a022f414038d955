// Reading Lectern's content API. Everything that the site shows comes through get() and all().

/** Where the build reads from. */
export const api = (process.env.LECTERN_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');

/** Where readers' browsers find the same server, for the search page. */
export const publicApi = (process.env.LECTERN_PUBLIC_URL ?? api).replace(/\/$/, '');

const pending = new Map(); // address → promise of this build: data files may ask for the same thing
const kept = new Map(); // address → { etag, body } of the build before, for "npm start"

const revisions = new Set(); // of the content, as the answers of this build name them

/** Begins a new build: everything is asked for again, and what has not changed comes back as an empty 304. */
export function forget() {
  pending.clear();
  revisions.clear();
}

/** Ends a build: says whether something was published in the middle of it, so that pages may not fit each other. */
export function isMixed() {
  return revisions.size > 1;
}

/** The JSON at an address such as /v1/courses. */
export function get(path) {
  if (!pending.has(path)) pending.set(path, read(path));
  return pending.get(path);
}

/**
 * A whole list, part after part, as { data, included }. Parts may include the same record; readers of `included` go
 * by id, so that does no harm.
 */
export async function all(path) {
  const whole = { data: [], included: {} };
  for (let next = path; next; ) {
    const { data, included = {}, links } = await get(next);
    whole.data.push(...data);
    for (const [kind, records] of Object.entries(included)) {
      (whole.included[kind] ??= []).push(...records);
    }
    next = links.next;
  }
  return whole;
}

async function read(path) {
  const old = kept.get(path);
  const headers = old ? { 'If-None-Match': old.etag } : {};
  let answer;
  try {
    answer = await fetch(api + path, { headers });
  } catch (err) {
    throw new Error(`There is no answer from ${api}. Is Lectern running there? (LECTERN_URL says where it is.)`, { cause: err });
  }
  if (answer.headers.has('Lectern-Revision')) revisions.add(answer.headers.get('Lectern-Revision'));
  if (answer.status === 304) return old.body;
  const body = await answer.json();
  if (!answer.ok) throw new Error(problem(path, body));
  kept.set(path, { etag: answer.headers.get('ETag'), body });
  return body;
}

// An error is a problem document (RFC 9457): it says what is wrong and, in errors, everything that is.
function problem(path, { status, title, detail, errors = [], request_id }) {
  const lines = errors.map((e) => `  ${e.parameter ?? e.pointer ?? ''}: ${e.detail}`);
  return [`GET ${path}: ${status} ${title}: ${detail} (request ${request_id})`, ...lines].join('\n');
}
