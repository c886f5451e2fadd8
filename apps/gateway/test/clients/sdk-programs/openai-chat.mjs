// `openai`, Chat Completions, at OpenAI's address or at Azure's.
import { load, order, tell, weather } from './program.mjs';

const { url, key, model, prompt, uses, className = 'OpenAI' } = order;
const places = {
  OpenAI: { baseURL: `${url}/openai/v1` },
  AzureOpenAI: { endpoint: `${url}/azure`, apiVersion: '2024-10-21' },
};
const Client = load(uses)[className];
const client = new Client({ ...places[className], apiKey: key });
const { name, description, schema: parameters } = weather;
const tools = [{ type: 'function', function: { name, description, parameters } }];

await tell({
  ask: async ({ isStream, hasTool }) => {
    const messages = [{ role: 'user', content: prompt }];
    for (;;) {
      const body = { model, messages, ...(hasTool ? { tools } : {}) };
      const { choices } = isStream
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.create(body);
      const [{ message, finish_reason }] = choices;
      if (finish_reason !== 'tool_calls') return message.content;
      const results = message.tool_calls.map((call) => ({
        role: 'tool',
        tool_call_id: call.id,
        content: weather.find(JSON.parse(call.function.arguments)),
      }));
      messages.push(message, ...results);
    }
  },
  lists: async () => {
    const { data } = await client.models.list();
    const { id } = await client.models.retrieve(model);
    return data.some((one) => one.id === model) && id === model ? 'listed' : 'not';
  },
});
