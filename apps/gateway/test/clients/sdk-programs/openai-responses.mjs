// `openai`, Responses.
import { load, order, tell, weather } from './program.mjs';

const { url, key, model, prompt, uses } = order;
const { default: OpenAI } = load(uses);
const client = new OpenAI({ baseURL: `${url}/openai/v1`, apiKey: key });
const { name, description, schema: parameters } = weather;
const tools = [{ type: 'function', name, description, parameters, strict: false }];

await tell({
  ask: async ({ isStream, hasTool }) => {
    const input = [{ role: 'user', content: prompt }];
    for (;;) {
      const body = { model, input, store: false, ...(hasTool ? { tools } : {}) };
      const response = isStream
        ? await client.responses.stream(body).finalResponse()
        : await client.responses.create(body);
      const { output, output_text: text, status, error } = response;
      // It throws nothing where the answer itself says that it failed.
      if (status === 'failed') throw new Error(error.message);
      const calls = output.filter(({ type }) => type === 'function_call');
      if (calls.length === 0) return text;
      const results = calls.map((call) => ({
        type: 'function_call_output',
        call_id: call.call_id,
        output: weather.find(JSON.parse(call.arguments)),
      }));
      // What was parsed beside the answer is not part of it.
      const said = output.map(({ parsed_arguments: _parsed, ...item }) => item);
      input.push(...said, ...results);
    }
  },
  lists: async () => ((await client.models.list()).data.some(({ id }) => id === model) ? 'listed' : 'not'),
});
