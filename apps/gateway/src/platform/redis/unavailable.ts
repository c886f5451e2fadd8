// Owns the one thing the rest of the gateway needs to know about a lost Redis, whatever the driver met.
export class RedisUnavailable extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`Redis is not available: ${reason}`, options);
    this.name = 'RedisUnavailable';
  }
}

/** Answers of a server that lives but cannot serve now: starting, failing over, cut off from its replicas. */
const NOT_SERVING = /^(LOADING|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|BUSY|MISCONF|OOM)\b/;
const CONNECTION_ERRORS =
  /^(Connection is closed|Stream isn't writeable|Command aborted|All sentinels|connect )/i;

/** The driver's error, as `RedisUnavailable` where it means that; every other error unchanged. */
export function asRedisError(error: Error): Error {
  if (error instanceof RedisUnavailable) return error;
  const isLost =
    error.name === 'MaxRetriesPerRequestError' ||
    error.name === 'AbortError' ||
    'syscall' in error ||
    CONNECTION_ERRORS.test(error.message) ||
    NOT_SERVING.test(error.message);
  return isLost ? new RedisUnavailable(error.message, { cause: error }) : error;
}
