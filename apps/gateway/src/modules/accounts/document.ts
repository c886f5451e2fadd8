// Owns what is stored of an upstream account and how it lives in memory.
import { accountFields, accountProxySchema } from '@crs/shared';
import { z } from 'zod';
import type { UpstreamProxy } from '../../platform/http/upstream-client.ts';
import type { AnyProvider, Market, PreparedRequest, UpstreamCall } from '../../providers/provider.ts';

/** Tolerant of fields it does not know: during an upgrade newer replicas write them. */
export const accountDocumentSchema = z.object({
  ...accountFields.shape,
  shared: accountFields.shape.shared.default(true),
  groupIds: accountFields.shape.groupIds.default([]),
  dailyUsd: accountFields.shape.dailyUsd.default(null),
  pausedUntil: accountFields.shape.pausedUntil.default(null),
  serviceHours: accountFields.shape.serviceHours.default([]),
  proxy: accountProxySchema.omit({ password: true }).nullable().default(null),
  /** In a SecretBox envelope; null where the proxy wants none. */
  proxyPasswordSealed: z.string().nullable().default(null),
  id: z.string(),
  kind: z.string(),
  /** JSON of the credential in a SecretBox envelope. */
  credentialSealed: z.string(),
  /** Since when it has this credential; null where that was not noted. */
  credentialAt: z.string().nullable().default(null),
  /** What the vendor knows of the account has been asked, where its kind needs it. */
  isDiscovered: z.boolean().default(false),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** Rises with every change, a renewed token too. */
  version: z.int(),
  /** `version` of the last change that an administrator made: what a later change of theirs must have seen. */
  editVersion: z.int().default(0),
});
/** `settings` were parsed by the kind's schema when they were saved. */
export type AccountDocument = z.output<typeof accountDocumentSchema>;

/** An account as requests use it; its credential is decrypted once per version. */
export interface LiveAccount {
  readonly document: AccountDocument;
  readonly provider: AnyProvider;
  /**
   * Why it cannot be used however healthy its upstream is: the credential does not open, settings no longer fit the
   * kind. Null where all is well. `health.blockedUntil` refuses such an account.
   */
  readonly defect: string | null;
  /** The addresses it may reach include private ones, because the operator's own configuration named them. */
  readonly isOperatorAddress: boolean;
  /** What the vendor sells it as, null where that is not known. */
  readonly subscription: string | null;
  /** Where its calls are sold; null: by the model's own vendor. */
  market(upstreamModel: string): Market | null;
  /** By way of which its upstream is reached; null: directly. */
  readonly proxy: UpstreamProxy | null;
  /** When its credential ends; null where it does not, or does not say. */
  readonly expiresAtMs: number | null;
  /** The credential can be renewed without a person. */
  readonly isRenewable: boolean;
  /** Null where its subscription may use the model, or nothing is known against it; else why not. */
  lacks(model: string): string | null;
  /** `provider.prepare` with this account's settings and credential. Throws where there is a defect. */
  prepare(call: UpstreamCall): PreparedRequest;
}

/** What an account is when the administrator names nothing but its name and credential; `clients` come from the kind. */
export const accountDefaults: Omit<z.output<typeof accountFields>, 'name' | 'clients'> = {
  description: '',
  settings: {},
  priority: 50,
  weight: 1,
  maxConcurrency: 0,
  models: { allow: [], map: {} },
  enabled: true,
  shared: true,
  groupIds: [],
  dailyUsd: null,
  expiresAt: null,
  pausedUntil: null,
  serviceHours: [],
  proxy: null,
};
