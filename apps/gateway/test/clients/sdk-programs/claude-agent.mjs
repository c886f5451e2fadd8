// `@anthropic-ai/claude-agent-sdk`.
import { load, order, tell } from './program.mjs';

const { model, prompt } = order;
const { query } = load('@anthropic-ai/claude-agent-sdk');
const options = { model, permissionMode: 'bypassPermissions', allowDangerouslySkipPermissions: true };

await tell({
  ask: async () => {
    let last = null;
    for await (const message of query({ prompt, options })) if (message.type === 'result') last = message;
    if (last === null || last.is_error) throw new Error(last?.result ?? 'no result');
    return last.result;
  },
});
