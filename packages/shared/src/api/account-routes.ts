// Owns the routes of upstream accounts over all kinds.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { accountSorts, accountStatuses } from '../vocabulary.ts';
import { accountBatchDeleteBody, accountBatchUpdateBody } from './account-changes.ts';
import { accountHealthSchema } from './account-health.ts';
import {
  accountCreateBody,
  accountFields,
  accountKindSchema,
  accountProxySchema,
  accountSchema,
  accountTestResultSchema,
  accountUpdateBody,
} from './accounts.ts';
import { batchResultSchema, idSchema, isoTimeSchema, listQuery, pageOf, queryBoolean } from './common.ts';

const loginMode = z.string().max(50).nullable().default(null);

/** The code as the vendor's page shows it, `code#state`, or the whole address the browser ended at. */
const loginAnswer = z.strictObject({
  state: z.string().min(1).max(200),
  code: z.string().trim().min(1).max(4000),
  /** Signs an account in again that is there already. */
  accountId: idSchema.optional(),
});

const accountListFilters = {
  kind: z.string().max(50).optional(),
  status: z.enum(accountStatuses).optional(),
  enabled: queryBoolean.optional(),
  /** Members of this group; `none`: of no group. */
  groupId: idSchema.optional(),
  /** Reached by way of a proxy, or directly. */
  hasProxy: queryBoolean.optional(),
  /** May be tried for some model at this moment, or not. */
  schedulable: queryBoolean.optional(),
  /** Accounts that this key names itself or by way of one of its groups. */
  keyId: idSchema.optional(),
};
export const accountListQuery = listQuery(accountSorts, 'priority').extend(accountListFilters);

const kindParams = z.strictObject({ kind: idSchema });
const accountParams = z.strictObject({ kind: idSchema, id: idSchema });
const manage = ['admin', 'operator'] as const;
const view = ['admin', 'operator', 'viewer'] as const;

export const accountRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/accounts',
    access: view,
    summary: 'List upstream accounts of all kinds',
    query: accountListQuery,
    response: pageOf(accountSchema),
  }),
  kinds: defineRoute({
    method: 'GET',
    path: '/accounts/kinds',
    access: view,
    summary: 'Account kinds with the JSON Schema of their settings and credential',
    response: z.object({ items: z.array(accountKindSchema) }),
  }),
  listKind: defineRoute({
    method: 'GET',
    path: '/accounts/:kind',
    access: view,
    summary: 'List upstream accounts of one kind',
    params: kindParams,
    query: accountListQuery.omit({ kind: true }),
    response: pageOf(accountSchema),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/accounts/:kind',
    access: manage,
    summary: 'Add an upstream account',
    params: kindParams,
    body: accountCreateBody,
    response: accountSchema,
    status: 201,
  }),
  updateMany: defineRoute({
    method: 'PUT',
    path: '/accounts/batch',
    access: manage,
    summary: 'Change up to five hundred accounts, each on its own; with `dryRun` only tell what would change',
    body: accountBatchUpdateBody,
    response: batchResultSchema,
  }),
  removeMany: defineRoute({
    method: 'DELETE',
    path: '/accounts/batch',
    access: manage,
    summary: 'Delete up to five hundred accounts; those that keys are bound to stay',
    body: accountBatchDeleteBody,
    response: batchResultSchema,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/accounts/:kind/:id',
    access: view,
    summary: 'Read one upstream account; credentials are never answered',
    params: accountParams,
    response: accountSchema,
  }),
  replace: defineRoute({
    method: 'PUT',
    path: '/accounts/:kind/:id',
    access: manage,
    summary: 'Change the fields given',
    params: accountParams,
    body: accountUpdateBody,
    response: accountSchema,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/accounts/:kind/:id',
    access: manage,
    summary: 'Change the fields given',
    params: accountParams,
    body: accountUpdateBody,
    response: accountSchema,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/accounts/:kind/:id',
    access: manage,
    summary: 'Delete an upstream account; its figures stay',
    params: accountParams,
  }),
  test: defineRoute({
    method: 'POST',
    path: '/accounts/:kind/:id/test',
    access: manage,
    summary: 'Send one small request through the account and tell the true answer',
    params: accountParams,
    body: z.strictObject({ model: z.string().trim().min(1).max(200).optional() }),
    response: accountTestResultSchema,
  }),
  authUrl: defineRoute({
    method: 'POST',
    path: '/accounts/:kind/auth-url',
    access: manage,
    summary: 'Begin a login at the vendor: the page to open, good for ten minutes and one use',
    params: kindParams,
    body: z.strictObject({ mode: loginMode, proxy: accountProxySchema.nullable().default(null) }),
    response: z.object({ url: z.string(), state: z.string(), expiresAt: isoTimeSchema }),
  }),
  exchange: defineRoute({
    method: 'POST',
    path: '/accounts/:kind/exchange',
    access: manage,
    summary: 'End a login: the pasted code becomes an account, or renews the one named',
    params: kindParams,
    body: accountFields.partial().extend(loginAnswer.shape),
    response: accountSchema,
    status: 201,
  }),
  refresh: defineRoute({
    method: 'POST',
    path: '/accounts/:kind/:id/refresh',
    access: manage,
    summary: 'Renew the access token now',
    params: accountParams,
    response: accountSchema,
  }),
  health: defineRoute({
    method: 'GET',
    path: '/accounts/:kind/:id/health',
    access: view,
    summary: 'How one account is right now, and how it was over the last day',
    params: accountParams,
    response: accountHealthSchema,
  }),
  reset: defineRoute({
    method: 'POST',
    path: '/accounts/:kind/:id/reset',
    access: manage,
    summary: 'Forget cool-downs and errors; the account is tried again at once',
    params: accountParams,
    response: accountSchema,
  }),
};
