import type { Problem, ProblemError } from './records.js';

/** An answer that is an error. Requests that get no answer fail as `fetch` does. */
export class LecternError extends Error {
  override readonly name = 'LecternError';
  /** The status of the answer. */
  readonly status: number;
  /** The address that was asked. */
  readonly url: string;
  /** What Lectern says; null when something between here and Lectern answered, a proxy for instance. */
  readonly problem: Problem | null;
  /** Everything that is wrong with the request; empty when `message` says it all. */
  readonly errors: readonly ProblemError[];
  /** The id of the request in the server's log; empty when it never got there. */
  readonly requestId: string;
  /** The seconds after which to try again; null when the answer does not say. */
  readonly retryAfter: number | null;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : null;
    super(messageOf(response, problem));
    this.status = response.status;
    this.url = response.url;
    this.problem = problem;
    this.errors = problem?.errors ?? [];
    this.requestId = problem?.request_id ?? response.headers.get('X-Request-Id') ?? '';
    this.retryAfter = secondsOf(response.headers.get('Retry-After'));
  }

  /** What went wrong, for programs: `/problems/not-found`; empty when it was not Lectern that answered. */
  get type(): string {
    return this.problem?.type ?? '';
  }

  /** Whether the same request may work later. */
  get transient(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'type' in body && 'status' in body && 'errors' in body && Array.isArray(body.errors);
}

function messageOf(response: Response, problem: Problem | null): string {
  if (!problem) {
    return `${response.status} ${response.statusText}`.trimEnd();
  }
  const wrong = problem.errors.map((e) => [e.parameter ?? e.pointer, e.detail].filter(Boolean).join(': '));
  return [`${problem.status} ${problem.title}`, problem.detail, ...wrong].filter(Boolean).join('; ');
}

// Retry-After may be a date, which would need the server's clock.
function secondsOf(value: string | null): number | null {
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}
