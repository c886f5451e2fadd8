// Owns the mixed load: workers that call one after the other, with faults, departures and sessions drawn by seed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SentCall } from './books.ts';
import { type CallPlan, type CallResult, sendCall } from './call.ts';
import type { GatewayProcess } from './processes.ts';
import type { Random } from './random.ts';
import type { Stage, StageKey } from './stage.ts';

/** Of 100 calls so many are struck by a fault, and so many of all are left by their client. */
const FAULT_SHARE = 0.3;
const LEAVE_SHARE = 0.15;
const STREAM_SHARE = 0.75;
/** Of the faults so many strike only the first attempt, so that another account can answer. */
const ONCE_SHARE = 0.7;
/** A stream has up to so many events. */
const MOST_EVENTS = 18;
/** After a refusal, as a client would wait. */
const PAUSE_MS = 250;

const statuses = [400, 413, 429, 500, 502, 503, 529] as const;

function drawFault(random: Random): string {
  const index = random.below(MOST_EVENTS);
  switch (random.below(10)) {
    case 0:
    case 1: {
      const status = random.pick(statuses);
      return status === 429 ? 'status=429,retryAfter=1' : `status=${status}`;
    }
    case 2:
      return 'status=502,html';
    case 3:
      return 'reset';
    case 4:
      return random.chance(0.3) ? 'hang' : `firstEventDelayMs=${random.below(300)}`;
    case 5:
      return random.chance(0.3) ? `stall=${index}` : `paceMs=${random.below(20)}`;
    case 6:
    case 7:
      return `cut=${index}`;
    case 8:
      return random.chance(0.5) ? `cleanEnd=${index}` : `cutBytes=${random.below(1500)}`;
    default:
      return `errorEvent=${index},errorType=${random.pick(['overloaded_error', 'api_error'])}`;
  }
}

function drawPlan(number: number, random: Random): CallPlan {
  const fault = random.chance(FAULT_SHARE)
    ? ` [[fault:${drawFault(random)}${random.chance(ONCE_SHARE) ? ',times=1' : ''}]]`
    : '';
  const leave = random.chance(LEAVE_SHARE)
    ? random.chance(0.7)
      ? { afterEvents: random.below(MOST_EVENTS) }
      : { afterMs: random.below(60) }
    : null;
  return {
    number,
    text: `[[deltas:${random.below(12)}]] [[tokens:${12 + random.below(60)}]] [[pace:${random.below(6)}]]${fault}`,
    stream: random.chance(STREAM_SHARE),
    leave,
    session: random.chance(0.3) ? `session-${random.below(500)}` : null,
  };
}

/** As a balancer would choose: mostly one that runs, and at times one that it does not know to be gone. */
function gatewayFor({ gateways }: Stage, random: Random): GatewayProcess {
  const serving = gateways.filter(({ isServing }) => isServing);
  return random.pick(serving.length === 0 || random.chance(0.05) ? gateways : serving);
}

export interface MixedLoad {
  /** Calls that a gateway has judged or relayed, and that have ended: not those it turned away for want of Redis or of an account, nor those that found none. */
  readonly done: number;
  readonly calls: readonly SentCall[];
  /** How they ended for their clients, by name. */
  readonly ends: ReadonlyMap<string, number>;
  readonly finished: Promise<void>;
}

/** Each worker has keys of its own and uses them in turn, so that no two calls of one key are near each other in time. */
export function startMixedLoad(
  stage: Stage,
  options: { calls: number; workers: number; keys: readonly StageKey[]; random: Random },
): MixedLoad {
  const { random, workers, keys } = options;
  const calls: SentCall[] = [];
  const ends = new Map<string, number>();
  let [begun, taken, running] = [0, 0, 0];

  async function work(worker: number): Promise<void> {
    const own = keys.filter((_, index) => index % workers === worker);
    for (let turn = 0; taken + running < options.calls; turn += 1) {
      const key = own[turn % own.length];
      if (key === undefined) throw new Error('a worker without keys');
      const gateway = gatewayFor(stage, random);
      begun += 1;
      running += 1;
      const result = await sendCall(gateway.url, key.secret, drawPlan(begun, random));
      running -= 1;
      const isTurnedAway = result.end === 'unreached' || result.status === 503 || areAllResting(result);
      if (!isTurnedAway) taken += 1;
      const { number, requestId, startedAtMs, status } = result;
      calls.push({ number, keyId: key.id, startedAtMs, requestId, status });
      const name = endName(result);
      ends.set(name, (ends.get(name) ?? 0) + 1);
      if (isTurnedAway) await sleep(PAUSE_MS);
    }
  }

  const finished = Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return {
    get done() {
      return taken;
    },
    calls,
    ends,
    finished: finished.then(() => undefined),
  };
}

/** Every account rests just then: nothing of what is shown here would happen to such a call. */
function areAllResting({ body, status }: CallResult): boolean {
  return status === 429 && body.includes('"error_code":"accounts_');
}

function endName({ body, end, isComplete, status }: CallResult): string {
  if (isComplete) return 'good';
  if (end !== 'whole') return end;
  if (status === 200) return 'told of its break';
  return `${status} ${/"error_code":"(\w+)"/.exec(body)?.[1] ?? 'of the upstream'}`;
}
