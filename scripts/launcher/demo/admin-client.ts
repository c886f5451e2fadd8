// The few calls of the admin API that the demo needs to fill itself.
import { LaunchError } from '../progress.ts';

export class AdminClient {
  readonly #baseUrl: string;
  readonly #token: string;

  private constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  static async signIn(baseUrl: string, username: string, password: string): Promise<AdminClient> {
    const answer = await send('POST', `${baseUrl}/api/v2/auth/admin/login`, { username, password }, {});
    return new AdminClient(baseUrl, textField(answer, 'token'));
  }

  /** Its id. */
  async createAccount(kind: string, body: object): Promise<string> {
    return textField(await this.#post(`/api/v2/accounts/${kind}`, body), 'id');
  }

  /** Its id. */
  async createGroup(body: object): Promise<string> {
    return textField(await this.#post('/api/v2/account-groups', body), 'id');
  }

  async createKey(body: object): Promise<{ id: string; secret: string }> {
    const answer = await this.#post('/api/v2/keys', body);
    return { id: textField(member(answer, 'key'), 'id'), secret: textField(answer, 'secret') };
  }

  async changeKey(id: string, body: object): Promise<void> {
    await this.#send('PATCH', `/api/v2/keys/${id}`, body);
  }

  /** Since it was made. */
  async chargedUsd(keyId: string): Promise<number> {
    const usage = member(await this.#send('GET', `/api/v2/keys/${keyId}`), 'usage');
    return Number(member(member(usage, 'total'), 'chargedNanoUsd')) / 1e9;
  }

  async setPrices(body: object): Promise<void> {
    await this.#send('PUT', '/api/v2/pricing', body);
  }

  async setAnnouncement(announcement: string): Promise<void> {
    await this.#send('PATCH', '/api/v2/settings/general', { announcement });
  }

  /** Never rejects: nothing depends on it. */
  async lookAtRequests(fromMs: number): Promise<void> {
    const from = new Date(fromMs).toISOString();
    await this.#send('GET', `/api/v2/requests?pageSize=1&from=${from}`).catch(() => undefined);
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.#send('POST', path, body);
  }

  #send(method: string, path: string, body?: object): Promise<unknown> {
    return send(method, `${this.#baseUrl}${path}`, body, { authorization: `Bearer ${this.#token}` });
  }
}

async function send(
  method: string,
  url: string,
  body: object | undefined,
  headers: Record<string, string>,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new LaunchError(`The demo could not be filled: ${url} answered ${response.status} ${text}`);
  return JSON.parse(text);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : null;
}

function textField(value: unknown, name: string): string {
  const field = member(value, name);
  if (typeof field !== 'string')
    throw new LaunchError(`The demo could not be filled: no "${name}" in an answer.`);
  return field;
}
