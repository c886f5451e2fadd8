// `npm start -- --demo`: the simulator stands in for every vendor; accounts, keys and traffic fill every page.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BootstrapNotice } from '../gateway.ts';
import { duringStep, say } from '../progress.ts';
import { type Environment, type LaunchSettings, localUrl } from '../settings.ts';
import type { Stack } from '../stack.ts';
import { AdminClient } from './admin-client.ts';
import { sampleAccounts, sampleGroup, sampleKeys } from './samples.ts';
import { startSimulator } from './simulator.ts';
import { runTraffic, type TrafficKey } from './traffic.ts';

const SIMULATOR_STOP_GRACE_MS = 3000;

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
  #keys: TrafficKey[] = [];

  private constructor(gatewayUrl: string, simulatorUrl: string, endpointsFile: string) {
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
    say('Starting the upstream simulator');
    const simulator = await startSimulator(settings.root, settings.dataDir);
    stack.add('simulator', simulator, SIMULATOR_STOP_GRACE_MS, simulator.entry);
    const endpointsFile = join(settings.dataDir, 'upstream-endpoints.json');
    writeFileSync(endpointsFile, JSON.stringify(endpointsAt(simulator.url)));
    return new Demo(localUrl(settings), simulator.url, endpointsFile);
  }

  get relayKey(): string {
    return this.#keys[0]?.secret ?? '';
  }

  /** Makes the accounts and keys through the admin API, as an operator would. */
  async fill(): Promise<void> {
    await duringStep('Making sample accounts and keys', this.#fill());
  }

  async #fill(): Promise<void> {
    const client = await AdminClient.signIn(this.#gatewayUrl, this.adminUsername, this.adminPassword);
    const groupId = await client.createGroup(sampleGroup);
    for (const { kind, body, isInGroup } of sampleAccounts(this.#simulatorUrl)) {
      await client.createAccount(kind, { ...body, groupIds: isInGroup ? [groupId] : [] });
    }
    for (const { body, traffic } of sampleKeys(groupId)) {
      this.#keys.push({ secret: await client.createKey(body), ...traffic });
    }
  }

  keepTraffic(signal: AbortSignal): void {
    void runTraffic(this.#gatewayUrl, this.#keys, signal);
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
