'use client';
// Owns the signed-in user as the console knows it.
import type { api, RouteResult } from '@crs/shared';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { callApi, isApiError } from './api';
import { setServerTime } from './server-clock';

export type Session = RouteResult<typeof api.auth.me>;

export const sessionQueryKey = ['session'] as const;

const SIGNED_IN_KEY = 'crs-signed-in';

/** Whether somebody was signed in here when it was last known: pages for everybody ask for a session only then. */
export function hasSignedIn(): boolean {
  return localStorage.getItem(SIGNED_IN_KEY) !== null;
}

async function readSession(signal: AbortSignal): Promise<Session> {
  try {
    const session = await callApi((client) => client.auth.me({}, { signal }));
    setServerTime(session.server.now);
    localStorage.setItem(SIGNED_IN_KEY, '1');
    return session;
  } catch (error) {
    if (isApiError(error) && error.status === 401) localStorage.removeItem(SIGNED_IN_KEY);
    throw error;
  }
}

/** The session; an error when nobody is signed in. */
export function useSession(): UseQueryResult<Session> {
  return useQuery({
    queryKey: sessionQueryKey,
    queryFn: ({ signal }) => readSession(signal),
    staleTime: 5 * 60_000,
  });
}

/** Whether the signed-in user may change things; a viewer only looks. The gateway decides, this only hides. */
export function useCanManage(): boolean {
  const role = useSession().data?.user.role;
  return role === 'admin' || role === 'operator';
}
