// `@google/genai`.
import { load, order, tell, weather } from './program.mjs';

const { url, key, model, prompt, uses } = order;
const { GoogleGenAI } = load(uses);
const { models } = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${url}/gemini` } });
const { name, description, schema: parametersJsonSchema } = weather;
const tools = [{ functionDeclarations: [{ name, description, parametersJsonSchema }] }];

async function partsOf(body, isStream) {
  const chunks = [];
  if (isStream) for await (const chunk of await models.generateContentStream(body)) chunks.push(chunk);
  else chunks.push(await models.generateContent(body));
  return chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
}

await tell({
  ask: async ({ isStream, hasTool }) => {
    const contents = [{ role: 'user', parts: [{ text: prompt }] }];
    for (;;) {
      const body = { model, contents, ...(hasTool ? { config: { tools } } : {}) };
      const parts = await partsOf(body, isStream);
      const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
      if (calls.length === 0) return parts.map(({ text = '', thought }) => (thought ? '' : text)).join('');
      const results = calls.map((call) => ({
        functionResponse: { id: call.id, name: call.name, response: { output: weather.find(call.args) } },
      }));
      contents.push({ role: 'model', parts }, { role: 'user', parts: results });
    }
  },
  lists: async () => {
    const { totalTokens } = await models.countTokens({ model, contents: prompt });
    let isListed = false;
    for await (const listed of await models.list()) isListed ||= listed.name === `models/${model}`;
    return totalTokens > 0 && isListed ? 'counted and listed' : 'not';
  },
});
