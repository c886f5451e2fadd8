// Owns the addresses of the vendors, and the file that stands others in for them (a simulator, a regional mirror).
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const address = z
  .url({ protocol: /^https?$/, error: 'expected an http(s) address' })
  .transform((text) => text.replace(/\/+$/, ''));

const endpointsSchema = z.strictObject({
  claude: z.strictObject({ api: address, authorize: address, token: address }),
  gemini: z.strictObject({ api: address, codeAssist: address, authorize: address, token: address }),
  openai: z.strictObject({ api: address }),
  codex: z.strictObject({ api: address, authorize: address, token: address }),
  /** `{region}` is replaced by the account's. */
  bedrock: z.strictObject({ runtime: z.string().regex(/^https?:\/\/\S+$/, 'expected an http(s) address') }),
  notify: z.strictObject({ telegram: address }),
});
/** No address ends with a slash. */
export type Endpoints = z.output<typeof endpointsSchema>;

const builtInEndpoints: Endpoints = {
  claude: {
    api: 'https://api.anthropic.com',
    authorize: 'https://claude.com/cai/oauth/authorize',
    token: 'https://platform.claude.com/v1/oauth/token',
  },
  gemini: {
    api: 'https://generativelanguage.googleapis.com',
    codeAssist: 'https://cloudcode-pa.googleapis.com',
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
  },
  openai: { api: 'https://api.openai.com' },
  codex: {
    api: 'https://chatgpt.com/backend-api/codex',
    authorize: 'https://auth.openai.com/oauth/authorize',
    token: 'https://auth.openai.com/oauth/token',
  },
  bedrock: { runtime: 'https://bedrock-runtime.{region}.amazonaws.com' },
  notify: { telegram: 'https://api.telegram.org' },
};

const overlaySchema = z.strictObject({
  claude: endpointsSchema.shape.claude.partial().optional(),
  gemini: endpointsSchema.shape.gemini.partial().optional(),
  openai: endpointsSchema.shape.openai.partial().optional(),
  codex: endpointsSchema.shape.codex.partial().optional(),
  bedrock: endpointsSchema.shape.bedrock.partial().optional(),
  notify: endpointsSchema.shape.notify.partial().optional(),
});

export type EndpointsResult =
  | { readonly endpoints: Endpoints; readonly problems: readonly [] }
  | { readonly endpoints: null; readonly problems: readonly string[] };

/** The built-in addresses with those of the file laid over; `path` null leaves them as they are. */
export function readEndpoints(path: string | null): EndpointsResult {
  if (path === null) return { endpoints: builtInEndpoints, problems: [] };
  const named = `UPSTREAM_ENDPOINTS is "${path}"`;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? `not JSON (${error.message})` : 'the file cannot be read';
    return { endpoints: null, problems: [`${named}: ${reason}`] };
  }
  const parsed = overlaySchema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path: at, message }) => `${named}: ${at.length > 0 ? `${at.join('.')}: ` : ''}${message}`,
    );
    return { endpoints: null, problems };
  }
  const [own, over] = [builtInEndpoints, parsed.data];
  const endpoints = endpointsSchema.parse({
    claude: { ...own.claude, ...over.claude },
    gemini: { ...own.gemini, ...over.gemini },
    openai: { ...own.openai, ...over.openai },
    codex: { ...own.codex, ...over.codex },
    bedrock: { ...own.bedrock, ...over.bedrock },
    notify: { ...own.notify, ...over.notify },
  });
  return { endpoints, problems: [] };
}
