// For tests: the recorded-style answers of every vendor, with what they must come to, and chunkings that cut where it
// hurts.
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const RECORDINGS = new URL('../../../packages/upstream-simulator/recordings/', import.meta.url);

const sidecarSchema = z.object({
  file: z.string(),
  dialect: z.string(),
  http: z.object({ status: z.number(), headers: z.record(z.string(), z.string()) }),
  model: z.string(),
  complete: z.boolean(),
  expected: z.looseObject({
    text: z.string().optional(),
    thinking: z.string().optional(),
    tool_calls: z
      .array(z.looseObject({ id: z.string().optional(), name: z.string(), arguments: z.unknown() }))
      .optional(),
    anthropic_stop_reason: z.string().nullish(),
    chat_finish_reason: z.string().nullish(),
    error: z.looseObject({}).optional(),
    usage: z
      .looseObject({
        input_uncached: z.number(),
        cache_read: z.number().default(0),
        cache_write_5m: z.number().default(0),
        cache_write_1h: z.number().default(0),
        cache_write: z.number().default(0),
        output: z.number(),
        reasoning: z.number().default(0),
      })
      .optional(),
    cost: z.looseObject({ price_row: z.string(), pico_usd: z.string() }).optional(),
  }),
});

export interface VendorRecording {
  readonly name: string;
  readonly bytes: Buffer;
  readonly sidecar: z.output<typeof sidecarSchema>;
}

/** Those whose name begins so: `openai-chat`. */
export function recordingsOf(prefix: string): VendorRecording[] {
  return readdirSync(RECORDINGS)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
    .map((name) => {
      const sidecar = sidecarSchema.parse(JSON.parse(readFileSync(new URL(name, RECORDINGS), 'utf8')));
      return {
        name: name.replace('.json', ''),
        bytes: readFileSync(new URL(sidecar.file, RECORDINGS)),
        sidecar,
      };
    });
}

/** The same bytes whole, byte by byte, and in sevens, which cut code points, line ends and field names. */
export function chunkings(bytes: Buffer): readonly (readonly [name: string, chunks: readonly Buffer[]])[] {
  return [
    ['whole', [bytes]],
    ['byte by byte', piecesOf(bytes, 1)],
    ['in sevens', piecesOf(bytes, 7)],
  ];
}

function piecesOf(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
