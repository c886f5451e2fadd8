// Owns the catalogue of errors that the admin API answers: code, status, title. RFC 9457 problem documents.
import { z } from 'zod';

export const errorCatalogue = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  bad_json: { status: 400, title: 'The body is not valid JSON' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  wrong_credentials: { status: 401, title: 'Wrong user name or password' },
  unknown_key: { status: 401, title: 'No key has this secret' },
  account_disabled: { status: 403, title: 'This user is disabled' },
  forbidden: { status: 403, title: 'Your role may not do this' },
  foreign_origin: { status: 403, title: 'The request comes from another site' },
  password_change_required: { status: 403, title: 'Change your password first' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This method is not offered here' },
  conflict: { status: 409, title: 'The resource was changed meanwhile' },
  name_taken: { status: 409, title: 'The name is taken' },
  in_use: { status: 409, title: 'Something still points here' },
  login_failed: { status: 502, title: 'The vendor did not complete the login' },
  wrong_state: { status: 409, title: 'Not possible in this state' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Send JSON' },
  too_many_attempts: { status: 429, title: 'Too many attempts' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  redis_unavailable: { status: 503, title: 'The database is not reachable' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  requestId: z.string(),
});
export type Problem = z.output<typeof problemSchema>;

/** A failed call as the typed client throws it. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds the server asks to wait before the next try; null when it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}
