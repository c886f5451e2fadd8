// A request whose host was lost is charged by the prices and rates that held when it was admitted, not by today's.
import { expect, test } from 'vitest';
import { PriceBook } from '../modules/pricing/book.ts';
import { loadPack } from '../modules/pricing/index.ts';
import { UNTOUCHED } from '../modules/pricing/price-list.ts';
import type { LedgerEntry } from '../modules/usage/index.ts';
import { chargeLostRequests } from './lost-requests.ts';
import type { HeldFacts } from './reserve.ts';

const pack = loadPack();
const today = new PriceBook({ pack, state: UNTOUCHED });

/** Prices at which a million tokens of input are 3 USD. */
const admitted = new PriceBook({
  pack,
  state: {
    ...UNTOUCHED,
    version: 4,
    overrides: [
      {
        id: 'o1',
        provider: 'anthropic',
        model: 'claude-opus-5-5',
        fromMs: 0,
        prices: { input: 3_000_000 },
        tiers: null,
        note: '',
        createdAt: '2026-01-01T00:00:00Z',
        createdBy: 'root',
        sinceVersion: 4,
        withdrawn: null,
      },
    ],
  },
});

const held: HeldFacts = {
  keyId: 'k1',
  keyName: 'key',
  userId: null,
  dialect: 'anthropic',
  operation: 'messages',
  model: 'claude-opus-5-5',
  stream: true,
  client: '',
  atMs: Date.parse('2026-11-21T12:00:00Z'),
  inputTokens: 1001,
  outputTokens: 0,
  service: 'claude',
  rate: 1.5,
  serviceRate: 1.1,
  priceListId: admitted.id,
  reservedNanoUsd: 0,
  counters: [],
};

async function charge(facts: object): Promise<LedgerEntry[]> {
  const closed: LedgerEntry[] = [];
  const charged = await chargeLostRequests({
    limits: {
      lostHolds: async () => [{ requestId: 'r1', facts: JSON.stringify(facts) }],
      settle: async () => undefined,
    },
    ledger: {
      ofRequest: async () => [],
      append: async () => [],
      lastEntryId: async () => '0-0',
      endedAfter: async () => ({ ids: [], lastEntryId: '0-0' }),
    } as never,
    journal: { close: (_open, rows) => void closed.push(...rows) },
    pricing: { book: (id) => (id === admitted.id ? admitted : today) },
    onProblem: (message) => expect.unreachable(message),
  });
  expect(charged).toBe(1);
  return closed;
}

test.each<[name: string, facts: object, cost: number, charged: number, list: string]>([
  // 1001 * 3000, times 1.65, rounded once.
  ['by estimate', held, 3_003_000, 4_954_950, admitted.id],
  ['by what was reserved', { ...held, reservedNanoUsd: 1_650_000 }, 1_000_000, 1_650_000, admitted.id],
  // Of a gateway that did not know of price lists.
  [
    'of an older gateway',
    { ...held, serviceRate: undefined, priceListId: undefined },
    4_004_000,
    6_006_000,
    today.id,
  ],
])('%s', async (_name, facts, costNanoUsd, chargedNanoUsd, packId) => {
  const [attempt, request] = await charge(facts);
  expect(attempt).toMatchObject({
    type: 'attempt',
    record: { outcome: 'crashed', costNanoUsd, chargedNanoUsd, price: { packId } },
  });
  expect(request).toMatchObject({ type: 'request', record: { costNanoUsd, chargedNanoUsd } });
});
