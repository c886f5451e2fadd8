// Owns reading a request's body into one buffer.
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { refusals } from '../relay/refusal.ts';

const NOT_AS_LONG = 'The body is not as long as content-length says.';

type Done = (error: Error | null, body?: Buffer) => void;

/** A content type parser of Fastify's that keeps the bytes as they are. */
export function bodyReader(
  maxBytes: number,
): (request: FastifyRequest, payload: IncomingMessage, done: Done) => void {
  return (request, payload, done) => {
    const announced = request.headers['content-length'];
    if (Number(announced) > maxBytes) return done(refusals.bodyTooLarge(maxBytes));
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) finish(refusals.bodyTooLarge(maxBytes));
    };
    const onEnd = (): void => {
      if (announced !== undefined && Number(announced) !== bytes)
        finish(refusals.invalidRequest('', NOT_AS_LONG));
      else finish(null);
    };
    const finish = (error: Error | null): void => {
      payload.off('data', onData).off('end', onEnd).off('error', finish);
      if (error === null) done(null, joined(chunks, bytes));
      else done(error);
    };
    payload.on('data', onData).on('end', onEnd).on('error', finish);
  };
}

/** Several chunks are copied, and their memory is given back. */
function joined(chunks: readonly Buffer[], bytes: number): Buffer {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined && ownMemory(only) !== null) return only;
  const body = Buffer.concat(chunks, bytes);
  for (const chunk of chunks) giveBack(chunk);
  return body;
}

/**
 * Left to the garbage collector, the chunks of every thirty megabytes would have all of the heap searched: it goes by
 * what was allocated outside of the heap, not by how much of that is still in use.
 */
function giveBack(chunk: Buffer): void {
  const memory = ownMemory(chunk);
  // Node 20 cannot.
  if (memory !== null && 'transfer' in memory) memory.transfer(0);
}

/** Null where others may see it as well. */
function ownMemory({ buffer, byteLength }: Buffer): ArrayBuffer | null {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : null;
}
