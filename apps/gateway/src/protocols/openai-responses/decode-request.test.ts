import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalBlock, CanonicalRequest } from '../canonical.ts';
import { ConversionNotes, NotConvertible } from '../codec.ts';
import { openAiFacts, openAiRequests } from '../../../test/openai-fixtures.ts';
import { decodeRequest } from './decode-request.ts';
import { openaiResponses } from './index.ts';

interface Decoded {
  readonly request: CanonicalRequest;
  readonly notes: string | null;
}

function decoded(body: JsonObject): Decoded {
  const whole = { model: 'gpt-5.5', input: 'Hi', ...body };
  const notes = new ConversionNotes();
  const request = decodeRequest(whole, openAiFacts(openaiResponses, whole), notes);
  return { request, notes: notes.header };
}

function messagesOf(...input: JsonObject[]): CanonicalRequest['messages'] {
  return decoded({ input }).request.messages;
}

function blocksOf(...input: JsonObject[]): readonly CanonicalBlock[] {
  return messagesOf(...input).flatMap(({ content }) => content);
}

function refusalOf(body: JsonObject): { readonly path: string; readonly message: string } | null {
  try {
    decoded(body);
    return null;
  } catch (error) {
    if (error instanceof NotConvertible) return { path: error.path, message: error.message };
    throw error;
  }
}

const user = (content: JsonObject['content']): JsonObject => ({ type: 'message', role: 'user', content });

test.each(openAiRequests('openai-responses').filter(({ name }) => name.startsWith('codex')))(
  '$name: its instructions, its turn, its tools; what becomes of its search is noted',
  ({ body }) => {
    const { request, notes } = decoded(body);
    // In its read-only sandbox Codex wants nothing of the live web.
    const searches = JSON.stringify(body['tools']).includes('"external_web_access":true');
    expect(notes).toBe(`dropped=tools.web_search${searches ? '.search_content_types' : ''}`);
    expect(request).toMatchObject({
      model: 'gpt-5.5',
      stream: true,
      parallelToolCalls: true,
      toolChoice: { type: 'auto' },
      thinking: { effort: 'medium', display: 'omitted' },
      extras: { verbosity: 'low' },
      cacheKey: '00000000-0000-7000-8000-000000000001',
      maxOutputTokens: null,
    });
    expect(request.system[0]?.text).toMatch(/^You are Codex/);
    expect(request.messages[0]?.role).toBe('user');
    expect(request.tools.map((tool) => (tool.type === 'function' ? tool.name : tool.type))).toEqual([
      'exec_command',
      'write_stdin',
      'request_user_input',
      'apply_patch',
      'view_image',
      'get_goal',
      'create_goal',
      'update_goal',
      'tool_search',
      ...(searches ? ['web_search'] : []),
    ]);
    const patch = request.tools.find((tool) => tool.type === 'function' && tool.name === 'apply_patch');
    expect(patch).toMatchObject({
      description: expect.stringContaining('lark grammar:\nstart: begin_patch') as string,
      inputSchema: { required: ['input'] },
    });
  },
);

test('Codex’s tool turn: the call and what came of it stay paired', () => {
  const turn = openAiRequests('openai-responses').find(({ name }) => name.endsWith('tool-turn'));
  const { messages } = decoded(turn?.body ?? {}).request;
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(messages[1]?.content).toEqual([
    {
      type: 'tool_call',
      id: 'call_s1Tj2wAQMEcWx82izMexZyPw',
      name: 'exec_command',
      input: { cmd: 'echo relay_probe_$((40+2))' },
    },
  ]);
  expect(messages[2]?.content).toMatchObject([
    { type: 'tool_result', callId: 'call_s1Tj2wAQMEcWx82izMexZyPw', isError: false },
  ]);
});

test('the fields: each has its place', () => {
  const { request, notes } = decoded({
    instructions: 'Be brief.',
    max_output_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    stream: false,
    store: false,
    background: false,
    truncation: 'disabled',
    metadata: { a: 'b' },
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'none', summary: 'detailed' },
    text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
    service_tier: 'default',
    safety_identifier: 'u1',
    parallel_tool_calls: false,
  });
  expect(notes).toBeNull();
  expect(request).toMatchObject({
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.9,
    stream: false,
    thinking: { effort: 'off', display: 'detailed' },
    format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
    serviceTier: 'standard',
    endUserId: 'u1',
    parallelToolCalls: false,
  });
});

