// Owns the contract of relay keys: every route, and who may call it.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { batchResultSchema, idParams, pageOf } from './common.ts';
import {
  keyBatchCreateBody,
  keyBatchCreated,
  keyBatchDeleteBody,
  keyBatchUpdateBody,
  keyRenewBody,
  keyRotateBody,
} from './key-changes.ts';
import {
  deletedKeyListQuery,
  keyCreateBody,
  keyExportQuery,
  keyListQuery,
  keySchema,
  keyUpdateBody,
} from './keys.ts';
import { XLSX_TYPE } from './files.ts';
import { statsQuery, usageAnswerSchema } from './stats.ts';

/** What is answered where a secret is seen for the only time. */
const withSecret = z.object({ key: keySchema, secret: z.string() });

const manage = ['admin', 'operator'] as const;
const view = ['admin', 'operator', 'viewer'] as const;

export const keyRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/keys',
    access: view,
    summary: 'List relay keys',
    query: keyListQuery,
    response: pageOf(keySchema),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/keys',
    access: manage,
    summary: 'Create a relay key; its secret is answered this once',
    body: keyCreateBody,
    response: withSecret,
    status: 201,
  }),
  createMany: defineRoute({
    method: 'POST',
    path: '/keys/batch',
    access: manage,
    summary: 'Create 2 to 500 keys from one template; their secrets are answered this once',
    body: keyBatchCreateBody,
    response: keyBatchCreated,
    status: 201,
  }),
  updateMany: defineRoute({
    method: 'PUT',
    path: '/keys/batch',
    access: manage,
    summary: 'Change many keys at once, or say what would change',
    description:
      'Each key is changed by itself: one that is refused does not keep the others. `dryRun` answers the difference of each.',
    body: keyBatchUpdateBody,
    response: batchResultSchema,
  }),
  removeMany: defineRoute({
    method: 'DELETE',
    path: '/keys/batch',
    access: manage,
    summary: 'Move many keys to the trash; they stop working at once',
    body: keyBatchDeleteBody,
    response: batchResultSchema,
  }),
  export: defineRoute({
    method: 'GET',
    path: '/keys/export',
    access: view,
    summary: 'All keys that the filters leave, as CSV or as an Excel workbook',
    query: keyExportQuery,
    file: ['text/csv', XLSX_TYPE],
  }),
  deleted: defineRoute({
    method: 'GET',
    path: '/keys/deleted',
    access: view,
    summary: 'List keys in the trash',
    query: deletedKeyListQuery,
    response: pageOf(keySchema),
  }),
  tags: defineRoute({
    method: 'GET',
    path: '/keys/tags',
    access: view,
    summary: 'Tags in use, with the number of keys each',
    response: z.object({ items: z.array(z.object({ tag: z.string(), keys: z.int() })) }),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/keys/:id',
    access: view,
    summary: 'Read one relay key',
    params: idParams,
    response: keySchema,
  }),
  replace: defineRoute({
    method: 'PUT',
    path: '/keys/:id',
    access: manage,
    summary: 'Change the fields given',
    params: idParams,
    body: keyUpdateBody,
    response: keySchema,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/keys/:id',
    access: manage,
    summary: 'Change the fields given',
    params: idParams,
    body: keyUpdateBody,
    response: keySchema,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/keys/:id',
    access: manage,
    summary: 'Move a key to the trash; it stops working at once',
    params: idParams,
  }),
  restore: defineRoute({
    method: 'POST',
    path: '/keys/:id/restore',
    access: manage,
    summary: 'Take a key out of the trash; the same secret works again',
    params: idParams,
    response: keySchema,
  }),
  purge: defineRoute({
    method: 'DELETE',
    path: '/keys/:id/permanent',
    access: ['admin'],
    summary: 'Delete a key in the trash for good; its figures stay',
    params: idParams,
  }),
  renew: defineRoute({
    method: 'POST',
    path: '/keys/:id/renew',
    access: manage,
    summary: 'Let a key end later',
    description:
      'Days and hours count from its end on, or from now where it has ended. Of a key that has not been used yet its life after the first use grows.',
    params: idParams,
    body: keyRenewBody,
    response: keySchema,
  }),
  rotate: defineRoute({
    method: 'POST',
    path: '/keys/:id/rotate',
    access: manage,
    summary: 'Give a key a new secret; it is answered this once',
    description:
      'Both secrets work for the grace period. A secret that is still in its grace period from an earlier rotation ends at once.',
    params: idParams,
    body: keyRotateBody,
    response: withSecret,
  }),
  stats: defineRoute({
    method: 'GET',
    path: '/keys/:id/stats',
    access: view,
    summary: 'Tokens, cost, errors and latency of one key, as /stats/usage',
    params: idParams,
    query: statsQuery.omit({ keyId: true }),
    response: usageAnswerSchema,
  }),
};
