import type { PriceOverride, PricingAnswer, UsdPerMTok } from '@crs/shared';
import { expect, test } from 'vitest';
import { allRows, pageOfRows, type PricingListState } from './price-rows';

function prices(input: number): UsdPerMTok {
  return { input, output: input * 5, cacheWrite5m: null, cacheWrite1h: null, cacheRead: null };
}
function override(model: string, from: string): PriceOverride {
  return {
    id: `${model} ${from}`,
    model,
    provider: 'anthropic',
    from,
    usdPerMTok: { input: 1 },
    tiers: null,
    note: '',
    createdAt: from,
    createdBy: 'root',
  };
}
const answer = {
  models: [
    {
      id: 'claude-opus-10',
      provider: 'anthropic',
      usdPerMTok: prices(4),
      tiers: [],
      overrideId: null,
      listed: null,
    },
    {
      id: 'claude-opus-9',
      provider: 'anthropic',
      usdPerMTok: prices(9),
      tiers: [],
      overrideId: 'x',
      listed: null,
    },
    { id: 'gpt-6', provider: 'azure', usdPerMTok: prices(1), tiers: [], overrideId: null, listed: null },
  ],
  overrides: [
    override('claude-opus-10', '2026-01-01T00:00:00Z'),
    override('claude-opus-10', '2026-03-01T00:00:00Z'),
    override('claude-opus-10', '2026-04-01T00:00:00Z'),
  ],
} as unknown as PricingAnswer;
const rows = allRows(answer, Date.parse('2026-02-01T00:00:00Z'));
const state: PricingListState = {
  page: 1,
  pageSize: 20,
  sort: 'model',
  search: '',
  filters: { provider: '', state: '' },
  hiddenColumns: [],
};
const ids = (patch: Partial<PricingListState>) =>
  pageOfRows(rows, { ...state, ...patch }).items.map(({ id }) => id);

test('the next override is the first that has not begun', () => {
  expect(rows.map(({ next }) => next?.from ?? null)).toEqual(['2026-03-01T00:00:00Z', null, null]);
});

test.each<[Partial<PricingListState>, string[]]>([
  [{}, ['claude-opus-9', 'claude-opus-10', 'gpt-6']],
  [{ sort: '-model' }, ['gpt-6', 'claude-opus-10', 'claude-opus-9']],
  [{ sort: 'input' }, ['gpt-6', 'claude-opus-10', 'claude-opus-9']],
  [{ sort: '-output' }, ['claude-opus-9', 'claude-opus-10', 'gpt-6']],
  [{ search: ' OPUS 10' }, ['claude-opus-10']],
  [{ search: 'azure' }, ['gpt-6']],
  [{ filters: { provider: 'azure', state: '' } }, ['gpt-6']],
  [{ filters: { provider: '', state: 'overridden' } }, ['claude-opus-9']],
  [{ filters: { provider: '', state: 'scheduled' } }, ['claude-opus-10']],
  [{ page: 2, pageSize: 2 }, ['gpt-6']],
])('%j shows %j', (patch, expected) => {
  expect(ids(patch)).toEqual(expected);
});
