// `npm start -- --demo`: the simulator stands in for every vendor; accounts, keys, two months of made-up history and traffic
// fill every page.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BootstrapNotice } from '../gateway.ts';
import { duringStep, LaunchError, say } from '../progress.ts';
import { runCommand } from '../processes.ts';
import { type Environment, type LaunchSettings, localUrl } from '../settings.ts';
import type { Stack } from '../stack.ts';
import { AdminClient } from './admin-client.ts';
import { type SampleKey, sampleKeys } from './sample-keys.ts';
import { RESTING_API_KEY, sampleAccounts, type SampleGroup, sampleGroups, samplePrices } from './samples.ts';
import { startSimulator } from './simulator.ts';
import { runTraffic, type TrafficKey } from './traffic.ts';

const SIMULATOR_STOP_GRACE_MS = 3000;
const DAY_MS = 86_400_000;
const LIST_DAYS = 30;
const BUDGET_STEP_USD = 0.5;
const ANNOUNCEMENT =
  'Demo: accounts, keys and figures are made up and thrown away at the end. 演示：账号、密钥和数据均为虚构，结束后即清除。';

export interface DemoLogin extends BootstrapNotice {
  /** A key to try with one's own client. */
  relayKey: string;
}

export class Demo implements DemoLogin {
  readonly adminUsername = 'admin';
  readonly adminPassword = `demo-${randomBytes(6).toString('hex')}`;
  readonly environment: Environment;
  readonly #gatewayUrl: string;
  readonly #simulatorUrl: string;
  readonly #root: string;
  #keys: TrafficKey[] = [];

  private constructor(root: string, gatewayUrl: string, simulatorUrl: string, endpointsFile: string) {
    this.#root = root;
    this.#gatewayUrl = gatewayUrl;
    this.#simulatorUrl = simulatorUrl;
    this.environment = {
      ADMIN_USERNAME: this.adminUsername,
      ADMIN_PASSWORD: this.adminPassword,
      ALLOW_PRIVATE_UPSTREAMS: 'true',
      UPSTREAM_ENDPOINTS: endpointsFile,
      // Any: so that signing in at the simulated Google can be tried as well.
      GEMINI_OAUTH_CLIENT_SECRET: 'demo-client-secret',
    };
  }

  /** Starts the simulator and points every vendor's address at it. */
  static async prepare(settings: LaunchSettings, stack: Stack): Promise<Demo> {
    say('This is a demo: its accounts, keys and figures are made up, and thrown away at the end');
    say('Starting the upstream simulator');
    const simulator = await startSimulator(settings.root, settings.dataDir);
    stack.add('simulator', simulator, SIMULATOR_STOP_GRACE_MS, simulator.entry);
    const endpointsFile = join(settings.dataDir, 'upstream-endpoints.json');
    writeFileSync(endpointsFile, JSON.stringify(endpointsAt(simulator.url)));
    return new Demo(settings.root, localUrl(settings), simulator.url, endpointsFile);
  }

  get relayKey(): string {
    return this.#keys[0]?.secret ?? '';
  }

  /**
   * Makes the accounts and keys through the admin API, as an operator would, and the past of their use beside it.
   * `gatewayEnvironment`: what the gateway was started with.
   */
  async fill(gatewayEnvironment: Environment, signal: AbortSignal): Promise<void> {
    const client = await AdminClient.signIn(this.#gatewayUrl, this.adminUsername, this.adminPassword);
    const nowMs = Date.now();
    const keys = sampleKeys(nowMs);
    const ids = await duringStep('Making sample accounts and keys', this.#fill(client, keys, nowMs));
    await duringStep('Making two months of sample history', this.#makeHistory(gatewayEnvironment, signal));
    if (signal.aborted) return;
    await setBudgets(client, keys, ids);
    // What the list of requests makes at the first look is there before somebody looks.
    void client.lookAtRequests(nowMs - LIST_DAYS * DAY_MS);
  }

  /** Ids of the keys. */
  async #fill(client: AdminClient, keys: readonly SampleKey[], nowMs: number): Promise<string[]> {
    const groupIds = {} as Record<SampleGroup, string>;
    for (const [name, body] of Object.entries(sampleGroups))
      groupIds[name as SampleGroup] = await client.createGroup(body);
    for (const { kind, body, group } of sampleAccounts(this.#simulatorUrl)) {
      await client.createAccount(kind, { ...body, groupIds: group === null ? [] : [groupIds[group]] });
    }
    const ids: string[] = [];
    for (const { name, body, group, traffic } of keys) {
      const binds = group === undefined ? [] : [{ groupId: groupIds[group] }];
      const { id, secret } = await client.createKey({ name, binds, bindFallback: true, ...body });
      ids.push(id);
      this.#keys.push({ secret, traffic });
    }
    await client.setPrices(samplePrices(nowMs));
    await client.setAnnouncement(ANNOUNCEMENT);
    await this.#exhaust(RESTING_API_KEY);
    return ids;
  }

  /** The simulated vendor has no quota left for this key. */
  async #exhaust(apiKey: string): Promise<void> {
    await fetch(`${this.#simulatorUrl}/_simulator/faults`, {
      method: 'POST',
      body: JSON.stringify({
        match: { apiKey },
        status: 429,
        retryAfter: 5400,
        message: 'This account has used its quota',
      }),
    });
  }

  async #makeHistory(env: Environment, signal: AbortSignal): Promise<void> {
    const program = join(this.#root, 'scripts/launcher/demo/history/run.ts');
    const { code, output } = await runCommand(process.execPath, ['--conditions=development', program], {
      cwd: env['DATA_DIR'] ?? this.#root,
      env,
      signal,
    });
    if (code !== 0 && !signal.aborted)
      throw new LaunchError(`The demo’s history could not be made:\n${output.trim()}`);
  }

  keepTraffic(signal: AbortSignal): void {
    void runTraffic(this.#gatewayUrl, this.#keys, signal);
  }
}

/** Budgets of which a good part is used when the demo begins. */
async function setBudgets(
  client: AdminClient,
  keys: readonly SampleKey[],
  ids: readonly string[],
): Promise<void> {
  for (const [index, { usedShare }] of keys.entries()) {
    const id = ids[index];
    if (usedShare === undefined || id === undefined) continue;
    const usd = Math.ceil((await client.chargedUsd(id)) / usedShare / BUDGET_STEP_USD) * BUDGET_STEP_USD;
    await client.changeKey(id, { budgets: [{ every: 'total', usd }] });
  }
}

/** The simulator has every vendor's paths at one address. */
function endpointsAt(url: string): object {
  return {
    claude: { api: url, authorize: `${url}/cai/oauth/authorize`, token: `${url}/v1/oauth/token` },
    gemini: { api: url, codeAssist: url, authorize: `${url}/o/oauth2/v2/auth`, token: `${url}/token` },
    openai: { api: url },
    codex: {
      api: `${url}/backend-api/codex`,
      authorize: `${url}/oauth/authorize`,
      token: `${url}/oauth/token`,
    },
    bedrock: { runtime: url },
    notify: { telegram: url },
  };
}
