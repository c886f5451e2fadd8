// Owns the contract of sign-in: sessions, the signed-in user, the password.
import { z } from 'zod';
import { defineRoute, roles } from '../contract/route.ts';
import { PASSWORD_MIN_LENGTH } from '../vocabulary.ts';
import { isoTimeSchema } from './common.ts';

export const roleSchema = z.enum(roles);

export const sessionUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  role: roleSchema,
  mustChangePassword: z.boolean(),
});
export type SessionUser = z.output<typeof sessionUserSchema>;

export const loginBody = z.strictObject({
  username: z.string().trim().min(1).max(100),
  password: z.string().min(1).max(1000),
});

export const passwordChangeBody = z.strictObject({
  current: z.string().min(1).max(1000),
  next: z.string().min(PASSWORD_MIN_LENGTH, `use ${PASSWORD_MIN_LENGTH} characters or more`).max(1000),
});

const sessionResponse = z.object({ token: z.string(), expiresAt: isoTimeSchema, user: sessionUserSchema });

export const authRoutes = {
  adminLogin: defineRoute({
    method: 'POST',
    path: '/auth/admin/login',
    access: 'public',
    summary: 'Sign in as an administrator',
    description: 'Also sets the session as an HttpOnly cookie for the console.',
    body: loginBody,
    response: sessionResponse,
  }),
  logout: defineRoute({
    method: 'POST',
    path: '/auth/logout',
    access: 'session',
    summary: 'End this session',
  }),
  me: defineRoute({
    method: 'GET',
    path: '/auth/me',
    access: 'session',
    summary: 'The signed-in user and what the console needs to know of the server',
    response: z.object({
      user: sessionUserSchema,
      /** Without further use. */
      expiresAt: isoTimeSchema,
      /** However much it is used. */
      endsAt: isoTimeSchema,
      server: z.object({
        version: z.string(),
        /** IANA name or `UTC+8` style offset that decides where a day begins. */
        timezone: z.string(),
        now: isoTimeSchema,
        apiKeyPrefix: z.string(),
        /** Of a new password. */
        passwordMinimumLength: z.int(),
      }),
    }),
  }),
  changePassword: defineRoute({
    method: 'POST',
    path: '/auth/password',
    access: 'session',
    summary: 'Change the own password; every other session of this user ends',
    body: passwordChangeBody,
    response: sessionResponse,
  }),
};
