import assert from 'node:assert/strict';

import { LecternError } from '@lectern-cms/client';

let sent; // requests with their answers, in order, while somebody is watching

/** A fetch whose requests `watching` sees. */
export async function watched(request) {
  const response = await fetch(request);
  sent?.push({ request, response });
  return response;
}

/** Does some work, and gives its result and what was fetched for it through `watched`. */
export async function watching(work) {
  sent = [];
  try {
    return [await work(), sent];
  } finally {
    sent = undefined;
  }
}

/** All that an iterator gives. */
export async function collected(iterator) {
  const out = [];
  for await (const x of iterator) {
    out.push(x);
  }
  return out;
}

/** Expects a LecternError, and looks at it. */
export async function fails(work, look) {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof LecternError, String(error));
    look(error);
    return true;
  });
}
