// Bedrock's errors: a name in a header, a message in the body; inside a stream an exception frame.
import type { Failure, JsonAnswer, StreamEvent } from '../vendor.ts';
import { exceptionFrame } from './event-stream.ts';

const NAMES: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  409: 'ConflictException',
  413: 'ValidationException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
};

const MESSAGES: Readonly<Record<string, string>> = {
  ValidationException: 'The provided request is not valid',
  ServiceQuotaExceededException: 'Your request exceeds the service quota for your account.',
  AccessDeniedException: "You don't have access to the model with the specified model ID.",
  UnrecognizedClientException: 'The security token included in the request is invalid.',
  ExpiredTokenException: 'The security token included in the request is expired',
  MissingAuthenticationTokenException: 'Missing Authentication Token',
  ResourceNotFoundException: 'The provided model identifier could not be found.',
  ModelTimeoutException: 'Model has timed out in processing the request. Try your request again.',
  ModelErrorException: 'The model returned an error. Try your request again.',
  ModelStreamErrorException:
    'The system encountered an unexpected error during processing. Try your request again.',
  ModelNotReadyException: 'Model is not ready for inference. Wait and try your request again.',
  ThrottlingException: 'Too many requests, please wait before trying again.',
  InternalServerException:
    'The system encountered an unexpected error during processing. Try your request again.',
  ServiceUnavailableException: 'Bedrock is unable to process your request.',
};

/** `failure.type` is the exception's name. */
export function bedrockError({ status, type, message }: Failure, requestId: string): JsonAnswer {
  const name = type ?? NAMES[status] ?? 'InternalServerException';
  return {
    kind: 'json',
    status,
    headers: { 'x-amzn-requestid': requestId, 'x-amzn-errortype': name },
    body: { message: message ?? MESSAGES[name] ?? name },
  };
}

/** Inside a stream the same names begin with a small letter. */
export function bedrockException(type: string | undefined, message: string | undefined): StreamEvent {
  const name = type ?? 'modelStreamErrorException';
  const own = name.charAt(0).toUpperCase() + name.slice(1);
  const payload = { message: message ?? MESSAGES[own] ?? own };
  return exceptionFrame(
    own.charAt(0).toLowerCase() + own.slice(1),
    own === 'ModelStreamErrorException'
      ? { ...payload, originalStatusCode: 500, originalMessage: 'upstream' }
      : payload,
  );
}
