// `@anthropic-ai/sdk`.
import { load, order, tell, weather } from './program.mjs';

const { url, key, model, prompt, uses } = order;
const { default: Anthropic } = load(uses);
const client = new Anthropic({ baseURL: `${url}/api`, apiKey: key });
const tools = [{ name: weather.name, description: weather.description, input_schema: weather.schema }];

await tell({
  ask: async ({ isStream, hasTool }) => {
    const messages = [{ role: 'user', content: prompt }];
    for (;;) {
      const body = { model, max_tokens: 2000, messages, ...(hasTool ? { tools } : {}) };
      const { content, stop_reason } = isStream
        ? await client.messages.stream(body).finalMessage()
        : await client.messages.create(body);
      if (stop_reason !== 'tool_use') return content.map(({ text = '' }) => text).join('');
      const calls = content.filter(({ type }) => type === 'tool_use');
      const results = calls.map(({ id, input }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: weather.find(input),
      }));
      messages.push({ role: 'assistant', content }, { role: 'user', content: results });
    }
  },
  lists: async () => {
    const messages = [{ role: 'user', content: prompt }];
    const { input_tokens: counted } = await client.messages.countTokens({ model, messages });
    const { data } = await client.models.list();
    const { id } = await client.models.retrieve(model);
    return counted > 0 && data.some((one) => one.id === model) && id === model ? 'counted and listed' : 'not';
  },
});