test.each<[body: JsonObject, notes: string | null]>([
  [{ store: true }, 'dropped=store'],
  [{ truncation: 'auto', top_logprobs: 2 }, 'dropped=truncation,top_logprobs'],
  [{ truncation: null, top_logprobs: 0, prompt: null, conversation: null }, null],
  [{ brand_new: 1 }, 'dropped=brand_new'],
  [{ service_tier: 'scale' }, 'dropped=service_tier'],
  [{ reasoning: { effort: 'boundless', mode: 'x' } }, 'dropped=reasoning.mode,reasoning.effort'],
  [{ tools: [{ type: 'file_search' }, { type: 'mcp' }] }, 'dropped=tools.file_search,tools.mcp'],
  [{ tools: [{ type: 'web_search', external_web_access: false }] }, 'dropped=tools.web_search'],
  [{ input: [{ type: 'web_search_call', id: 'ws_1' }, user('a')] }, 'dropped=input.web_search_call'],
  [{ input: [{ type: 'configuration_update', reasoning: {} }] }, 'dropped=input.configuration_update'],
])('%j is answered with the note %s', (body, notes) => {
  expect(decoded(body).notes).toBe(notes);
});

test.each<[path: string, body: JsonObject]>([
  ['previous_response_id', { previous_response_id: 'resp_1' }],
  ['conversation', { conversation: 'conv_1' }],
  ['prompt', { prompt: { id: 'pmpt_1' } }],
  ['background', { background: true }],
  ['input.0', { input: ['x'] }],
  ['input.1.type', { input: [user('a'), { type: 'item_reference', id: 'msg_1' }] }],
  ['input.0.type', { input: [{ type: 'compaction', encrypted_content: 'x' }] }],
  ['input.0.type', { input: [{ type: 'computer_call', call_id: 'a' }] }],
  ['input.0.role', { input: [{ role: 'tool', content: 'x' }] }],
  ['input.0.content.1.type', { input: [user([{ type: 'input_text', text: 'a' }, { type: 'input_video' }])] }],
  ['input.0.content.0.image_url', { input: [user([{ type: 'input_image', file_id: 'file_1' }])] }],
  ['input.0.content.0.file_id', { input: [user([{ type: 'input_file', file_id: 'file_1' }])] }],
  [
    'input.0.content.0.input_audio',
    { input: [user([{ type: 'input_audio', input_audio: { data: 'A', format: 'ogg' } }])] },
  ],
  [
    'input.0.output.0.image_url',
    { input: [{ type: 'function_call_output', call_id: 'a', output: [{ type: 'input_image' }] }] },
  ],
  ['text.format', { text: { format: { type: 'grammar' } } }],
  ['text.format', { text: { format: { type: 'json_schema' } } }],
  ['tool_choice', { tool_choice: { type: 'function', name: 'f' } }],
  ['tool_choice', { tool_choice: { type: 'mcp', server_label: 's' }, tools: [{ type: 'mcp' }] }],
  ['tool_choice', { tool_choice: 'whatever' }],
])('refuses and names %s of %j', (path, body) => {
  const refusal = refusalOf(body);
  expect(refusal?.path).toBe(path);
  expect(refusal?.message).not.toBe('');
});

test('leading instructions are the system’s, later ones stay where they are', () => {
  const { request } = decoded({
    instructions: 'One',
    input: [
      { role: 'developer', content: 'Two' },
      { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Three' }] },
      user('Hi'),
      { role: 'developer', content: 'Four' },
      user([{ type: 'input_text', text: '' }]),
    ],
  });
  expect(request.system.map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
  expect(request.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'system', content: [{ type: 'text', text: 'Four' }] },
  ]);
});

