// The master is lost and the Sentinels promote its replica: traffic recovers by itself, and the books still agree.
import { sendCall } from '../call.ts';
import { compareBooks, readBooks, type SentCall, verifyLedger } from '../books.ts';
import { listed, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';

interface FailoverSizes {
  readonly [name: string]: number;
  readonly gateways: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export const failover: Run<FailoverSizes> = {
  name: 'failover',
  title: 'the Sentinels promote the replica while requests come',
  sizes: { gateways: 2, perSecond: 50, seconds: 20 },
  stage: ({ gateways }) => ({ gateways, sentinelsDownAfterMs: 1000 }),
  play,
};

/** After the promotion. */
const RECOVERED_WITHIN_MS = 5000;

async function play({ stage, sizes, say }: RunContext<FailoverSizes>): Promise<Verdict[]> {
  const { gateways } = stage;
  await stage.addAccounts(2);
  // As many keys as calls in a second: none is used twice at a time.
  const keys = await stage.addKeys(sizes.perSecond * 2, () => ({ budgets: [{ every: 'total', usd: 100 }] }));
  const pids = gateways.map(({ pid }) => pid);
  const total = sizes.perSecond * sizes.seconds;
  const sent: SentCall[] = [];
  const ends = new Map<string, number>();
  /** When each gateway last refused, and first delivered after that. */
  const recovered = gateways.map(() => 0);
  let promotedAt = Number.POSITIVE_INFINITY;
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  const call = async (number: number): Promise<void> => {
    const index = number % gateways.length;
    const key = keys[number % keys.length];
    if (key === undefined) throw new Error('no key');
    const result = await sendCall(gateways[index]?.url ?? '', key.secret, {
      number,
      text: 'hi',
      stream: true,
    });
    sent.push({ ...result, keyId: key.id });
    const name = result.isComplete ? 'good' : `${result.status} ${result.end}`;
    ends.set(name, (ends.get(name) ?? 0) + 1);
    if (result.isComplete && performance.now() > promotedAt && recovered[index] === 0)
      recovered[index] = Math.round(performance.now() - promotedAt);
  };
  const promotion = (async () => {
    await until(() => sent.length >= total / 5, 60_000);
    const tookMs = await stage.redis.failOver();
    promotedAt = performance.now();
    return tookMs;
  })();
  while (calls.length < total || !recovered.every((ms) => ms > 0)) {
    calls.push(call(calls.length));
    if (performance.now() - startedAt > (sizes.seconds + 60) * 1000) break;
    await new Promise((resolve) => setTimeout(resolve, 1000 / sizes.perSecond));
  }
  await Promise.all(calls);
  const tookMs = await promotion;
  const verified = await verifyLedger(stage);
  const found = compareBooks(await stage.withRedis(readBooks), sent, await stage.simulator.arrivals());
  const named = [...ends].map(([name, count]) => `${name}: ${count}`).join(', ');
  say(`promoted after ${tookMs} ms; ${named}`);
  const restarted = gateways.filter(({ pid }, index) => pid !== pids[index]);
  return [
    verdict(
      `the Sentinels promote: every gateway delivers again within ${RECOVERED_WITHIN_MS} ms, without a restart`,
      restarted.length === 0 && recovered.every((ms) => ms > 0 && ms <= RECOVERED_WITHIN_MS),
      `${recovered.join(', ')} ms after the promotion, which took ${tookMs} ms; ${named}`,
    ),
    verdict(
      'every attempt that reached the upstream has its row, none is doubled, and the books agree',
      found.missing.length === 0 && found.unexplained.length === 0 && verified.exitCode === 0,
      `${found.matched} of ${found.arrivals}; missing ${listed(found.missing)}; unexplained ${listed(found.unexplained)}; ${verified.text}`,
    ),
  ];
}
