import type { Answer } from './answers.js';
import { LecternError } from './error.js';

/** Changes that were read at once, in whole revisions. */
export type Changes = Answer<'/v1/changes'>;

/** How changes are followed. */
export interface ChangesOptions {
  /** The revision that you have: `meta.revision` of the last changes that you were given. 0, when not given, for all. */
  since?: number;
  /** How many seconds a request waits for a change, 20 when not given, 25 at most; 0 ends when there is nothing more. */
  wait?: number;
  /** How many changes to read at once, as far as revisions can be divided. */
  limit?: number;
  /** Ends the loop. */
  signal?: AbortSignal;
  /** Is told of a failure after which the same request is sent again, and how many milliseconds later. */
  onRetry?: (error: unknown, delay: number) => void;
}

type Read = (query: { since: number; wait: number; limit?: number }, signal: AbortSignal | undefined) => Promise<Changes>;

const WAIT = 20; // seconds; the API allows 25, and proxies often cut at 30
const FIRST_DELAY = 1_000; // milliseconds, doubled after each failure
const LAST_DELAY = 30_000;

/**
 * Reads changes for as long as there may be any. A first request that fails is an error; later ones are sent again, so
 * that a restart of the server or a lost connection does not end the loop.
 */
export async function* follow(read: Read, options: ChangesOptions = {}): AsyncGenerator<Changes, void, undefined> {
  const { wait = WAIT, limit, signal, onRetry } = options;
  let since = options.since ?? 0;
  let begun = false;
  let failures = 0;
  while (!signal?.aborted) {
    let answer: Changes;
    try {
      answer = await read({ since, wait, ...(limit === undefined ? {} : { limit }) }, signal);
    } catch (error) {
      if (signal?.aborted) {
        return;
      }
      if (!begun || wait === 0 || !mayPass(error)) {
        throw error;
      }
      const delay = delayAfter(error, failures++);
      onRetry?.(error, delay);
      await pause(delay, signal);
      continue;
    }
    begun = true;
    failures = 0;
    since = answer.meta.revision;
    if (answer.data.length > 0) {
      yield answer;
    }
    if (wait === 0 && !answer.meta.more) {
      return;
    }
  }
}

// What is no LecternError got no answer.
function mayPass(error: unknown): boolean {
  return !(error instanceof LecternError) || error.transient;
}

function delayAfter(error: unknown, failures: number): number {
  if (error instanceof LecternError && error.retryAfter !== null) {
    return error.retryAfter * 1_000;
  }
  return Math.min(FIRST_DELAY * 2 ** failures, LAST_DELAY);
}

function pause(delay: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      return resolve();
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delay);
    signal?.addEventListener('abort', done);
  });
}
