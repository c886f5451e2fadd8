// The list of vendors. A path that none claims is answered by the first.
import type { IncomingHttpHeaders } from 'node:http';
import { createAnthropic } from './anthropic/index.ts';
import { createCcr } from './ccr/index.ts';
import { createCodeAssist } from './code-assist/index.ts';
import { createCodex } from './codex/index.ts';
import { createGemini } from './gemini/index.ts';
import { createAzure } from './azure/index.ts';
import { createBedrock } from './bedrock/index.ts';
import { createClaudeLogin } from './oauth/claude.ts';
import { createGoogleLogin } from './oauth/google.ts';
import { createOpenAiLogin } from './oauth/openai.ts';
import { createOpenAi } from './openai/index.ts';
import type { Vendor, VendorSettings } from './vendor.ts';

export class VendorRegistry {
  readonly #settings: VendorSettings;
  readonly #vendors: readonly [Vendor, ...Vendor[]];

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    // Paths that several vendors could claim belong to the first of them.
    this.#vendors = [
      createAnthropic(settings),
      createClaudeLogin(settings),
      createGoogleLogin(settings),
      createOpenAiLogin(settings),
      createBedrock(settings),
      createAzure(settings),
      createCodex(settings),
      createCodeAssist(settings),
      createCcr(settings),
      createGemini(settings),
      createOpenAi(settings),
    ];
  }

  find(path: string, headers: IncomingHttpHeaders, query: string): Vendor {
    return this.#vendors.find((vendor) => vendor.serves(path, headers, query)) ?? this.#vendors[0];
  }

  reset(): void {
    this.#settings.tokens.clear();
    for (const vendor of this.#vendors) vendor.reset();
  }
}
