// Owns the calls by which a test prepares what it does not want to click together. They use the page's session.
import type { Page } from '@playwright/test';
import { stack } from './stack.ts';

/** POST to the admin API; answers the parsed body. */
async function create(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const { baseUrl } = stack();
  const response = await page.request.post(`${baseUrl}/api/v2${path}`, {
    data: body,
    headers: { origin: baseUrl },
  });
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** An account of the simulator; `faults` as its address takes them, e.g. `status=529`; `model` is all that it serves. */
export async function createAccount(
  page: Page,
  name: string,
  options: { faults?: string; priority?: number; model?: string } = {},
): Promise<void> {
  const { faults, priority = 50, model } = options;
  const prefix = faults === undefined ? `/as/${encodeURIComponent(name)}` : `/faults/${faults}`;
  await create(page, '/accounts/claude-console', {
    name,
    priority,
    models: { allow: model === undefined ? [] : [model] },
    settings: { baseUrl: stack().simulatorUrl + prefix },
    credential: { apiKey: `sk-ant-api03-${name.replaceAll(/\W/g, '-')}` },
  });
}

export async function createGroup(page: Page, name: string): Promise<void> {
  await create(page, '/account-groups', { name });
}

/** A key and its secret. */
export async function createKey(page: Page, name: string, fields: object = {}): Promise<string> {
  const { secret } = await create(page, '/keys', { name, ...fields });
  return String(secret);
}

/** A key whose bodies are kept. */
export async function createCapturingKey(page: Page, name: string): Promise<{ id: string; secret: string }> {
  const { key, secret } = await create(page, '/keys', { name, capture: { request: true, response: true } });
  return { id: String((key as { id: unknown }).id), secret: String(secret) };
}

/** A price of a model for everything, as of long ago. */
export async function setPastPrice(page: Page, model: string, usdPerMTok: number): Promise<void> {
  const { baseUrl } = stack();
  const path = `${baseUrl}/api/v2/pricing`;
  const { overrides, version } = (await (await page.request.get(path)).json()) as {
    overrides: object[];
    version: number;
  };
  const price = {
    model,
    provider: 'anthropic',
    from: '2020-01-01T00:00:00Z',
    usdPerMTok: { input: usdPerMTok, output: usdPerMTok },
  };
  const response = await page.request.put(path, {
    data: { version, overrides: [...overrides, price] },
    headers: { origin: baseUrl },
  });
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`);
}

/** One request of a client; answers the status. */
export async function relay(secret: string, prompt: string, model = 'claude-haiku-5-5'): Promise<number> {
  const response = await fetch(`${stack().baseUrl}/api/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': secret, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 100, messages: [{ role: 'user', content: prompt }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** An account of a vendor that the simulator stands in for. */
export async function createVendorAccount(
  page: Page,
  kind: 'openai' | 'gemini-api',
  name: string,
): Promise<void> {
  await create(page, `/accounts/${kind}`, {
    name,
    settings: {},
    credential: { apiKey: `sk-${name.replaceAll(/\W/g, '-')}` },
  });
}
