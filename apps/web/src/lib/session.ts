'use client';
// Owns the signed-in user as the console knows it.
import type { api, RouteResult } from '@crs/shared';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { callApi } from './api';
import { setServerTime } from './server-clock';

export type Session = RouteResult<typeof api.auth.me>;

export const sessionQueryKey = ['session'] as const;

async function readSession(signal: AbortSignal): Promise<Session> {
  const session = await callApi((client) => client.auth.me({}, { signal }));
  setServerTime(session.server.now);
  return session;
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
