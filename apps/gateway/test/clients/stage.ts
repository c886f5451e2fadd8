// What a client runs against: a gateway on the simulator with an account of every kind, and a watch on what it is asked.
import type { RequestRow } from '@crs/shared';
import { startTestGateway } from '../gateway.ts';
import { addKind, type BoundKey, type Kind } from '../kinds.ts';
import type { Trial } from './case.ts';

interface Served {
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

/** What clients asked for a while, in their order. */
export interface Asked {
  /** Of every answer. */
  readonly statuses: readonly number[];
  /** Of the requests that are on the books: an unknown key or a list of models is not. */
  readonly rows: readonly RequestRow[];
  /** The last request that the vendor got. */
  readonly lastSent: string;
}

export interface Stage {
  /** A key that reaches one account of the kind only, or none, as the scenario wants it. */
  serve(trial: Trial): Promise<Served>;
  watch<T>(work: () => Promise<T>): Promise<{ result: T; asked: Asked }>;
  close(): Promise<void>;
}

const UNKNOWN_KEY = `cr_${'0'.repeat(64)}`;
const ADMIN_PATH = '/api/v2/';

export async function openStage(): Promise<Stage> {
  const gateway = await startTestGateway();
  const { admin, simulator, url } = gateway;
  const bound = new Map<Kind, BoundKey>();
  let statuses: number[] = [];
  gateway.gateway.app.server.on('request', ({ url: path = '' }, response) => {
    if (!path.startsWith(ADMIN_PATH)) response.once('close', () => statuses.push(response.statusCode));
  });

  const accountOf = async (kind: Kind): Promise<BoundKey> => {
    const known = bound.get(kind) ?? (await addKind(gateway, kind));
    bound.set(kind, known);
    // What happened to the account in an earlier trial is not this one's matter.
    await admin.accounts.reset({ params: { kind, id: known.accountId } });
    simulator.clearFaults();
    return known;
  };

  return {
    serve: async ({ scenario, kind, asksFor }) => {
      const { model: own, accountId, secret } = await accountOf(kind);
      const model = asksFor ?? own;
      await admin.accounts.update({
        params: { kind, id: accountId },
        body: { models: { map: asksFor === undefined ? {} : { [asksFor]: own } } },
      });
      if (scenario === 'wrongKey') return { url, key: UNKNOWN_KEY, model };
      if (scenario !== 'spent') return { url, key: secret, model };
      const spent = await admin.keys.create({
        body: {
          name: 'spent',
          budgetMode: 'strict',
          budgets: [{ every: 'day', usd: 0.000001 }],
          binds: [{ kind, accountId }],
        },
      });
      return { url, key: spent.secret, model };
    },
    watch: async (work) => {
      statuses = [];
      const from = new Date().toISOString();
      const result = await work();
      await gateway.settled();
      const { items } = await admin.requests.list({ query: { from, sort: 'at', pageSize: 100 } });
      const lastSent = simulator.requests.at(-1)?.rawBody.toString() ?? '';
      return { result, asked: { statuses, rows: items, lastSent } };
    },
    close: () => gateway.close(),
  };
}
