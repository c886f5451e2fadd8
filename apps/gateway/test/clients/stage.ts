// What a client runs against: a gateway on the simulator with an account of every kind, and a key for each.
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addKind, type BoundKey, type Kind } from '../kinds.ts';

export interface Served {
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

export interface Stage {
  readonly gateway: TestGateway;
  /** A key that may use one account of the kind only. */
  by(kind: Kind): Promise<Served>;
  /** A key whose budget is spent. */
  spent(): Promise<Served>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const gateway = await startTestGateway();
  const bound = new Map<Kind, BoundKey>();
  const by = async (kind: Kind): Promise<Served> => {
    const known = bound.get(kind) ?? (await addKind(gateway, kind));
    bound.set(kind, known);
    // What an earlier client's fault did to the account is not this one's.
    await gateway.admin.accounts.reset({ params: { kind, id: known.accountId } });
    return { url: gateway.url, key: known.secret, model: known.model };
  };
  return {
    gateway,
    by,
    spent: async () => {
      const { model } = await by('claude-console');
      const { secret } = await gateway.admin.keys.create({
        body: { name: 'spent', budgetMode: 'strict', budgets: [{ every: 'day', usd: 0.000001 }] },
      });
      return { url: gateway.url, key: secret, model };
    },
    close: () => gateway.close(),
  };
}
