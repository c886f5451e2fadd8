import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { claudeTraits } from './model-traits.ts';

const packSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      max_output: z.number().nullish(),
      capabilities: z.array(z.string()),
    }),
  ),
});
const PRICES = new URL('../modules/pricing/model-prices.json', import.meta.url);
const models = packSchema
  .parse(JSON.parse(readFileSync(PRICES, 'utf8')))
  .models.filter(({ id }) => id.includes('claude-'))
  .map((model) => ({ ...model, has: new Set(model.capabilities) }));

test('what is said of each model is what the price list knows of it', () => {
  expect(models.length).toBeGreaterThan(90);
  for (const { id, has } of models) {
    const { thinking, takesSampling, knowsXhigh } = claudeTraits(id);
    expect({ id, takesSampling, knowsXhigh, thinks: thinking !== 'never' }).toEqual({
      id,
      takesSampling: !has.has('no_sampling_params'),
      knowsXhigh: has.has('effort_xhigh'),
      thinks: has.has('reasoning'),
    });
    expect(['never', 'budget'].includes(thinking), id).toBe(!has.has('adaptive_thinking'));
  }
});

test('so are the prefill and the length of an answer, where the vendor itself sells the model', () => {
  for (const { id, has, max_output } of models.filter(({ provider }) => provider === 'anthropic')) {
    const { takesPrefill, maxOutputTokens } = claudeTraits(id);
    expect({ id, takesPrefill, maxOutputTokens }).toEqual({
      id,
      takesPrefill: has.has('assistant_prefill'),
      maxOutputTokens: max_output,
    });
  }
});

test.each([
  ['claude-fable-5-2', 'always', false],
  ['claude-mythos-5-1', 'always', false],
  ['claude-opus-5-5', 'always', false],
  ['anthropic.claude-opus-5-5', 'always', false],
  ['claude-sonnet-5-5', 'between-tools', false],
  ['claude-haiku-5-5', 'adaptive', true],
  ['claude-opus-5', 'adaptive', true],
  ['claude-sonnet-4-6', 'adaptive', true],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'budget', true],
  ['claude-opus-4-20250514', 'budget', true],
  ['claude-4-opus-20250514', 'budget', true],
  ['claude-3-7-sonnet-20250219', 'budget', true],
  ['claude-3-5-haiku-20241022', 'never', true],
  // Not yet there: like the youngest of its line.
  ['claude-opus-6', 'always', false],
  ['claude-opus', 'always', false],
  ['some-other-model', 'budget', true],
])('%s: thinking %s, forced tools %s', (model, thinking, takesForcedTools) => {
  expect(claudeTraits(model)).toMatchObject({ thinking, takesForcedTools });
});
