// One account of five fails at every request, under a steady load: no client notices, and it is left alone.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallResult, sendCall } from '../call.ts';
import { listed, percentile, type Run, type RunContext, type Verdict, verdict } from '../run.ts';
import type { Stage, StageKey } from '../stage.ts';

interface DeadAccountSizes {
  readonly [name: string]: number;
  readonly gateways: number;
  readonly accounts: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export const deadAccount: Run<DeadAccountSizes> = {
  name: 'dead-account',
  title: 'one dead account of five under a steady load',
  sizes: { gateways: 2, accounts: 5, perSecond: 200, seconds: 60 },
  stage: ({ gateways }) => ({ gateways }),
  play,
};

/** Over so long the breaker counts. */
const BREAKER_WINDOW_MS = 30_000;
const MOST_HITS = 5;
const MOST_ATTEMPTS_PER_REQUEST = 1.03;
const TICK_MS = 10;
const WARM_UP_SECONDS = 3;

async function play({ stage, sizes, say }: RunContext<DeadAccountSizes>): Promise<Verdict[]> {
  const accounts = await stage.addAccounts(sizes.accounts);
  const [key] = await stage.addKeys(1, () => ({}));
  const [dead] = accounts;
  if (key === undefined || dead === undefined) throw new Error('no key, no account');
  // An account dies under gateways that are at work: one that has just started hears of others' failures too late.
  await steadyLoad(stage, key, { ...sizes, seconds: Math.min(WARM_UP_SECONDS, sizes.seconds) });
  const before = await stage.simulator.count();
  await stage.simulator.setFault({ match: { account: dead.name }, reset: true });
  const diedAtMs = Date.now();
  const { answers, tookMs } = await steadyLoad(stage, key, sizes);
  const failed = answers.filter(({ isComplete }) => !isComplete);
  const arrivals = (await stage.simulator.arrivals()).slice(before);
  const requests = answers.length;
  const hits = arrivals.filter(({ account }) => account === dead.name).map(({ atMs }) => atMs);
  const rate = arrivals.length / requests;
  say(
    `${requests} requests in ${Math.round(tookMs)} ms, p99 ${percentile(
      answers.map(({ durationMs }) => durationMs),
      0.99,
    )} ms`,
  );
  return [
    verdict(
      `${sizes.perSecond} requests/s for ${sizes.seconds} s, one of ${sizes.accounts} accounts dead: no client sees a failure`,
      failed.length === 0,
      `${requests} requests in ${(tookMs / 1000).toFixed(1)} s, failed ${listed(failed.map(({ status, end, body }) => `${status} ${end} ${body.slice(0, 120)}`))}`,
    ),
    verdict(
      `at most ${MOST_HITS} hits on the dead account per breaker window`,
      hits.length > 0 && mostWithin(hits, BREAKER_WINDOW_MS) <= MOST_HITS,
      `${mostWithin(hits, BREAKER_WINDOW_MS)} within any ${BREAKER_WINDOW_MS / 1000} s, ${hits.length} in all, after ${hits.map((atMs) => Math.round(atMs - diedAtMs)).join(', ')} ms`,
    ),
    verdict(
      `upstream attempts <= ${MOST_ATTEMPTS_PER_REQUEST} x requests`,
      rate <= MOST_ATTEMPTS_PER_REQUEST,
      `${rate.toFixed(4)} x`,
    ),
  ];
}

/** By the clock, not by the answers: a slow gateway gets no rest. */
async function steadyLoad(
  stage: Stage,
  key: StageKey,
  { perSecond, seconds }: Pick<DeadAccountSizes, 'perSecond' | 'seconds'>,
): Promise<{ answers: CallResult[]; tookMs: number }> {
  const requests = perSecond * seconds;
  const calls: Promise<CallResult>[] = [];
  const startedAt = performance.now();
  while (calls.length < requests) {
    const due = Math.min(requests, ((performance.now() - startedAt) / 1000) * perSecond);
    while (calls.length < due) {
      const { url } = stage.gateways[calls.length % stage.gateways.length] ?? { url: '' };
      const plan = { number: calls.length, text: '[[say:fine]]', stream: calls.length % 2 === 0 };
      calls.push(sendCall(url, key.secret, plan));
    }
    await sleep(TICK_MS);
  }
  const tookMs = performance.now() - startedAt;
  return { answers: await Promise.all(calls), tookMs };
}

function mostWithin(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.max(
    0,
    ...sorted.map((from, index) => sorted.slice(index).filter((atMs) => atMs < from + windowMs).length),
  );
}
