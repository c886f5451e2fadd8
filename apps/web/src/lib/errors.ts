'use client';
// Owns how a failure is told: by the gateway's code in the reader's language, the gateway's own words as fallback.
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { isApiError } from './api';

export interface ErrorText {
  /** What went wrong, in the reader's language. */
  message: string;
  /** The gateway's own words where they say more. */
  detail: string | null;
  requestId: string | null;
}

/** A function from a failure to its words. */
export function useErrorText(): (error: unknown) => ErrorText {
  const t = useTranslations('errors');
  return useCallback(
    (error) => {
      if (!isApiError(error)) return { message: t('unreachable'), detail: null, requestId: null };
      const { code, detail, requestId } = error.problem;
      const key = `codes.${code}`;
      const known = t.has(key as never);
      return {
        message: known ? t(key as never) : detail,
        detail: known && detail !== '' ? detail : null,
        requestId: requestId === '' ? null : requestId,
      };
    },
    [t],
  );
}