test('what one side said in a row is one turn, results with the words after them', () => {
  const messages = messagesOf(
    user('Hi'),
    { role: 'assistant', content: [{ type: 'output_text', text: 'Let me see.' }] },
    { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' },
    { type: 'function_call', call_id: 'b', name: 'f', arguments: '{"x":' },
    { type: 'function_call_output', call_id: 'a', output: 'A' },
    {
      type: 'function_call_output',
      call_id: 'b',
      output: [
        { type: 'input_text', text: 'B' },
        { type: 'input_image', image_url: 'data:image/png;base64,QUJD' },
      ],
    },
    user('And?'),
  );
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(messages[1]?.content).toMatchObject([
    { type: 'text', text: 'Let me see.' },
    { id: 'a', input: { x: 1 } },
    { id: 'b', input: { _raw: '{"x":' } },
  ]);
  expect(messages[2]?.content).toMatchObject([
    { callId: 'a', content: [{ type: 'text', text: 'A' }] },
    { callId: 'b', content: [{ type: 'text', text: 'B' }, { type: 'image' }] },
    { type: 'text', text: 'And?' },
  ]);
});

test.each<[name: string, call: JsonObject, output: JsonObject, toolName: string, input: JsonObject]>([
  [
    'a custom tool',
    { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: '*** Begin Patch' },
    { type: 'custom_tool_call_output', call_id: 'c', output: 'R' },
    'apply_patch',
    { input: '*** Begin Patch' },
  ],
  [
    'a search for tools',
    { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'mail' } },
    {
      type: 'tool_search_output',
      call_id: 'c',
      tools: [{ type: 'namespace', name: 'R', tools: [{ type: 'function', name: 'send' }] }],
    },
    'tool_search',
    { query: 'mail' },
  ],
  [
    'a local shell, which results name by the item',
    {
      type: 'local_shell_call',
      id: 'lsh_1',
      call_id: 'c',
      action: { type: 'exec', command: ['ls'], user: null },
    },
    { type: 'local_shell_call_output', id: 'lsh_1', output: 'R' },
    'local_shell',
    { command: ['ls'] },
  ],
  [
    'a shell',
    { type: 'shell_call', call_id: 'c', action: { commands: ['ls'], timeout_ms: null } },
    { type: 'shell_call_output', call_id: 'c', output: [{ stdout: 'R', outcome: { type: 'exit' } }] },
    'shell',
    { commands: ['ls'] },
  ],
  [
    'a patch',
    { type: 'apply_patch_call', call_id: 'c', operation: { type: 'delete_file', path: 'a' } },
    { type: 'apply_patch_call_output', call_id: 'c', status: 'failed', output: 'R' },
    'apply_patch',
    { type: 'delete_file', path: 'a' },
  ],
  [
    'a function in a namespace',
    { type: 'function_call', call_id: 'c', namespace: 'mail', name: 'send', arguments: '' },
    { type: 'function_call_output', call_id: 'c', output: 'R' },
    'mail__send',
    {},
  ],
])('%s: its calls are calls, and have their results', (_name, call, output, name, input) => {
  const [told, result] = blocksOf(call, output);
  expect(told).toEqual({ type: 'tool_call', id: 'c', name, input });
  expect(result).toMatchObject({ type: 'tool_result', callId: 'c', isError: output['status'] === 'failed' });
  expect(JSON.stringify(result)).toContain('R');
});

test('thoughts keep whose they are', () => {
  const thought = (summary: string[], encrypted: string | null): JsonObject => ({
    type: 'reasoning',
    id: 'rs_1',
    summary: summary.map((text) => ({ type: 'summary_text', text })),
    encrypted_content: encrypted,
  });
  expect(
    blocksOf(
      thought(['One', 'Two'], 'gAAAA'),
      thought(['Hm'], 'crs.anthropic.sig'),
      thought([], 'gAAAB'),
      thought([], 'crs.anthropic.data'),
      thought(['Plain'], null),
      thought([], null),
      { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Raw' }] },
    ),
  ).toEqual([
    { type: 'thinking', text: 'One\n\nTwo', signature: { vendor: 'openai', value: 'gAAAA' } },
    { type: 'thinking', text: 'Hm', signature: { vendor: 'anthropic', value: 'sig' } },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'gAAAB' } },
    { type: 'hidden_thinking', signature: { vendor: 'anthropic', value: 'data' } },
    { type: 'thinking', text: 'Plain', signature: null },
    { type: 'thinking', text: 'Raw', signature: null },
  ]);
});

test('Google’s signature is the next call’s, and nobody’s where none follows', () => {
  const signature = { type: 'reasoning', summary: [], encrypted_content: 'crs.gemini.sig' };
  const call = (id: string): JsonObject => ({
    type: 'function_call',
    call_id: id,
    name: 'f',
    arguments: '{}',
  });
  const signed = (...items: JsonObject[]): unknown =>
    blocksOf(...items).flatMap((block) => (block.type === 'tool_call' ? [[block.id, block.signature]] : []));
  expect(signed(signature, call('a'), call('b'))).toEqual([
    ['a', { vendor: 'gemini', value: 'sig' }],
    ['b', undefined],
  ]);
  expect(signed(signature, { role: 'assistant', content: 'No call.' }, user('Go'), call('a'))).toEqual([
    ['a', undefined],
  ]);
});

