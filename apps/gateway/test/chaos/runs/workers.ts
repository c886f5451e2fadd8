// One installation with several workers: as exact as one process, its journals are taken over, its figures are one.
import { sendCall } from '../call.ts';
import { compareBooks, readBooks, type SentCall, verifyLedger } from '../books.ts';
import { listed, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';
import { limits } from './limits.ts';

interface WorkersSizes {
  readonly [name: string]: number;
  readonly workers: number;
  readonly calls: number;
  readonly room: number;
  readonly answerMs: number;
  readonly streams: number;
}

export const workers: Run<WorkersSizes> = {
  name: 'workers',
  title: 'WORKERS=2: exact limits, killed workers, one page of figures',
  sizes: { workers: 2, calls: 500, room: 50, answerMs: 5000, streams: 40 },
  stage: (sizes) => ({ gateways: 1, env: { WORKERS: String(sizes.workers) } }),
  play,
};

async function play(context: RunContext<WorkersSizes>): Promise<Verdict[]> {
  const exact = await limits.play({ ...context, sizes: { ...context.sizes, gateways: 1 } });
  const figures = await oneFigure(context);
  await context.stage.clear();
  return [...exact, figures, ...(await killedWorkers(context))];
}

/** Every relayed request so far, whichever worker had it, and whichever is asked. */
async function oneFigure({ stage, sizes }: RunContext<WorkersSizes>): Promise<Verdict> {
  const url = stage.gateways[0]?.url ?? '';
  // Three limits, and the call that showed what one reserves; more where a call had to be asked again.
  const expected = 3 * sizes.calls + 1;
  const told: number[] = [];
  for (let reading = 0; reading < 4; reading += 1) {
    const answer = await fetch(`${url}/metrics`, { headers: { connection: 'close' } });
    const lines = (await answer.text()).matchAll(/^crs_relay_requests_total\{.*\} (\d+)$/gm);
    told.push([...lines].reduce((sum, [, value]) => sum + Number(value), 0));
  }
  return verdict(
    'the metrics of all workers are one page',
    told.every((value) => value >= expected && value === told[0]),
    `${told.join(', ')} requests told, at least ${expected} made`,
  );
}

async function killedWorkers({ stage, sizes, say }: RunContext<WorkersSizes>): Promise<Verdict[]> {
  const [gateway] = stage.gateways;
  if (gateway === undefined) throw new Error('no gateway');
  await stage.addAccounts(2);
  const keys = await stage.addKeys(sizes.streams, () => ({ budgets: [{ every: 'total', usd: 100 }] }));
  const before = gateway.workers;
  const sent: SentCall[] = [];
  const streams = keys.map(async ({ id, secret }, number) => {
    const plan = { number, text: '[[pace:200]] [[deltas:100]] [[tokens:100]]', stream: true };
    const result = await sendCall(gateway.url, secret, plan);
    sent.push({ ...result, keyId: id });
    return result;
  });
  await until(async () => (await stage.simulator.count({ outcome: 'open' })) === sizes.streams, 10_000);
  say(`SIGKILL of ${before.length} workers with ${sizes.streams} streams`);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  const answers = await Promise.all(streams);
  const own = new Set(keys.map(({ id }) => id));
  const crashed = async (): Promise<number> => {
    const books = await stage.withRedis(readBooks);
    return books.filter(({ request }) => request?.outcome === 'crashed' && own.has(request.keyId)).length;
  };
  const isTakenOver = await until(async () => (await crashed()) === sizes.streams, 15_000, 500);
  const isReady = await until(() => gateway.isReady(), 10_000);
  const found = compareBooks(
    (await stage.withRedis(readBooks)).filter(({ attempts }) => attempts.some(({ keyId }) => own.has(keyId))),
    sent,
    await stage.simulator.arrivals(),
  );
  const verified = await verifyLedger(stage);
  const whole = answers.filter(({ isComplete }) => isComplete).length;
  return [
    verdict(
      'killed workers are replaced, and their journals are taken over: every attempt they had is booked once',
      before.length === sizes.workers &&
        whole === 0 &&
        isTakenOver &&
        isReady &&
        found.missing.length === 0 &&
        found.unexplained.length === 0,
      `${await crashed()} of ${sizes.streams} booked as crashed; missing ${listed(found.missing)}; unexplained ${listed(found.unexplained)}`,
    ),
    verdict('the books agree', verified.exitCode === 0, verified.text),
  ];
}
