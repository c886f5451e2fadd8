// Owns what an account of Google's Code Assist is made of, and finding or making the project its calls run in.
import { setTimeout as delay } from 'node:timers/promises';
import { isoTimeSchema } from '@crs/shared';
import { z } from 'zod';
import { askJson, type JsonAnswer } from '../kit/ask-json.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Send } from '../provider.ts';

export interface GeminiSettings {
  readonly projectId?: string | undefined;
  readonly tier?: string | undefined;
}

export interface GeminiCredential {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt?: string | null | undefined;
}

export const geminiAccount = {
  settings: z.strictObject({
    projectId: z
      .string()
      .regex(/^[a-z][a-z0-9:.-]{1,99}$/, 'must be the id of a project, not its number')
      .optional()
      .meta({
        title: 'Project',
        description:
          'Google Cloud project the calls run in. Found out after a login; paid tiers need their own.',
      }),
    tier: z.string().max(50).optional().meta({ title: 'Tier', description: 'Found out after a login.' }),
  }),
  credential: z.strictObject({
    accessToken: secretSchema('Access token', 'ya29.…, lasts an hour.'),
    refreshToken: secretSchema(
      'Refresh token',
      '1//…; without it the login ends with its access token.',
    ).optional(),
    expiresAt: isoTimeSchema
      .nullish()
      .meta({ title: 'Expires at', description: 'When the access token ends, ISO 8601.' }),
  }),
};

const METADATA = { ideType: 'IDE_UNSPECIFIED', platform: 'PLATFORM_UNSPECIFIED', pluginType: 'GEMINI' };
/** Of an account that is set up for the first time. */
const MAX_POLLS = 24;
const FREE_TIER = 'free-tier';

const project = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const loadedSchema = z.object({
  currentTier: z.object({ id: z.string() }).nullish(),
  allowedTiers: z
    .array(
      z.object({
        id: z.string(),
        isDefault: z.boolean().optional(),
        userDefinedCloudaicompanionProject: z.boolean().optional(),
      }),
    )
    .nullish(),
  ineligibleTiers: z.array(z.object({ reasonMessage: z.string().nullish() })).nullish(),
  cloudaicompanionProject: project.nullish(),
});
const operationSchema = z.object({
  name: z.string().nullish(),
  done: z.boolean().nullish(),
  response: z.object({ cloudaicompanionProject: project.nullish() }).nullish(),
});
type Loaded = z.output<typeof loadedSchema>;

/** The settings with the project and the tier of the account, which is set up where it never was. */
export async function discoverGemini(
  { accessToken }: GeminiCredential,
  settings: GeminiSettings,
  service: { readonly url: string; readonly pollIntervalMs: number },
  send: Send,
): Promise<GeminiSettings> {
  const ask = async <Shape extends z.ZodType>(
    method: 'GET' | 'POST',
    name: string,
    body: object | null,
    schema: Shape,
  ): Promise<z.output<Shape>> => {
    const question = {
      method,
      url: `${service.url}/v1internal${name}`,
      headers: ['authorization', `Bearer ${accessToken}`],
      ...(body === null ? {} : { body: { type: 'application/json', text: JSON.stringify(body) } }),
    };
    return read(await askJson(question, send), schema);
  };
  const own = settings.projectId === undefined ? {} : { cloudaicompanionProject: settings.projectId };
  const metadata = {
    ...METADATA,
    ...(settings.projectId === undefined ? {} : { duetProject: settings.projectId }),
  };
  const loaded = await ask('POST', ':loadCodeAssist', { ...own, metadata }, loadedSchema);
  const { currentTier, cloudaicompanionProject: found } = loaded;
  if (currentTier !== null && currentTier !== undefined) {
    return withProject(settings, found ?? settings.projectId ?? null, currentTier.id);
  }
  const tierId = tierFor(loaded, settings);
  // The free tier has a project of the vendor's and refuses any other.
  const start = { tierId, metadata, ...(tierId === FREE_TIER ? {} : own) };
  let operation = await ask('POST', ':onboardUser', start, operationSchema);
  for (let polls = 0; operation.done !== true; polls += 1) {
    if (polls === MAX_POLLS || typeof operation.name !== 'string') {
      throw new Error('Google has not finished setting the account up; try again in a few minutes.');
    }
    await delay(service.pollIntervalMs);
    operation = await ask('GET', `/${operation.name}`, null, operationSchema);
  }
  return withProject(
    settings,
    operation.response?.cloudaicompanionProject ?? settings.projectId ?? null,
    tierId,
  );
}

function tierFor({ allowedTiers, ineligibleTiers }: Loaded, { projectId }: GeminiSettings): string {
  const tier = allowedTiers?.find(({ isDefault }) => isDefault === true) ?? allowedTiers?.[0];
  if (tier === undefined) {
    const reason = ineligibleTiers?.find(
      ({ reasonMessage }) => typeof reasonMessage === 'string',
    )?.reasonMessage;
    throw new Error(`Google does not offer Code Assist to this account: ${reason ?? 'it gives no reason'}`);
  }
  if (tier.userDefinedCloudaicompanionProject === true && projectId === undefined) {
    throw new Error(
      `The ${tier.id} of Code Assist needs a Google Cloud project: name it in the account's settings.`,
    );
  }
  return tier.id;
}

function withProject(settings: GeminiSettings, projectId: string | null, tier: string): GeminiSettings {
  return { ...settings, ...(projectId === null ? {} : { projectId }), tier };
}

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

function read<Shape extends z.ZodType>({ status, json }: JsonAnswer, schema: Shape): z.output<Shape> {
  const parsed = schema.safeParse(json);
  if (status === 200 && parsed.success) return parsed.data;
  const error = errorSchema.safeParse(json);
  throw new Error(
    `Google did not answer for the account: ${error.data?.error.message ?? 'no error of its own'} (HTTP ${status})`,
  );
}
