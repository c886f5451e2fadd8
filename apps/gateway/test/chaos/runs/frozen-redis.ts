// Redis stands still for a while, its sockets open: refusals are fast, streams go on, and it is over when Redis is back.
import { setTimeout as sleep } from 'node:timers/promises';
import { sendCall } from '../call.ts';
import { listed, percentile, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';

interface FrozenSizes {
  readonly [name: string]: number;
  readonly gateways: number;
  readonly streams: number;
  readonly freezeMs: number;
  readonly refusals: number;
  /** Within which they are to come (p95). */
  readonly refusalMs: number;
}

export const frozenRedis: Run<FrozenSizes> = {
  name: 'frozen-redis',
  title: 'Redis frozen while streams run and requests come',
  sizes: { gateways: 2, streams: 50, freezeMs: 10_000, refusals: 400, refusalMs: 300 },
  stage: ({ gateways }) => ({ gateways }),
  play,
};

const PACE_MS = 100;
const READY_WITHIN_MS = 2000;

async function play({ stage, sizes, say }: RunContext<FrozenSizes>): Promise<Verdict[]> {
  await stage.addAccounts(2);
  const [key] = await stage.addKeys(1, () => ({ concurrency: 0, budgets: [{ every: 'total', usd: 100 }] }));
  if (key === undefined) throw new Error('no key');
  const pieces = Math.ceil(sizes.freezeMs / PACE_MS) + 10;
  const text = `[[pace:${PACE_MS}]] [[deltas:${pieces}]] [[tokens:${pieces}]]`;
  const streams = Array.from({ length: sizes.streams }, (_, number) => {
    const { url } = stage.gateways[number % stage.gateways.length] ?? { url: '' };
    return sendCall(url, key.secret, { number, text, stream: true });
  });
  await until(async () => (await stage.simulator.count({ outcome: 'open' })) === sizes.streams, 10_000);

  stage.redis.freeze();
  const refusals = await Promise.all(
    Array.from({ length: sizes.refusals }, async (_, index) => {
      await sleep((index * sizes.freezeMs) / sizes.refusals);
      const { url } = stage.gateways[index % stage.gateways.length] ?? { url: '' };
      return sendCall(url, key.secret, { number: 100_000 + index, text: 'hi', stream: false });
    }),
  );
  stage.redis.thaw();
  const thawedAt = performance.now();
  const ready = await Promise.all(
    stage.gateways.map(async (gateway, index) => {
      await until(
        async () => {
          if (!(await gateway.isReady())) return false;
          const answer = await sendCall(gateway.url, key.secret, {
            number: 200_000 + index,
            text: 'hi',
            stream: false,
          });
          return answer.isComplete;
        },
        30_000,
        20,
      );
      return Math.round(performance.now() - thawedAt);
    }),
  );
  const answers = await Promise.all(streams);
  const broken = answers.filter(({ isComplete }) => !isComplete);
  const others = refusals.filter(({ status }) => status !== 503);
  const times = refusals.map(({ durationMs }) => durationMs);
  say(
    `refusals p50 ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms; ready after ${ready.join(', ')} ms`,
  );
  return [
    verdict(
      `Redis frozen for ${sizes.freezeMs} ms: refusals within ${sizes.refusalMs} ms (p95)`,
      others.length === 0 && percentile(times, 0.95) <= sizes.refusalMs,
      `p50 ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms, worst ${percentile(times, 1)} ms of ${times.length}; no refusal: ${listed(others.map(({ status, end }) => `${status} ${end}`))}`,
    ),
    verdict(
      'running streams are unharmed',
      broken.length === 0 && answers.length === sizes.streams,
      `${answers.length - broken.length} of ${answers.length} whole`,
    ),
    verdict(
      `every gateway is ready and answers within ${READY_WITHIN_MS} ms of its return`,
      ready.every((ms) => ms <= READY_WITHIN_MS),
      `${ready.join(', ')} ms`,
    ),
  ];
}
