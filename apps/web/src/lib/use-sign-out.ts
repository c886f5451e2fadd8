'use client';
// Owns leaving: the session ends on the server, and nothing of it stays in the browser's memory.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { notify } from '@/components/ui/notify';
import { callApi, isApiError } from './api';
import { BASE_PATH, paths } from './paths';

export function useSignOut(): () => void {
  const client = useQueryClient();
  const t = useTranslations('shell');
  return () => {
    const leave = () => {
      client.clear();
      // A full load: every store, cache and timer of the session is gone with the document.
      window.location.assign(BASE_PATH + paths.login);
    };
    callApi((api) => api.auth.logout()).then(leave, (error: unknown) => {
      if (isApiError(error) && error.status === 401) leave();
      else notify.error(t('signOutFailed'));
    });
  };
}
