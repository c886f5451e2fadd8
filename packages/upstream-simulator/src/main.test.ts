import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { messagesBody, send } from '../test/client.ts';

function run(
  ...parameters: string[]
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  return spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'prints its address, answers, and ends with 0 on %s',
  async (signal) => {
    const child = run('--port', '0', '--key', 'sk-only');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const ask = async (key: string): Promise<number> =>
      (
        await send(url, {
          headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
          body: messagesBody('x'),
        })
      ).status;
    expect([await ask('sk-only'), await ask('sk-other')]).toEqual([200, 401]);
    const exit = once(child, 'exit');
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
  },
);

test('explains itself, and names the argument it cannot take', async () => {
  expect(await text(run('--help').stdout)).toContain('--port N');
  const wrong = run('--port', 'x');
  const exit = once(wrong, 'exit');
  expect(await text(wrong.stderr)).toContain('--port takes a whole number');
  expect(await exit).toEqual([1, null]);
});
