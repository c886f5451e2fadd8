// Owns how a failed admin call is worded: RFC 9457 problem documents, whatever was thrown.
import { errorCatalogue, type ErrorCode, type Problem } from '@crs/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../platform/log.ts';
import { ProblemError } from '../platform/problem.ts';
import { RedisUnavailable } from '../platform/redis/unavailable.ts';

const REDIS_RETRY_SECONDS = 2;

/** What Fastify itself refuses, by the code of its error. */
const frameworkRefusals: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'Send a smaller body.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_json', 'The body is not as long as content-length says.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad_json', 'The body is not JSON.'],
  FST_ERR_BAD_URL: ['not_found', 'The address is not a valid URL.'],
  FST_ERR_CTP_EMPTY_TYPE: ['unsupported_media_type', 'Say content-type: application/json.'],
};

/** The refusal behind whatever was thrown; null where it is a fault of the gateway. */
function asProblem(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof RedisUnavailable) {
    return new ProblemError('redis_unavailable', 'The database does not answer. Try again in a moment.', {
      retryAfterSeconds: REDIS_RETRY_SECONDS,
    });
  }
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') {
    const known = frameworkRefusals[error.code];
    if (known !== undefined) return new ProblemError(...known);
  }
  const isBadJson = error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400;
  return isBadJson ? new ProblemError('bad_json', `The body is not JSON: ${error.message}`) : null;
}

/** Where faults of the gateway are told. */
export type FaultLog = Pick<Log['app'], 'error'>;

/** For every route of the scope: whatever is thrown becomes a problem document; what is no refusal is logged as well. */
export function answerWithProblems(scope: FastifyInstance, log: FaultLog): void {
  scope.setErrorHandler((error, request, reply) => replyWithProblem(error, request, reply, log));
}

/** Answers with the problem document of what was thrown, also where no hook of a scope has run. */
export function replyWithProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: FaultLog,
): FastifyReply {
  const problem =
    asProblem(error) ??
    new ProblemError('internal_error', `Give the request id ${request.id} to whoever runs this gateway.`);
  if (problem.code === 'internal_error') {
    const { id: requestId, method, routeOptions } = request;
    log.error({ err: error, requestId, method, route: routeOptions.url }, 'a call of the API failed');
  }
  const { code, detail, errors, retryAfterSeconds } = problem;
  const { status, title } = errorCatalogue[code];
  const document: Problem = {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    requestId: request.id,
  };
  reply.header('x-request-id', request.id);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type('application/problem+json; charset=utf-8').send(JSON.stringify(document));
}
