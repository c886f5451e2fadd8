// For tests: sends what a kind has prepared, without the gateway around it.
import { request } from 'undici';
import type { Send } from '../src/providers/provider.ts';

export const sendDirectly: Send = async ({ origin, path, method, headers, body }) => {
  const answer = await request(origin + path, { method, headers, body });
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
};
