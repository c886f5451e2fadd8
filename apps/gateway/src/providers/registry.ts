// Owns the list of upstream kinds. A kind is a folder and a line here.
import type { Clock } from '../platform/clock.ts';
import { createAzureOpenAi } from './azure-openai/index.ts';
import { createBedrock } from './bedrock/index.ts';
import { createCcr } from './ccr/index.ts';
import { createClaude } from './claude/index.ts';
import { createClaudeConsole } from './claude-console/index.ts';
import { createCodex } from './codex/index.ts';
import { createGemini } from './gemini/index.ts';
import { createGeminiApi } from './gemini-api/index.ts';
import { createOpenAi } from './openai/index.ts';
import { createOpenAiResponses } from './openai-responses/index.ts';
import type { AnyProvider } from './provider.ts';

/** What kinds need of the gateway's configuration. */
export interface ProviderConfig {
  readonly endpoints: ProviderEndpoints;
  readonly oauthClients: OAuthClients;
  /** Where the gateway itself listens: no account's upstream. */
  readonly bindHost: string;
  readonly port: number;
  /** Signatures and logins carry the time. */
  readonly clock: Clock;
}

/** The vendors' addresses; the operator's configuration lays its own over the built-in ones. None ends with a slash. */
interface ProviderEndpoints {
  readonly claude: LoginEndpoints & { readonly api: string };
  readonly gemini: LoginEndpoints & { readonly api: string; readonly codeAssist: string };
  readonly openai: { readonly api: string };
  readonly codex: LoginEndpoints & { readonly api: string };
  /** `{region}` stands for the account's. */
  readonly bedrock: { readonly runtime: string };
}

interface LoginEndpoints {
  readonly authorize: string;
  readonly token: string;
}

/** The applications in whose name logins are asked for. */
interface OAuthClients {
  readonly claude: { readonly id: string };
  readonly codex: { readonly id: string };
  /** `secret` null: none is sent. */
  readonly gemini: { readonly id: string; readonly secret: string | null };
}

export function createProviders(config: ProviderConfig): ReadonlyMap<string, AnyProvider> {
  const { endpoints, oauthClients, clock } = config;
  const nowMs = (): number => clock.now();
  const providers: readonly AnyProvider[] = [
    createClaude(endpoints.claude.api, {
      authorizeUrl: endpoints.claude.authorize,
      tokenUrl: endpoints.claude.token,
      clientId: oauthClients.claude.id,
      nowMs,
    }),
    createClaudeConsole(endpoints.claude.api),
    createCcr(config),
    createBedrock(endpoints.bedrock.runtime, nowMs),
    createGemini(endpoints.gemini.codeAssist, {
      authorizeUrl: endpoints.gemini.authorize,
      tokenUrl: endpoints.gemini.token,
      clientId: oauthClients.gemini.id,
      clientSecret: oauthClients.gemini.secret,
      nowMs,
    }),
    createGeminiApi(endpoints.gemini.api),
    createOpenAi(endpoints.openai.api, nowMs),
    createOpenAiResponses(endpoints.openai.api, nowMs),
    createAzureOpenAi(nowMs),
    createCodex(endpoints.codex.api, {
      authorizeUrl: endpoints.codex.authorize,
      tokenUrl: endpoints.codex.token,
      clientId: oauthClients.codex.id,
      nowMs,
    }),
  ];
  return new Map(providers.map((provider) => [provider.kind, provider]));
}
