import { expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { fit } from './fit.ts';
import { FOREIGN_CITATION, signatureText } from './signature.ts';

const own = { type: 'thinking', thinking: 'mine', signature: 'ErUB' };
const foreign = {
  type: 'thinking',
  thinking: 'theirs',
  signature: signatureText({ vendor: 'openai', value: 'gAAA' }),
};
const unsigned = { type: 'thinking', thinking: 'nobody’s', signature: signatureText(null) };
const hidden = { type: 'redacted_thinking', data: signatureText({ vendor: 'gemini', value: 'Cs' }) };
const said = { type: 'text', text: 'it says "crs.openai.x"' };
const call = { type: 'tool_use', id: 'call_1', name: 'f', input: {} };

function request(...messages: unknown[]): Buffer {
  // Unusual, so that what is not meant can be seen to stay.
  return Buffer.from(`{ "model" : "m", "max_tokens":1e2,"messages": ${JSON.stringify(messages)} , "x":1.0}`);
}

test('what other vendors’ models left in a conversation does not reach Anthropic, the rest byte for byte', () => {
  const body = request(
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: [foreign, unsigned, hidden, own, said, call] },
  );
  const fitted = fit(someFacts, body, '?beta=true');
  expect(fitted?.body.toString()).toBe(
    request({ role: 'user', content: 'hi' }, { role: 'assistant', content: [own, said, call] }).toString(),
  );
  expect(fitted).toMatchObject({ query: '?beta=true', answer: null });
});

test('a turn that held nothing else goes; sources of other vendors go from a text that stays', () => {
  const cited = {
    type: 'text',
    text: 'found',
    citations: [
      { type: 'web_search_result_location', url: 'https://a', encrypted_index: 'Eo8B' },
      { type: 'web_search_result_location', url: 'https://b', encrypted_index: FOREIGN_CITATION },
    ],
  };
  const body = request({ role: 'assistant', content: [foreign] }, { role: 'assistant', content: [cited] });
  const [kept] = cited.citations;
  expect(fit(someFacts, body, '')?.body.toString()).toBe(
    request({ role: 'assistant', content: [{ type: 'text', text: 'found', citations: [kept] }] }).toString(),
  );
});

test('everything else goes out as it came', () => {
  for (const content of [
    [own, said, call],
    'crs.openai.x',
    [{ type: 'text', text: '{"a":"crs.openai.x"}' }],
  ]) {
    expect(fit(someFacts, request({ role: 'assistant', content }), '')).toBeNull();
  }
});
