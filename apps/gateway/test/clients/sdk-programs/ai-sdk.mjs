// `ai` with `@ai-sdk/anthropic`.
import { load, order, tell, weather } from './program.mjs';

const { url, key, model, prompt } = order;
const { generateText, jsonSchema, isStepCount, stepCountIs, streamText, tool } = load('ai');
const { createAnthropic } = load('@ai-sdk/anthropic');
const provider = createAnthropic({ baseURL: `${url}/api/v1`, apiKey: key });
const { description, schema, find } = weather;
const tools = {
  [weather.name]: tool({ description, inputSchema: jsonSchema(schema), execute: (input) => find(input) }),
};

await tell({
  ask: async ({ isStream, hasTool }) => {
    const body = {
      model: provider(model),
      prompt,
      ...(hasTool ? { tools, stopWhen: (isStepCount ?? stepCountIs)(2) } : {}),
    };
    if (!isStream) return (await generateText(body)).text;
    const failures = [];
    const result = streamText({ ...body, onError: ({ error }) => failures.push(error) });
    const text = await result.text;
    // It ends a stream that broke like one that did not.
    if (failures.length > 0) throw failures[0];
    return text;
  },
});
