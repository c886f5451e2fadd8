// Owns what is stored of a group. Its members are not: each account names the groups it is in, so that a group and its
// accounts cannot contradict each other.
import { groupFields } from '@crs/shared';
import { z } from 'zod';

/** Tolerant of fields it does not know: during an upgrade newer replicas write them. */
export const groupDocumentSchema = z.object({
  ...groupFields.shape,
  id: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
});
export type GroupDocument = z.output<typeof groupDocumentSchema>;
