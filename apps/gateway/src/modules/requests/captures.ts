// Owns the bodies that are kept for a while, of keys that ask for it. While a request is answered its pieces are only
// referred to; cleaned, packed, sealed and written they are in the background, one after the other, within bounds: what
// does not fit is not kept, and no request waits.
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { RequestBodies } from '@crs/shared';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox } from '../../platform/crypto/index.ts';
import { ProblemError } from '../../platform/problem.ts';
import { type CaptureRules, redactBody } from './capture-rules.ts';
import type { CapturesRepository } from './captures.repository.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export interface CapturesOptions {
  readonly repository: CapturesRepository;
  readonly secrets: Pick<SecretBox, 'sealBytes' | 'openBytes'>;
  readonly clock: Clock;
  /** Asked for each request of a key that wants its bodies kept. */
  readonly rules: () => CaptureRules;
  readonly onProblem: (message: string, error: unknown) => void;
}

/** What a request of a key says of its bodies. */
export interface CaptureWish {
  readonly id: string;
  readonly keyId: string;
  readonly capture: { readonly request: boolean; readonly response: boolean };
}

const HOUR_MS = 3_600_000;
/** Pieces of running and waiting requests that are referred to, all together. */
const MOST_HELD_BYTES = 32 * 1024 * 1024;
/** What is told of what was not kept, at most so often. */
const TELL_EVERY_MS = 60_000;

const keptSchema = z.object({ bytes: z.int(), text: z.string(), isCut: z.boolean() });
const bodiesSchema = z.object({
  capturedAtMs: z.int(),
  request: keptSchema.nullable(),
  response: keptSchema.nullable(),
});

export class Captures {
  readonly #options: CapturesOptions;
  #heldBytes = 0;
  #tail: Promise<void> = Promise.resolve();
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: CapturesOptions) {
    this.#options = options;
  }

  /** Null for nearly every request: nothing of it is kept. */
  begin({ id, keyId, capture }: CaptureWish, body: Buffer): Capture | null {
    if (!capture.request && !capture.response) return null;
    const rules = this.#options.rules();
    if (!rules.enabled) return null;
    const gatherers = {
      request: capture.request ? this.#gatherer(rules) : null,
      response: capture.response ? this.#gatherer(rules) : null,
    };
    gatherers.request?.add(body);
    let isEnded = false;
    return {
      response: gatherers.response === null ? null : (chunk) => gatherers.response?.add(chunk),
      end: () => {
        if (isEnded) return;
        isEnded = true;
        this.#tail = this.#tail.then(() => this.#keep(id, keyId, rules, gatherers));
      },
    };
  }

  /** When kept bodies of that request go, epoch ms; null where there are none. */
  async expiresAtMs(requestId: string): Promise<number | null> {
    const leftMs = await this.#options.repository.leftMs(requestId);
    return leftMs === null ? null : this.#options.clock.now() + leftMs;
  }

  /** Throws not_found where nothing is kept. */
  async read(requestId: string): Promise<RequestBodies> {
    const { repository, secrets, clock } = this.#options;
    const found = await repository.find(requestId);
    if (found === null) {
      throw new ProblemError('not_found', 'No body of this request is kept, or not any more.');
    }
    const text = (await unpack(secrets.openBytes(found.sealed))).toString();
    const { capturedAtMs, request, response } = bodiesSchema.parse(JSON.parse(text));
    return {
      capturedAt: new Date(capturedAtMs).toISOString(),
      expiresAt: new Date(clock.now() + found.leftMs).toISOString(),
      request,
      response,
    };
  }

  /** Throws not_found where nothing is kept. */
  async delete(requestId: string): Promise<void> {
    if ((await this.#options.repository.remove([requestId])) === 0) {
      throw new ProblemError('not_found', 'No body of this request is kept, or not any more.');
    }
  }

  /** Of one key, or all; answers of how many requests. */
  async deleteAll(keyId: string | null): Promise<number> {
    const { repository } = this.#options;
    let deleted = 0;
    for await (const ids of repository.ids(keyId)) deleted += await repository.remove(ids);
    return deleted;
  }

  /** Resolves when everything that ended before the call is written, or that time is over. */
  async idle(timeoutMs: number): Promise<void> {
    await Promise.race([this.#tail, sleep(timeoutMs, undefined, { ref: false })]);
  }

  #gatherer({ maxBodyBytes }: CaptureRules): Gatherer {
    return new Gatherer(maxBodyBytes, (bytes) => {
      if (this.#heldBytes + bytes > MOST_HELD_BYTES) return false;
      this.#heldBytes += bytes;
      return true;
    });
  }

  async #keep(
    requestId: string,
    keyId: string,
    rules: CaptureRules,
    { request, response }: { request: Gatherer | null; response: Gatherer | null },
  ): Promise<void> {
    const { repository, secrets, clock } = this.#options;
    const heldBytes = (request?.heldBytes ?? 0) + (response?.heldBytes ?? 0);
    try {
      // Each of its steps takes some milliseconds at most; requests pass between them.
      const kept = [];
      for (const gatherer of [request, response]) {
        await new Promise(setImmediate);
        kept.push(gatherer?.read(rules.redactPatterns) ?? null);
      }
      const capturedAtMs = clock.now();
      const text = JSON.stringify({ capturedAtMs, request: kept[0], response: kept[1] });
      const sealed = secrets.sealBytes(await pack(text));
      await repository.store(
        { requestId, keyId, atMs: capturedAtMs, sealed },
        { lifeMs: rules.retentionHours * HOUR_MS, maxTotalBytes: rules.maxTotalBytes },
      );
    } catch (error) {
      this.#tell(error);
    } finally {
      this.#heldBytes -= heldBytes;
    }
  }

  #tell(error: unknown): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#options.onProblem('bodies of a request were not kept', error);
  }
}

/** Of one request, while it runs. */
export interface Capture {
  /** Takes what the client is sent; null where that is not to be kept. */
  readonly response: ((chunk: Uint8Array) => void) | null;
  /** The request is over; what was gathered is kept in the background. */
  end(): void;
}

/** Refers to pieces up to a size, and counts the rest. */
class Gatherer {
  heldBytes = 0;
  #bytes = 0;
  #kept = 0;
  readonly #pieces: Uint8Array[] = [];
  readonly #most: number;
  readonly #hold: (bytes: number) => boolean;

  constructor(most: number, hold: (bytes: number) => boolean) {
    this.#most = most;
    this.#hold = hold;
  }

  add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    const isOpen = this.#kept === this.#bytes - piece.length && this.#kept < this.#most;
    // A piece is referred to as a whole, however little of it is kept.
    if (!isOpen || piece.length === 0 || !this.#hold(piece.length)) return;
    this.heldBytes += piece.length;
    this.#pieces.push(piece);
    this.#kept = Math.min(this.#most, this.#kept + piece.length);
  }

  read(redactPatterns: readonly string[]): z.output<typeof keptSchema> {
    const whole = Buffer.concat(this.#pieces).subarray(0, this.#kept);
    const isCut = this.#kept < this.#bytes;
    return { bytes: this.#bytes, text: redactBody(whole.toString('utf8'), redactPatterns), isCut };
  }
}
