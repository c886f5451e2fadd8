// Owns the refusal of an admin call as it is thrown; only the mount words it as an HTTP answer.
import type { ErrorCode } from '@crs/shared';

export interface ProblemOptions {
  /** What is wrong with which field; paths as `budgets.0.usd`. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** Sent as `retry-after`. */
  readonly retryAfterSeconds?: number;
}

export class ProblemError extends Error {
  readonly code: ErrorCode;
  /** For the caller to read. */
  readonly detail: string;
  readonly errors: ProblemOptions['errors'];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = 'ProblemError';
    this.code = code;
    this.detail = detail;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
