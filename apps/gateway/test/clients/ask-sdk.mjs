// Runs one scenario with one SDK, from the folder the SDKs are installed in. Plain JavaScript: they are not there when
// the project is checked. Prints what it got as one line of JSON.
import { createRequire } from 'node:module';

const [cache, sdk, scenario, url, key, model, prompt] = process.argv.slice(2);
const load = createRequire(`${cache}/package.json`);
const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const call = '[[tool:get_weather {"city":"Bern"}]]';
const content = scenario === 'tool' ? call : prompt;

const anthropic = (name) => {
  const Anthropic = load(name).default ?? load(name);
  const client = new Anthropic({ apiKey: key, baseURL: `${url}/api`, maxRetries: 2 });
  const body = {
    model,
    max_tokens: 500,
    messages: [{ role: 'user', content }],
    ...(scenario === 'tool' ? { tools: [{ name: 'get_weather', input_schema: weather }] } : {}),
  };
  return {
    whole: async () => textOf(await client.messages.create(body)),
    stream: async () => textOf(await client.messages.stream(body).finalMessage()),
    other: async () => {
      const { input_tokens } = await client.messages.countTokens({ model, messages: body.messages });
      const models = await client.models.list();
      return `${input_tokens > 0 ? 'counted' : ''} ${models.data.length > 0 ? 'listed' : ''}`;
    },
  };
};
const textOf = ({ content: blocks }) =>
  blocks
    .map((block) => (block.type === 'tool_use' ? JSON.stringify(block.input) : (block.text ?? '')))
    .join('');

const openai = (name, api) => {
  const OpenAI = load(name).default ?? load(name);
  const client = new OpenAI({ apiKey: key, baseURL: `${url}/openai/v1`, maxRetries: 2 });
  const chat = {
    model,
    messages: [{ role: 'user', content }],
    ...(scenario === 'tool'
      ? { tools: [{ type: 'function', function: { name: 'get_weather', parameters: weather } }] }
      : {}),
  };
  const response = {
    model,
    input: content,
    ...(scenario === 'tool'
      ? { tools: [{ type: 'function', name: 'get_weather', parameters: weather, strict: false }] }
      : {}),
  };
  const ofChat = ({ choices: [{ message }] }) =>
    message.tool_calls?.[0]?.function.arguments ?? message.content ?? '';
  const ofResponse = ({ output, output_text }) =>
    output.find(({ type }) => type === 'function_call')?.arguments ?? output_text;
  const isChat = api === 'chat';
  return {
    whole: async () =>
      isChat
        ? ofChat(await client.chat.completions.create(chat))
        : ofResponse(await client.responses.create(response)),
    stream: async () =>
      isChat
        ? ofChat(await client.chat.completions.stream(chat).finalChatCompletion())
        : ofResponse(await client.responses.stream(response).finalResponse()),
    other: async () => ((await client.models.list()).data.length > 0 ? 'listed' : ''),
  };
};

const google = (name) => {
  const { GoogleGenAI } = load(name);
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${url}/gemini` } });
  const tools = [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: weather }] }];
  const body = { model, contents: content, ...(scenario === 'tool' ? { config: { tools } } : {}) };
  const of = (chunks) =>
    chunks
      .flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
      .map(({ functionCall, text, thought }) =>
        functionCall ? JSON.stringify(functionCall.args) : thought ? '' : (text ?? ''),
      )
      .join('');
  return {
    whole: async () => of([await client.models.generateContent(body)]),
    stream: async () => {
      const chunks = [];
      for await (const chunk of await client.models.generateContentStream(body)) chunks.push(chunk);
      return of(chunks);
    },
    other: async () => {
      const { totalTokens } = await client.models.countTokens({ model, contents: content });
      let models = 0;
      for await (const _ of await client.models.list()) models += 1;
      return `${totalTokens > 0 ? 'counted' : ''} ${models > 0 ? 'listed' : ''}`;
    },
  };
};

const vercel = async () => {
  const { generateText, streamText, tool, jsonSchema } = await import(load.resolve('ai'));
  const { createAnthropic } = await import(load.resolve('@ai-sdk/anthropic'));
  const provider = createAnthropic({ apiKey: key, baseURL: `${url}/api/v1` });
  const body = {
    model: provider(model),
    prompt: content,
    ...(scenario === 'tool' ? { tools: { get_weather: tool({ inputSchema: jsonSchema(weather) }) } } : {}),
  };
  const of = ({ text, toolCalls }) => (toolCalls[0] ? JSON.stringify(toolCalls[0].input) : text);
  return {
    whole: async () => of(await generateText(body)),
    stream: async () => {
      let failed = null;
      const result = streamText({ ...body, onError: ({ error }) => void (failed = error) });
      const answer = { text: await result.text, toolCalls: await result.toolCalls };
      // It ends a broken stream like a good one, and tells the error apart.
      if (failed !== null) throw new Error(String(failed));
      return of(answer);
    },
    other: async () => '',
  };
};

const agent = async () => {
  const { query } = await import(load.resolve('@anthropic-ai/claude-agent-sdk'));
  const ask = async () => {
    let result = '';
    const options = { model, permissionMode: 'bypassPermissions', allowDangerouslySkipPermissions: true };
    for await (const message of query({ prompt: content, options }))
      if (message.type === 'result') result = message.result ?? message.subtype;
    return result;
  };
  return { whole: ask, stream: ask, other: async () => '' };
};

const makers = {
  '@anthropic-ai/sdk 1': () => anthropic('@anthropic-ai/sdk'),
  '@anthropic-ai/sdk 0': () => anthropic('anthropic-sdk-0'),
  'openai 7 chat': () => openai('openai', 'chat'),
  'openai 6 chat': () => openai('openai6', 'chat'),
  'openai 7 responses': () => openai('openai', 'responses'),
  'openai 6 responses': () => openai('openai6', 'responses'),
  '@google/genai 3': () => google('@google/genai'),
  '@google/genai 1': () => google('genai1'),
  'ai + @ai-sdk/anthropic': vercel,
  'Claude Agent SDK': agent,
};

try {
  const client = await makers[sdk]();
  const form = scenario === 'other' ? 'other' : (process.env.FORM ?? 'whole');
  process.stdout.write(`${JSON.stringify({ text: await client[form]() })}\n`);
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ status: error.status ?? error.statusCode, error: error.message })}\n`,
  );
  process.exitCode = 1;
}
