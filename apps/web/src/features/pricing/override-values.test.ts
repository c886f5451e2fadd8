import type { ModelPrice, PriceOverride } from '@crs/shared';
import { expect, test } from 'vitest';
import { initialValues, noPrices, priceChanges, tierChanges, toBody } from './override-values';

const listed = { input: 4, output: 20, cacheWrite5m: 5, cacheWrite1h: null, cacheRead: 0.2 };
const model: ModelPrice = {
  id: 'claude-opus-5-5',
  provider: 'anthropic',
  usdPerMTok: { ...listed, input: 3 },
  tiers: [],
  overrideId: 'o1',
  listed: { usdPerMTok: listed, tiers: [] },
};
const inForce: PriceOverride = {
  id: 'o1',
  model: model.id,
  provider: 'anthropic',
  from: '2026-01-01T00:00:00Z',
  usdPerMTok: { input: 3 },
  tiers: [{ aboveInputTokens: 1000, usdPerMTok: { output: 0.000_001 } }],
  note: 'contract',
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'root',
};

test('the form begins with the override in force and sends it as it is', () => {
  expect(toBody(initialValues(model, inForce))).toEqual({
    model: 'claude-opus-5-5',
    provider: 'anthropic',
    usdPerMTok: { input: '3' },
    tiers: [{ aboveInputTokens: 1000, usdPerMTok: { output: '0.000001' } }],
    note: 'contract',
  });
});

test('without one everything is as listed', () => {
  expect(toBody(initialValues(model, undefined))).toEqual({
    model: 'claude-opus-5-5',
    provider: 'anthropic',
    usdPerMTok: {},
  });
});

test('a time and no tiers are said', () => {
  const values = {
    ...initialValues(model, undefined),
    when: 'at' as const,
    from: '2026-02-01T00:00:00Z',
    tierMode: 'none' as const,
  };
  expect(toBody(values)).toMatchObject({ from: '2026-02-01T00:00:00Z', tiers: [] });
});

test('the diff is against what holds now; an empty field goes back to the list', () => {
  const values = {
    ...initialValues(model, undefined),
    usdPerMTok: { ...noPrices, output: '25', cacheRead: 'x' },
  };
  expect(priceChanges(model, values)).toEqual([
    { bucket: 'input', before: 3, after: 4, share: 4 / 3 - 1 },
    { bucket: 'output', before: 20, after: 25, share: 0.25 },
    { bucket: 'cacheRead', before: 0.2, after: undefined, share: null },
  ]);
  expect(priceChanges(null, values).map(({ bucket }) => bucket)).toEqual(['output']);
});

test('tiers are compared with those in force; what is empty is the standard price', () => {
  const tiered: ModelPrice = {
    ...model,
    tiers: [{ aboveInputTokens: 200_000, usdPerMTok: { ...listed, input: 6, output: 30 } }],
    listed: { usdPerMTok: listed, tiers: [] },
  };
  const values = initialValues(tiered, undefined);
  const gone = { aboveInputTokens: 200_000, before: [6, 30], after: null };
  expect(tierChanges(tiered, values)).toEqual([gone]);
  expect(
    tierChanges(tiered, {
      ...values,
      tierMode: 'own',
      usdPerMTok: { ...noPrices, input: '3' },
      tiers: [
        { aboveInputTokens: '1000', usdPerMTok: { ...noPrices, output: '25' } },
        { aboveInputTokens: '', usdPerMTok: noPrices },
      ],
    }),
  ).toEqual([{ aboveInputTokens: 1000, before: null, after: [3, 25] }, gone]);
});
