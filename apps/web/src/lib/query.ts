// Owns the defaults of server state: what is retried, when it is fresh, and which failures concern the whole page.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isApiError } from './api';

export interface FailureEvents {
  /** Everything but the change of the password is refused. */
  onPasswordChangeRequired: () => void;
  /** The gateway, or its database, did not answer. */
  onOutage: () => void;
}

function isOutage(error: unknown): boolean {
  return isApiError(error) ? error.status >= 502 && error.status <= 504 : error instanceof TypeError;
}

/** Retries what may pass by itself (no connection, 5xx), never what the gateway refused on purpose. */
export function shouldRetry(failureCount: number, error: unknown): boolean {
  if (isApiError(error) && error.status < 500) return false;
  return failureCount < 2;
}

/** Queries are fresh for 10 s and reload when the window gets the focus; mutations are never retried. */
export function createQueryClient(events: FailureEvents): QueryClient {
  const watch = (error: unknown) => {
    if (isOutage(error)) events.onOutage();
    if (isApiError(error) && error.code === 'password_change_required') events.onPasswordChangeRequired();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        // A gateway on this machine or in this house answers without the internet; and what fails is to be told.
        networkMode: 'always',
        retry: (failureCount, error) => {
          // Told at once and not after the last try: the reader is waiting.
          if (failureCount === 0 && isOutage(error)) events.onOutage();
          return shouldRetry(failureCount, error);
        },
        retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        refetchIntervalInBackground: false,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
