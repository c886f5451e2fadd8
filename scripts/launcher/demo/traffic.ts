// Living traffic of the demo: about two requests a second, the same sequence at every start.
import { setTimeout as sleep } from 'node:timers/promises';
import { type SampleClient, sampleClients } from './clients.ts';

const SEED = 20_260_101;
const MEAN_PAUSE_MS = 500;
const MAX_IN_FLIGHT = 12;
const ABORTED_SHARE = 0.05;
const UNKNOWN_MODEL_SHARE = 0.03;
const STREAM_SHARE = 0.7;

const PROMPTS = [
  'Explain what this stack trace means.',
  'Write a test for the function below.',
  'Summarise the last ten commits in three sentences.',
  'Which of the two designs copes better with a slow network?',
  'Translate the release note into Chinese.',
] as const;

export interface TrafficKey {
  secret: string;
  /** Weight among the keys. */
  share: number;
  models: readonly string[];
  client: SampleClient;
}

/** Sends to the gateway until `signal` aborts. Failed requests are part of the picture and are not reported. */
export async function runTraffic(
  url: string,
  keys: readonly TrafficKey[],
  signal: AbortSignal,
): Promise<void> {
  const random = seededRandom(SEED);
  let inFlight = 0;
  while (!signal.aborted) {
    if (inFlight < MAX_IN_FLIGHT) {
      inFlight += 1;
      void sendOne(url, pickKey(keys, random), random, signal).finally(() => {
        inFlight -= 1;
      });
    }
    await sleep(MEAN_PAUSE_MS * (0.4 + 1.2 * random()), undefined, { signal }).catch(() => undefined);
  }
}

async function sendOne(
  url: string,
  key: TrafficKey | undefined,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  if (key === undefined) return;
  const stream = random() < STREAM_SHARE;
  const model = random() < UNKNOWN_MODEL_SHARE ? 'claude-not-a-model' : pick(key.models, random);
  const leaveAfterMs = random() < ABORTED_SHARE ? 150 + 400 * random() : 120_000;
  try {
    const { path, headers, body } = sampleClients[key.client]({
      secret: key.secret,
      model: model ?? '',
      prompt: pick(PROMPTS, random) ?? '',
      stream,
      maxTokens: 256 + Math.floor(random() * 1024),
    });
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(leaveAfterMs)]),
    });
    await response.arrayBuffer();
  } catch {
    // Left on purpose, or the demo ends.
  }
}

function pickKey(keys: readonly TrafficKey[], random: () => number): TrafficKey | undefined {
  let left = random() * keys.reduce((sum, key) => sum + key.share, 0);
  return keys.find((key) => (left -= key.share) < 0) ?? keys[0];
}

function pick<T>(values: readonly T[], random: () => number): T | undefined {
  return values[Math.floor(random() * values.length)];
}

/** Mulberry32: small, and good enough to look alive. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
