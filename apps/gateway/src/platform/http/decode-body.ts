// Owns the decoding of compressed answers: upstreams are asked not to compress, some do all the same, and nobody could
// read the figures or hand the bytes on otherwise.
import zlib from 'node:zlib';

export interface BodySink {
  data(chunk: Buffer): void;
  end(): void;
  error(error: Error): void;
}

export interface BodyDecoder {
  /** False: wait for `drain` before writing more. */
  write(chunk: Buffer, drain: () => void): boolean;
  end(): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** Null when there is nothing to decode, or nothing known. */
export function createBodyDecoder(encoding: string | undefined, sink: BodySink): BodyDecoder | null {
  const stream = createStream(encoding?.trim().toLowerCase());
  if (stream === null) return null;
  stream.on('data', (chunk: Buffer) => sink.data(chunk));
  stream.once('end', () => sink.end());
  stream.once('error', (error) => sink.error(error));
  return {
    write: (chunk, drain) => {
      if (stream.write(chunk)) return true;
      stream.once('drain', drain);
      return false;
    },
    end: () => stream.end(),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    destroy: () => stream.destroy(),
  };
}

/** Flushes after each piece, so that events are not held back until a block is full. */
function createStream(encoding: string | undefined) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdDecompress();
    default:
      return null;
  }
}
