// Many calls at once, at several gateways, at a limit with room for few: exactly so many reach the upstream.
import { setTimeout as sleep } from 'node:timers/promises';
import { readBooks } from '../books.ts';
import { type CallPlan, type CallResult, sendCall } from '../call.ts';
import { listed, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';
import { patiently, type StageKey } from '../stage.ts';

interface LimitSizes {
  readonly [name: string]: number;
  readonly gateways: number;
  readonly calls: number;
  readonly room: number;
  /** How long an answer takes: longer than all admissions together, so that nothing is given back meanwhile. */
  readonly answerMs: number;
}

export const limits: Run<LimitSizes> = {
  name: 'limits',
  title: 'parallel calls at a budget, a window and a concurrency with room for a few of them',
  sizes: { gateways: 3, calls: 500, room: 50, answerMs: 5000 },
  stage: ({ gateways }) => ({ gateways }),
  play,
};

const PIECES = 5;

async function play(context: RunContext<LimitSizes>): Promise<Verdict[]> {
  const { stage, sizes } = context;
  await stage.addAccounts(1);
  const each = await reservationOfOne(context);
  const max = each * sizes.room + each - 1;
  const [budget, window, places] = [
    ...(await stage.addKeys(1, () => ({
      budgetMode: 'strict',
      budgets: [{ every: 'day', usd: max / 1e9 }],
    }))),
    ...(await stage.addKeys(1, () => ({ windows: [{ every: 'hour', count: 1, requests: sizes.room }] }))),
    ...(await stage.addKeys(1, () => ({ concurrency: sizes.room }))),
  ];
  if (budget === undefined || window === undefined || places === undefined) throw new Error('no keys');
  return [
    ...(await atBudget(context, budget, max)),
    ...(await exactly(context, 'window of requests', window, 429)).verdicts,
    ...(await exactly(context, 'concurrency', places, 429)).verdicts,
  ];
}

/** What one call holds of a strict budget, read from a key with room for it. */
async function reservationOfOne({ stage, sizes }: RunContext<LimitSizes>): Promise<number> {
  const [probe] = await stage.addKeys(1, () => ({
    budgetMode: 'strict',
    budgets: [{ every: 'total', usd: 1000 }],
  }));
  const [gateway] = stage.gateways;
  if (probe === undefined || gateway === undefined) throw new Error('no key, no gateway');
  const running = sendCall(gateway.url, probe.secret, plan(1, { ...sizes, answerMs: 1000 }));
  let held = 0;
  await until(async () => {
    const { limits: states } = await patiently(() => stage.admin().keys.get({ params: { id: probe.id } }));
    held = states[0]?.held ?? 0;
    return held > 0;
  }, 5000);
  await running;
  return held;
}

function plan(number: number, { answerMs }: Pick<LimitSizes, 'answerMs'>): CallPlan {
  // Numbers of the same length: what a call reserves depends on the length of its prompt.
  const text = `[[pace:${Math.round(answerMs / PIECES)}]] [[deltas:${PIECES}]]`;
  return { number: 10_000 + number, text, stream: false };
}

/** On a busy machine Redis may answer too late: the gateway says so, and the client asks again. */
async function judged(url: string, key: StageKey, call: CallPlan): Promise<CallResult> {
  for (let tries = 20; ; tries -= 1) {
    const answer = await sendCall(url, key.secret, call);
    if (answer.status !== 503 || tries === 0) return answer;
    await sleep(100);
  }
}

async function exactly(
  { stage, sizes, say }: RunContext<LimitSizes>,
  name: string,
  key: StageKey,
  refusal: number,
): Promise<{ verdicts: Verdict[]; answers: CallResult[] }> {
  const before = await stage.simulator.count();
  const startedAt = performance.now();
  let slowestRefusalMs = 0;
  const answers = await Promise.all(
    Array.from({ length: sizes.calls }, async (_, index) => {
      const { url } = stage.gateways[index % stage.gateways.length] ?? { url: '' };
      const answer = await judged(url, key, plan(index, sizes));
      if (answer.status === refusal)
        slowestRefusalMs = Math.max(slowestRefusalMs, performance.now() - startedAt);
      return answer;
    }),
  );
  const upstream = (await stage.simulator.count()) - before;
  const good = answers.filter(({ isComplete }) => isComplete).length;
  const refused = answers.filter(({ status }) => status === refusal).length;
  say(`${name}: ${upstream} reached the upstream; all were judged after ${Math.round(slowestRefusalMs)} ms`);
  return {
    answers,
    verdicts: [
      verdict(
        `${name}: of ${sizes.calls} parallel calls at ${sizes.gateways} gateways exactly ${sizes.room} reach the upstream`,
        upstream === sizes.room && good === sizes.room && refused === sizes.calls - sizes.room,
        `${upstream} upstream, ${good} answered, ${refused} refused with ${refusal}`,
      ),
    ],
  };
}

async function atBudget(context: RunContext<LimitSizes>, key: StageKey, max: number): Promise<Verdict[]> {
  const { stage } = context;
  const { verdicts } = await exactly(context, 'strict budget', key, 402);
  const read = async () =>
    (await patiently(() => stage.admin().keys.get({ params: { id: key.id } }))).limits[0];
  await until(async () => (await read())?.held === 0, 10_000);
  const state = await read();
  const books = await stage.withRedis(readBooks);
  const charged = books
    .flatMap(({ attempts }) => attempts)
    .filter(({ keyId }) => keyId === key.id)
    .reduce((sum, { chargedNanoUsd }) => sum + chargedNanoUsd, 0);
  const over = Math.max(0, charged - max);
  const apart = state?.used === charged ? [] : [`counter ${state?.used}, ledger ${charged}`];
  return [
    ...verdicts,
    verdict(
      'strict budget: overspend 0, counter equals ledger, nothing held',
      over === 0 && charged > 0 && apart.length === 0 && state?.held === 0,
      `overspend ${over} nano-USD (${charged} of ${max}); apart ${listed(apart)}; held ${state?.held}`,
    ),
  ];
}
