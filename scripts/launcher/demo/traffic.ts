// Living traffic of the demo: about one request in five seconds, alike those of its history, the same sequence at every
// start. The simulator is told how long its answer is and how long it takes.
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleClients, type Turn } from './clients.ts';
import { type Habit, habits, timesOf, turnsOf } from './habits.ts';
import { around, pickByWeight, type Random, seededRandom } from './random.ts';
import type { SampleTraffic } from './sample-keys.ts';

const SEED = 20_260_101;
const MEAN_PAUSE_MS = 5000;
const MAX_IN_FLIGHT = 12;
const ABORTED_SHARE = 0.02;
const UNKNOWN_MODEL_SHARE = 0.01;
const FORGOTTEN_WEIGHT = 0.5;
/** Conversations of one key that go on side by side. */
const TALKS_OF_A_KEY = 3;
/** As the simulator counts. */
const BYTES_PER_TOKEN = 4;
const GIVE_UP_MS = 120_000;
/** A stream comes in pieces of so many tokens. */
const PIECE_TOKENS = 12;

export interface TrafficKey {
  readonly secret: string;
  readonly traffic: SampleTraffic;
}

interface Talk {
  readonly session: string;
  readonly model: string;
  readonly turns: Turn[];
  readonly lastTurn: number;
  isWaiting: boolean;
}

/** Sends to the gateway until `signal` aborts. Failed requests are part of the picture and are not reported. */
export async function runTraffic(
  url: string,
  keys: readonly TrafficKey[],
  signal: AbortSignal,
): Promise<void> {
  const random = seededRandom(SEED);
  const clients = keys.map((key) => new Client(url, key, random, signal));
  const weights = Object.fromEntries(keys.map(({ traffic }, index) => [String(index), weightOf(traffic)]));
  let inFlight = 0;
  while (!signal.aborted) {
    const client = clients[Number(pickByWeight(weights, random))];
    if (client !== undefined && inFlight < MAX_IN_FLIGHT) {
      inFlight += 1;
      void client.sendOne().finally(() => {
        inFlight -= 1;
      });
    }
    await sleep(MEAN_PAUSE_MS * (0.4 + 1.2 * random()), undefined, { signal }).catch(() => undefined);
  }
}

/** Who was told long ago that a key is switched off hardly tries any more. */
function weightOf({ perHour, untilDaysAgo }: SampleTraffic): number {
  return untilDaysAgo === undefined ? perHour : FORGOTTEN_WEIGHT;
}

class Client {
  readonly #url: string;
  readonly #key: TrafficKey;
  readonly #habit: Habit;
  readonly #random: Random;
  readonly #signal: AbortSignal;
  readonly #system: string;
  #talks: Talk[] = [];

  constructor(url: string, key: TrafficKey, random: Random, signal: AbortSignal) {
    this.#url = url;
    this.#key = key;
    this.#habit = habits[key.traffic.habit];
    this.#random = random;
    this.#signal = signal;
    this.#system = wordsOf(this.#habit.systemTokens, random);
  }

  async sendOne(): Promise<void> {
    const random = this.#random;
    const talk = this.#talk();
    const isStrange = random() < UNKNOWN_MODEL_SHARE;
    const leaveAfterMs = random() < ABORTED_SHARE ? 1500 + 2500 * random() : GIVE_UP_MS;
    const answerTokens = Math.max(8, Math.round(around(this.#habit.answerTokens, random)));
    const added = Math.max(20, Math.round(around(this.#habit.addedTokens, random)));
    const stream = random() < this.#habit.streamShare;
    const times = timesOf(talk.model, { unread: added, answer: answerTokens }, random);
    const question = `${wordsOf(added, random)}\n${wishOf(answerTokens, times, stream)}`;
    talk.turns.push({ question, answer: wordsOf(answerTokens, random) });
    talk.isWaiting = true;
    const leave = new AbortController();
    const onStop = (): void => leave.abort();
    const timer = setTimeout(onStop, leaveAfterMs);
    this.#signal.addEventListener('abort', onStop);
    try {
      const { path, headers, body } = sampleClients[this.#habit.client]({
        secret: this.#key.secret,
        model: isStrange ? 'claude-not-a-model' : talk.model,
        stream,
        session: talk.session,
        system: this.#system,
        turns: talk.turns,
      });
      const response = await fetch(this.#url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: leave.signal,
      });
      await response.arrayBuffer();
    } catch {
      // Left on purpose, or the demo ends.
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', onStop);
      talk.isWaiting = false;
      if (talk.turns.length >= talk.lastTurn) this.#talks = this.#talks.filter((one) => one !== talk);
    }
  }

  /** One that goes on, or a new one. */
  #talk(): Talk {
    const random = this.#random;
    const idle = this.#talks.filter(({ isWaiting }) => !isWaiting);
    const known = idle[Math.floor(random() * idle.length)];
    if (known !== undefined && (this.#talks.length >= TALKS_OF_A_KEY || random() < 0.7)) return known;
    const talk: Talk = {
      session: uuidOf(random),
      model: pickByWeight(this.#key.traffic.models, random),
      turns: [],
      lastTurn: turnsOf(this.#habit, random),
      isWaiting: false,
    };
    this.#talks.push(talk);
    return talk;
  }
}

/** In the simulator's words. */
function wishOf(
  tokens: number,
  { firstEventMs, durationMs }: { firstEventMs: number; durationMs: number },
  stream: boolean,
): string {
  const pieces = Math.max(1, Math.round(tokens / PIECE_TOKENS));
  const paceMs = Math.round((durationMs - firstEventMs) / pieces);
  const delay = stream ? 'firstEventDelayMs' : 'delayMs';
  return `[[tokens:${tokens}]][[deltas:${pieces}]][[pace:${paceMs}]][[fault:${delay}=${firstEventMs}]]`;
}

const WORDS = [
  'const',
  'return',
  'await',
  'request',
  'account',
  'ledger',
  'export',
  'interface',
  'readonly',
  'number',
  'the',
  'test',
  'fails',
  'when',
  'stream',
  'ends',
  'before',
  'usage',
  'arrives',
  'see',
  'line',
  'below',
] as const;

/** Text of about so many tokens. */
function wordsOf(tokens: number, random: Random): string {
  const words: string[] = [];
  for (let bytes = 0; bytes < tokens * BYTES_PER_TOKEN; ) {
    const word = WORDS[Math.floor(random() * WORDS.length)] ?? '';
    words.push(word);
    bytes += word.length + 1;
  }
  return words.join(' ');
}

function uuidOf(random: Random): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