test('pictures, sound and documents come with their type', () => {
  expect(
    blocksOf(
      user([
        { type: 'input_image', image_url: 'data:image/PNG;base64,QUJD', detail: 'high' },
        { type: 'input_image', image_url: 'https://a.example/b.png' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' },
        { type: 'input_file', file_url: 'https://a.example/b.pdf' },
        { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
        { type: 'refusal', refusal: 'No.' },
      ]),
    ),
  ).toEqual([
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'QUJD' }, detail: 'high' },
    { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
    {
      type: 'document',
      source: { type: 'base64', mediaType: 'application/pdf', data: 'QUJD' },
      title: 'a.pdf',
    },
    { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' }, title: null },
    { type: 'audio', mediaType: 'audio/mpeg', data: 'QUJD' },
    { type: 'text', text: 'No.' },
  ]);
});

const fn = (name: string): JsonObject => ({ type: 'function', name, parameters: { type: 'object' } });

function toolNames(body: JsonObject): string[] {
  return decoded(body).request.tools.map((tool) => (tool.type === 'function' ? tool.name : tool.type));
}

test('tools: those the client runs itself are functions, under one name each', () => {
  const tools = [
    { ...fn('f'), strict: true, description: 'F' },
    { type: 'namespace', name: 'mail', tools: [fn('send'), { type: 'custom', name: 'draft' }] },
    { type: 'local_shell' },
    { type: 'shell' },
    { type: 'apply_patch' },
    fn('f'),
  ];
  expect(toolNames({ tools })).toEqual([
    'f',
    'mail__send',
    'mail__draft',
    'local_shell',
    'shell',
    'apply_patch',
  ]);
  const described = decoded({ tools }).request.tools;
  expect(described[0]).toEqual({
    type: 'function',
    name: 'f',
    description: 'F',
    inputSchema: { type: 'object' },
    strict: true,
  });
  for (const tool of described.slice(3)) expect(tool).toMatchObject({ inputSchema: { type: 'object' } });
});

test('tools that the conversation brought are offered as well', () => {
  const found = { type: 'tool_search_output', call_id: 'a', tools: [fn('found')] };
  const more = { type: 'additional_tools', role: 'developer', tools: [fn('more'), fn('f')] };
  expect(toolNames({ tools: [fn('f')], input: [found, more] })).toEqual(['f', 'found', 'more']);
  const all = { ...more, tools: [{ type: 'web_search' }, { type: 'file_search' }] };
  expect(decoded({ input: [all] })).toMatchObject({
    request: { tools: [{ type: 'web_search' }] },
    notes: 'dropped=tools.file_search',
  });
});

test.each<[choice: JsonObject['x'], expected: unknown, notes: string | null]>([
  [null, null, null],
  ['auto', { type: 'auto' }, null],
  ['required', { type: 'any' }, null],
  ['none', { type: 'none' }, null],
  [{ type: 'function', name: 'f' }, { type: 'tool', name: 'f' }, null],
  [{ type: 'custom', name: 'c' }, { type: 'tool', name: 'c' }, null],
  [{ type: 'function', namespace: 'mail', name: 'send' }, { type: 'tool', name: 'mail__send' }, null],
  [{ type: 'shell' }, { type: 'tool', name: 'shell' }, null],
  [{ type: 'web_search' }, { type: 'auto' }, 'downgraded=tool_choice'],
])('the choice %j is %j', (choice, expected, notes) => {
  const tools = [
    fn('f'),
    { type: 'custom', name: 'c' },
    { type: 'shell' },
    { type: 'namespace', name: 'mail', tools: [fn('send')] },
    { type: 'web_search' },
  ];
  const result = decoded({ tools, tool_choice: choice });
  expect(result.request.toolChoice).toEqual(expected);
  expect(result.notes).toBe(notes);
});

test('of the tools only those that are allowed are offered; a search has its bound', () => {
  const tools = [fn('f'), fn('g'), { type: 'web_search' }];
  const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] };
  const { request } = decoded({ tools, tool_choice: choice });
  expect(request.tools.map((tool) => tool.type === 'function' && tool.name)).toEqual(['g']);
  expect(request.toolChoice).toEqual({ type: 'any' });
  expect(decoded({ tools: [{ type: 'web_search' }], max_tool_calls: 3 }).request.tools).toEqual([
    { type: 'web_search', maxUses: 3 },
  ]);
});
