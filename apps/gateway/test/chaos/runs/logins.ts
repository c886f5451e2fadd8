// Access tokens that end again and again under traffic at several gateways, which are killed meanwhile: how often each
// was renewed, and whether a login was lost.
import type { LoginRenewal } from '@crs/upstream-simulator';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallResult, sendCall } from '../call.ts';
import type { GatewayProcess } from '../processes.ts';
import { listed, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';
import { patiently, type StageAccount, type StageKey } from '../stage.ts';

interface LoginSizes {
  readonly [name: string]: number;
  readonly gateways: number;
  readonly accounts: number;
  /** In each, all tokens are ended. */
  readonly rounds: number;
  readonly kills: number;
  readonly terms: number;
  /** So long the vendor answers a used refresh token as before; 0: it ends the login. */
  readonly graceSeconds: number;
  /** How long the others wait for a renewal whose process died. */
  readonly lockMs: number;
  /** Accounts whose tokens last for seconds only, and how long they are watched. */
  readonly shortLived: number;
  readonly lifeSeconds: number;
  readonly seconds: number;
}

const sizes: LoginSizes = {
  gateways: 2,
  accounts: 10,
  rounds: 100,
  kills: 12,
  terms: 6,
  graceSeconds: 60,
  lockMs: 3000,
  shortLived: 10,
  lifeSeconds: 8,
  seconds: 40,
};

export const logins: Run<LoginSizes> = {
  name: 'logins',
  title: 'tokens that end, and gateways that are killed while they renew them, at a vendor with a grace',
  sizes,
  stage,
  play,
};

/** Kills strike where nothing is under way: at such a vendor nobody can get back a token that died with its process. */
export const singleUseLogins: Run<LoginSizes> = {
  ...logins,
  name: 'logins-single-use',
  title: 'the same at a vendor to whom a refresh token that is used twice ends the login',
  sizes: { ...sizes, graceSeconds: 0, shortLived: 0, seconds: 0 },
};

const MODELS: Readonly<Record<string, string>> = { claude: 'claude-sonnet-5-5', codex: 'gpt-6.1-sol' };
const TOKEN_PATHS = ['/v1/oauth/token', '/oauth/token'];
/** The vendor has used the refresh token up, and its answer is on the way. */
const WINDOW_MS = 400;

function stage({ gateways, graceSeconds, lockMs }: LoginSizes) {
  return {
    gateways,
    lostAfterMs: [lockMs, 60_000, 1000] as const,
    simulator: { refreshGraceSeconds: graceSeconds },
    // How soon a busy machine's Redis is given up is not what this is about.
    env: { DRAIN_TIMEOUT_MS: '5000', REDIS_COMMAND_TIMEOUT_MS: '3000' },
  };
}

interface Login {
  readonly account: StageAccount;
  readonly key: StageKey;
}

async function play(context: RunContext<LoginSizes>): Promise<Verdict[]> {
  const { stage: on, sizes: size, say } = context;
  const longLived = await signIn(context, size.accounts, (index) => `long-${index}@example.com`);
  const verdicts = await forcedRounds(context, longLived);
  const shortLived = await signIn(
    context,
    size.shortLived,
    (index) => `short-${index}+expires-${size.lifeSeconds}@example.com`,
  );
  if (shortLived.length > 0) verdicts.push(...(await watchShortLived(context, shortLived)));
  await on.simulator.endTokens();
  const all = [...longLived, ...shortLived];
  const last = await Promise.all(all.map((login) => call(gatewayOf(context), login)));
  const { items } = await patiently(() => on.admin().accounts.list({ query: { pageSize: 100 } }));
  const waiting = items
    .filter(({ status }) => status !== 'ready')
    .map(({ name, reason }) => `${name}: ${reason}`);
  say(`${items.length} accounts at the end, waiting for a person: ${listed(waiting)}`);
  return [
    ...verdicts,
    verdict(
      'no login is lost: none waits for a person, each answers with one more new token',
      waiting.length === 0 && last.every(({ isComplete }) => isComplete),
      `${last.filter(({ isComplete }) => isComplete).length} of ${all.length} answer; waiting ${listed(waiting)}`,
    ),
  ];
}

async function signIn(
  { stage: on }: RunContext<LoginSizes>,
  count: number,
  emailOf: (index: number) => string,
): Promise<Login[]> {
  const kinds = Object.keys(MODELS);
  const accounts = await on.addLogins(
    Array.from({ length: count }, (_, index) => {
      const kind = kinds[index % kinds.length] ?? '';
      return { kind, email: `${kind}-${emailOf(index)}` };
    }),
  );
  const keys = await on.addKeys(count, (index) => {
    const { kind, id } = accounts[index] ?? { kind: '', id: '' };
    return { binds: [{ kind, accountId: id }] };
  });
  return accounts.flatMap((account, index) => {
    const key = keys[index];
    return key === undefined ? [] : { account, key };
  });
}

let lastCall = 0;

function call({ url }: GatewayProcess, { account, key }: Login): Promise<CallResult> {
  const number = (lastCall += 1);
  const model = MODELS[account.kind] ?? '';
  return sendCall(url, key.secret, { number, text: '[[say:fine]]', stream: number % 2 === 0, model });
}

function gatewayOf({ stage: on }: RunContext<LoginSizes>): GatewayProcess {
  const gateway = on.gateways.find(({ isServing }) => isServing);
  if (gateway === undefined) throw new Error('no gateway runs');
  return gateway;
}

interface Asked {
  readonly gateway: GatewayProcess;
  readonly answer: CallResult;
}

type Blow = 'kill' | 'terminate' | null;

interface RoundEnd {
  readonly blow: Blow;
  readonly renewals: readonly LoginRenewal[];
  readonly failed: readonly string[];
}

/** All tokens end; then every gateway is asked for every account, at once. */
async function forcedRounds(context: RunContext<LoginSizes>, all: readonly Login[]): Promise<Verdict[]> {
  const { sizes: size, say } = context;
  const blows = spread(size);
  const ends: RoundEnd[] = [];
  let restart = Promise.resolve();
  for (let round = 0; round < size.rounds; round += 1) {
    const blow = blows.get(round) ?? null;
    // A blow needs another gateway to live on.
    if (blow !== null) await restart;
    const { end, struck } = await playRound(context, all, blow);
    if (struck !== null) restart = struck.start();
    ends.push(end);
    if (round % 20 === 19) say(`${round + 1} of ${size.rounds} rounds`);
  }
  await restart;
  return judgeRounds(context, ends, all);
}

/** Kills and ends in good order, evenly over the rounds. */
function spread({ rounds, kills, terms }: LoginSizes): Map<number, Blow> {
  const total = kills + terms;
  const blows = new Map<number, Blow>();
  for (let index = 0; index < total; index += 1) {
    const isTerm = Math.floor(((index + 1) * terms) / total) > Math.floor((index * terms) / total);
    blows.set(Math.floor(((index + 0.5) * rounds) / total), isTerm ? 'terminate' : 'kill');
  }
  return blows;
}

async function playRound(
  context: RunContext<LoginSizes>,
  all: readonly Login[],
  blow: Blow,
): Promise<{ end: RoundEnd; struck: GatewayProcess | null }> {
  const { stage: on, sizes: size, random } = context;
  const serving = on.gateways.filter(({ isServing }) => isServing);
  const struck = blow === null ? null : random.pick(serving);
  const isInWindow = blow === 'terminate' || (blow === 'kill' && size.graceSeconds > 0);
  for (const path of TOKEN_PATHS)
    await on.simulator.setFault({ match: { path }, firstEventDelayMs: isInWindow ? WINDOW_MS : 0 });
  const before = (await on.simulator.renewals()).length;
  await on.simulator.endTokens();
  const askAt = (gateways: readonly GatewayProcess[]): Promise<Asked[]> =>
    Promise.all(
      gateways.flatMap((gateway) =>
        all.map(async (login) => ({ gateway, answer: await call(gateway, login) })),
      ),
    );
  const isStruck = (gateway: GatewayProcess): boolean => isInWindow && gateway === struck;
  // Asked first, so that it is the one that renews.
  const first = askAt(serving.filter(isStruck));
  if (isInWindow) await until(async () => (await on.simulator.renewals()).length > before, WINDOW_MS, 5);
  const others = askAt(serving.filter((gateway) => !isStruck(gateway)));
  if (isInWindow) await sleep(random.below(WINDOW_MS / 2));
  else await others;
  const blown = struck === null ? null : blow === 'kill' ? struck.kill() : struck.terminate();
  const answers = [...(await first), ...(await others)];
  await blown;
  // Whoever was asked of a gateway that was killed knows nothing of the others.
  const failed = answers
    .filter(({ gateway, answer }) => !answer.isComplete && !(gateway === struck && isUnheard(blow, answer)))
    .map(({ answer: { status, end, body } }) => `${status} ${end} ${body.slice(0, 150)}`);
  const renewals = (await on.simulator.renewals()).slice(before);
  return { end: { blow, renewals, failed }, struck };
}

/** A gateway that ends in good order answers what it took. */
function isUnheard(blow: Blow, { end, status }: CallResult): boolean {
  return blow === 'kill' || end === 'unreached' || status === 503;
}

function judgeRounds(
  { sizes: size }: RunContext<LoginSizes>,
  ends: readonly RoundEnd[],
  all: readonly Login[],
): Verdict[] {
  const emails = all.map(({ account }) => account.name);
  const wrong: string[] = [];
  for (const [round, { renewals, blow }] of ends.entries()) {
    for (const email of emails) {
      const times = renewals.filter(({ login, outcome }) => login === email && outcome === 'renewed').length;
      if (times !== 1) wrong.push(`round ${round + 1} (${blow ?? 'quiet'}), ${email}: ${times}`);
    }
  }
  const outcomes = ends.flatMap(({ renewals }) => renewals.map(({ outcome }) => outcome));
  const count = (wanted: LoginRenewal['outcome']): number => outcomes.filter((one) => one === wanted).length;
  const repeatedElsewhere = ends
    .filter(({ blow }) => blow !== 'kill')
    .flatMap(({ renewals }) => renewals.filter(({ outcome }) => outcome === 'repeated'));
  const failed = ends.flatMap((end) => end.failed);
  const hasGrace = size.graceSeconds > 0;
  return [
    verdict(
      `${ends.length * emails.length} tokens ended before their time at ${size.gateways} gateways, ${size.kills} SIGKILLs, ${size.terms} SIGTERMs: each is renewed exactly once`,
      wrong.length === 0,
      `${count('renewed')} renewed; not exactly once: ${listed(wrong)}`,
    ),
    hasGrace
      ? verdict(
          'what a killed gateway had asked for is asked for once more by another, within the grace, and nothing else is',
          repeatedElsewhere.length === 0 && count('refused') === 0 && count('repeated') > 0,
          `${count('repeated')} repeated after SIGKILLs, ${repeatedElsewhere.length} otherwise, ${count('refused')} refused`,
        )
      : verdict(
          'no refresh token is used twice',
          count('repeated') + count('refused') === 0,
          `${count('repeated')} repeated, ${count('refused')} refused`,
        ),
    verdict(
      'no client of a gateway that was not killed sees any of it',
      failed.length === 0,
      `failed ${listed(failed)}`,
    ),
  ];
}

const ASK_EVERY_MS = 200;
/** Renewed in the last quarter of its life, or a little later where nobody asked for it. */
const EARLIEST_SHARE = 0.7;

async function watchShortLived(context: RunContext<LoginSizes>, all: readonly Login[]): Promise<Verdict[]> {
  const { stage: on, sizes: size } = context;
  const before = (await on.simulator.renewals()).length;
  const callsBefore = (await on.simulator.arrivals()).length;
  const calls: Promise<CallResult>[] = [];
  const endsAt = performance.now() + size.seconds * 1000;
  while (performance.now() < endsAt) {
    for (const gateway of on.gateways) calls.push(...all.map((login) => call(gateway, login)));
    await sleep(ASK_EVERY_MS);
  }
  const failed = (await Promise.all(calls)).filter(({ isComplete }) => !isComplete);
  const refused = (await on.simulator.arrivals()).slice(callsBefore).filter(({ status }) => status === 401);
  const renewals = (await on.simulator.renewals()).slice(before);
  const lifeMs = size.lifeSeconds * 1000;
  const wrong: string[] = [];
  for (const { account } of all) {
    const times = renewals.filter(({ login }) => login === account.name).map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    const early = pauses.filter((pause) => pause < lifeMs * EARLIEST_SHARE);
    if (times.length === 0 || early.length > 0) wrong.push(`${account.name}: after ${pauses.join(', ')} ms`);
  }
  return [
    verdict(
      `${all.length} accounts with tokens of ${size.lifeSeconds} s for ${size.seconds} s: each token is renewed once, in the last of its time, and none is used past it`,
      wrong.length === 0 && refused.length === 0 && renewals.every(({ outcome }) => outcome === 'renewed'),
      `${renewals.length} renewals, too early ${listed(wrong)}; ${refused.length} of ${calls.length} calls met a token that had ended`,
    ),
    verdict(
      'meanwhile no client sees a failure',
      failed.length === 0,
      `${calls.length} calls, failed ${listed(failed.map(({ status, body }) => `${status} ${body.slice(0, 120)}`))}`,
    ),
  ];
}
