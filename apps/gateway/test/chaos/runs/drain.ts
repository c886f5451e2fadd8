// A gateway is told to end while streams run through it: it takes nothing new and lets them end.
import { sendCall } from '../call.ts';
import { verifyLedger } from '../books.ts';
import { listed, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';

interface DrainSizes {
  readonly [name: string]: number;
  readonly streams: number;
  readonly streamMs: number;
  readonly drainMs: number;
}

export const drain: Run<DrainSizes> = {
  name: 'drain',
  title: 'SIGTERM with live streams',
  sizes: { streams: 200, streamMs: 30_000, drainMs: 60_000 },
  stage: ({ drainMs }) => ({ gateways: 2, env: { DRAIN_TIMEOUT_MS: String(drainMs) } }),
  play,
};

const PACE_MS = 200;

/** Ends the last gateway of the stage. */
async function play({ stage, sizes, say }: RunContext<DrainSizes>): Promise<Verdict[]> {
  await stage.addAccounts(3);
  const [key] = await stage.addKeys(1, () => ({ concurrency: sizes.streams + 10 }));
  const gateway = stage.gateways.at(-1);
  if (key === undefined || gateway === undefined) throw new Error('no key, no gateway');
  const text = `[[pace:${PACE_MS}]] [[deltas:${Math.round(sizes.streamMs / PACE_MS)}]] [[tokens:${Math.round(sizes.streamMs / PACE_MS)}]]`;
  const streams = Array.from({ length: sizes.streams }, (_, number) =>
    sendCall(gateway.url, key.secret, { number, text, stream: true }),
  );
  const isLive = await until(
    async () => (await stage.simulator.count({ outcome: 'open' })) === sizes.streams,
    20_000,
  );
  say(`${sizes.streams} streams run: ${isLive}`);
  const startedAt = performance.now();
  const ending = gateway.terminate();
  const late = await until(async () => !(await gateway.isReady()), 5000, 10);
  const refused = await sendCall(gateway.url, key.secret, { number: sizes.streams, text, stream: true });
  const answers = await Promise.all(streams);
  const code = await ending;
  const endedMs = Math.round(performance.now() - startedAt);
  const cut = answers.filter(({ isComplete }) => !isComplete);
  const verified = await verifyLedger(stage);
  return [
    verdict(
      `SIGTERM with ${sizes.streams} live streams: none is cut within the drain time`,
      isLive && cut.length === 0,
      `${answers.length - cut.length} whole, cut ${listed(cut.map(({ status, end }) => `${status} ${end}`))}`,
    ),
    verdict(
      'meanwhile it is not ready, refuses what is new, and then ends by itself',
      late && refused.status === 503 && code === 0 && endedMs < sizes.drainMs,
      `new: ${refused.status}; exit ${code} after ${endedMs} ms`,
    ),
    verdict(
      'nothing is left in its journal, and the books agree',
      gateway.journals().length === 0 && verified.exitCode === 0,
      `journal ${listed(gateway.journals())}; ${verified.text}`,
    ),
  ];
}
