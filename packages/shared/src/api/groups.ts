// Owns the contract of account groups: accounts of any kind under one name, for keys to be bound to.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { idParams, idSchema, isoTimeSchema, listQuery, pageOf } from './common.ts';

export const groupFields = z.strictObject({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1000),
});

/** The members as a whole: accounts that are not named leave the group. */
const accountIds = z.array(idSchema).max(1000);

export const groupCreateBody = groupFields.partial().required({ name: true }).extend({
  accountIds: accountIds.optional(),
});
export const groupUpdateBody = groupFields
  .partial()
  .extend({ accountIds: accountIds.optional(), version: z.int().optional() });

export const groupSchema = groupFields.extend({
  id: z.string(),
  accountIds: z.array(z.string()),
  /** Keys outside the trash that are bound to this group. */
  boundKeys: z.int(),
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
  version: z.int(),
});
export type Group = z.output<typeof groupSchema>;

const manage = ['admin', 'operator'] as const;
const view = ['admin', 'operator', 'viewer'] as const;

export const groupRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/account-groups',
    access: view,
    summary: 'List groups of upstream accounts',
    query: listQuery(['createdAt', 'name'], 'name'),
    response: pageOf(groupSchema),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/account-groups',
    access: manage,
    summary: 'Add a group of upstream accounts',
    body: groupCreateBody,
    response: groupSchema,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/account-groups/:id',
    access: view,
    summary: 'Read one group',
    params: idParams,
    response: groupSchema,
  }),
  replace: defineRoute({
    method: 'PUT',
    path: '/account-groups/:id',
    access: manage,
    summary: 'Change the fields given',
    params: idParams,
    body: groupUpdateBody,
    response: groupSchema,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/account-groups/:id',
    access: manage,
    summary: 'Change the fields given',
    params: idParams,
    body: groupUpdateBody,
    response: groupSchema,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/account-groups/:id',
    access: manage,
    summary: 'Delete a group; its accounts stay. Refused, with their names, while keys are bound to it',
    params: idParams,
  }),
};
