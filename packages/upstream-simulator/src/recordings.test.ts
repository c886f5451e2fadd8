import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Reply, eventsOf, messagesBody, send } from '../test/client.ts';
import type { Chunking, FaultRule } from './faults.ts';
import { objectOf, parseJson } from './json.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const FOLDER = new URL('../recordings/', import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter((file) => !file.endsWith('.json'))
  .map((file) => file.slice(0, file.lastIndexOf('.')));

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());

test('there are recordings to replay', () => {
  expect(NAMES).toHaveLength(16);
});

interface Recorded {
  name: string;
  sha256: unknown;
  headers: object;
  eventTypes: unknown;
  frameEnds: unknown;
  usage: Record<string, unknown>;
  plans: [string, number[]][];
}

const RECORDED: Recorded[] = NAMES.map((name) => {
  const sidecar = objectOf(parseJson(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));
  const plans = Object.entries(objectOf(sidecar['chunk_plans']));
  return {
    name,
    sha256: sidecar['sha256'],
    headers: objectOf(objectOf(sidecar['http'])['headers']),
    eventTypes: sidecar['event_types'],
    frameEnds: sidecar['frame_ends'],
    usage: objectOf(objectOf(sidecar['expected'])['usage']),
    plans: plans.filter((plan): plan is [string, number[]] => Array.isArray(plan[1])),
  };
});

async function replay(name: string, fault: FaultRule = {}): Promise<Reply> {
  simulator.enqueue({ ...fault, replay: name });
  return send(simulator.url, { body: messagesBody('x', { stream: true }) });
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Comments are no events. */
function eventCount(body: Buffer, frameEnds: unknown): number {
  return Array.isArray(frameEnds) ? frameEnds.length : (body.toString().match(/^data:/gmu)?.length ?? 0);
}

function chunkEnds(reply: Reply): number[] {
  let end = 0;
  return reply.chunks.map((chunk) => (end += chunk.length));
}

describe.each(RECORDED)('$name', ({ name, sha256: expected, headers, frameEnds, usage }) => {
  test.each<Chunking>(['whole', 'per-event', 'bytes:1', 'bytes:7'])(
    'is replayed byte for byte, cut as %s, with its headers',
    async (chunking) => {
      const reply = await replay(name, { chunking });
      expect(sha256(reply.body)).toBe(expected);
      expect(reply.headers).toMatchObject(headers);
    },
  );

  test('comes in the pieces asked for', async () => {
    const { length } = (await replay(name)).body;
    expect((await replay(name, { chunking: 'whole' })).chunks).toHaveLength(1);
    expect((await replay(name, { chunking: 'bytes:1' })).chunks).toHaveLength(length);
    const perEvent = await replay(name, { chunking: 'per-event' });
    expect(perEvent.chunks).toHaveLength(eventCount(perEvent.body, frameEnds));
    const odd = await replay(name, { offsets: [3, 291, 292] });
    expect(chunkEnds(odd)).toEqual([3, 291, 292, length]);
    expect(sha256(odd.body)).toBe(expected);
  });

  test('counts the usage that it tells', async () => {
    simulator.reset();
    await replay(name);
    expect(simulator.stats()).toMatchObject([
      {
        inputTokens: usage['input_uncached'],
        outputTokens: usage['output'],
        cacheReadTokens: usage['cache_read'],
        cacheWrite5mTokens: usage['cache_write'] ?? usage['cache_write_5m'],
        cacheWrite1hTokens: usage['cache_write_1h'],
      },
    ]);
  });
});

const NAMED = RECORDED.filter(
  ({ eventTypes, frameEnds }) => eventTypes !== undefined && frameEnds === undefined,
);

test.each(NAMED)('$name has its events in their order', async ({ name, eventTypes }) => {
  expect(eventsOf((await replay(name)).body).map((event) => event.name)).toEqual(eventTypes);
});

const BINARY = RECORDED.filter(({ frameEnds }) => frameEnds !== undefined);

test.each(BINARY)('$name comes frame by frame', async ({ name, frameEnds }) => {
  expect(chunkEnds(await replay(name, { chunking: 'per-event' }))).toEqual(frameEnds);
});

const PLANS = RECORDED.flatMap(({ name, sha256: expected, plans }) =>
  plans.map(([plan, ends]) => ({ name, expected, plan, ends })),
);

test.each(PLANS)('$name is cut where its plan $plan says', async ({ name, expected, plan, ends }) => {
  const reply = await replay(name, { chunking: `plan:${plan}` });
  expect(chunkEnds(reply)).toEqual(ends);
  expect(sha256(reply.body)).toBe(expected);
});
