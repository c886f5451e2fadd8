// Owns the contract of the audit trail: who did what, to which resource, before and after.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { isoTimeSchema, listQuery, pageOf } from './common.ts';

export const auditEntrySchema = z.object({
  id: z.string(),
  at: isoTimeSchema,
  /** null: the gateway by itself. */
  actor: z.object({ id: z.string(), username: z.string() }).nullable(),
  /** `key.update`, `settings.update`, … */
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
  /** Field by field; `before` is absent where there was none, `after` where it is gone. Secrets read `[secret]`. */
  changes: z.array(
    z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }),
  ),
  requestId: z.string(),
  /** Of the client; empty for what the gateway did by itself. */
  ip: z.string(),
});
export type AuditEntry = z.output<typeof auditEntrySchema>;

export const auditFilters = z.strictObject({
  /** Inclusive. */
  from: isoTimeSchema.optional(),
  /** Exclusive. */
  to: isoTimeSchema.optional(),
  actorId: z.string().optional(),
  action: z.string().optional(),
  /** `key`, `account`, `group`, `user`, `settings`, … */
  targetType: z.string().optional(),
  targetId: z.string().optional(),
});

export const auditListQuery = listQuery(['at'], '-at').extend(auditFilters.shape);

export const auditRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/audit',
    access: ['admin'],
    summary: 'Who did what, newest first',
    query: auditListQuery,
    response: pageOf(auditEntrySchema),
  }),
  facets: defineRoute({
    method: 'GET',
    path: '/audit/facets',
    access: ['admin'],
    summary: 'The actions, types of resources and users that the trail knows',
    response: z.object({
      actions: z.array(z.string()),
      types: z.array(z.string()),
      actors: z.array(z.object({ id: z.string(), username: z.string() })),
    }),
  }),
  export: defineRoute({
    method: 'GET',
    path: '/audit/export',
    access: ['admin'],
    summary: 'The trail as CSV, newest first',
    description: 'One line per changed field. At most 100,000 entries; narrow the range for more.',
    query: auditFilters.extend({ search: z.string().trim().max(200).optional() }),
    file: ['text/csv'],
  }),
};
