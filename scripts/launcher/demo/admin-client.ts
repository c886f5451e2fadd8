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
    const answer = await send(`${baseUrl}/api/v2/auth/admin/login`, { username, password }, {});
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

  /** The relay key's secret. */
  async createKey(body: object): Promise<string> {
    return textField(await this.#post('/api/v2/keys', body), 'secret');
  }

  #post(path: string, body: object): Promise<unknown> {
    return send(`${this.#baseUrl}${path}`, body, { authorization: `Bearer ${this.#token}` });
  }
}

async function send(url: string, body: object, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new LaunchError(`The demo could not be filled: ${url} answered ${response.status} ${text}`);
  return JSON.parse(text);
}

function textField(value: unknown, name: string): string {
  const field: unknown =
    typeof value === 'object' && value !== null && name in value
      ? (value as Record<string, unknown>)[name]
      : null;
  if (typeof field !== 'string')
    throw new LaunchError(`The demo could not be filled: no "${name}" in an answer.`);
  return field;
}
