// Owns what is stored of a user, and what of it a session may tell.
import { roleSchema, type SessionUser } from '@crs/shared';
import { z } from 'zod';

export const userDocumentSchema = z.strictObject({
  id: z.string(),
  username: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  passwordHash: z.string(),
  mustChangePassword: z.boolean(),
  enabled: z.boolean(),
  /** True for the admin that the first start made; there is at most one. */
  isFirstAdmin: z.boolean(),
  /** Sessions are made for one epoch; a new password starts the next, and ends them all with it. */
  sessionEpoch: z.int().min(1),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
});
export type UserDocument = z.output<typeof userDocumentSchema>;

/** Names differ by more than case. */
export function foldUsername(username: string): string {
  return username.trim().toLowerCase();
}

export function toSessionUser({ id, username, role, mustChangePassword }: UserDocument): SessionUser {
  return { id, username, role, mustChangePassword };
}
