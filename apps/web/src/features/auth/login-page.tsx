'use client';
// Owns signing in: one form, and the wait when the gateway has seen too many attempts.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Input, PasswordInput } from '@/components/ui/input';
import { callApi, isApiError } from '@/lib/api';
import { paths, safeNext, withQuery } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { serverNow } from '@/lib/server-clock';
import { EntryFrame } from './entry-frame';

const DEFAULT_WAIT_SECONDS = 60;

export function LoginPage() {
  const t = useTranslations('auth');
  const router = useRouter();
  const next = useSearchParams().get('next');
  const queries = useQueryClient();
  const [blockedUntil, setBlockedUntil] = useState<number | null>(null);

  const api = useApiForm({
    defaultValues: { username: '', password: '' },
    async submit(values) {
      try {
        const { user } = await callApi((client) => client.auth.adminLogin({ body: values }));
        queries.clear();
        const target = safeNext(next);
        router.replace(user.mustChangePassword ? withQuery(paths.changePassword, { next: target }) : target);
      } catch (error) {
        if (!isApiError(error) || error.status !== 429) throw error;
        setBlockedUntil(serverNow() + (error.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS) * 1000);
      }
    },
  });
  const { isSubmitting } = api.form.formState;
  const { setFocus } = api.form;

  // The page is nothing but this form.
  useEffect(() => setFocus('username'), [setFocus]);

  return (
    <EntryFrame title={t('signIn')} description={t('signInHelp')}>
      {blockedUntil !== null && <Wait until={blockedUntil} onOver={() => setBlockedUntil(null)} />}
      <Form api={api} className="flex flex-col gap-4">
        <FormField api={api} name="username" label={t('username')} rules={{ required: t('usernameMissing') }}>
          {(control, field) => (
            <Input
              {...control}
              {...field}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              className="h-10! max-sm:h-11!"
            />
          )}
        </FormField>
        <FormField api={api} name="password" label={t('password')} rules={{ required: t('passwordMissing') }}>
          {(control, field) => (
            <PasswordInput
              {...control}
              {...field}
              autoComplete="current-password"
              className="h-10! max-sm:h-11!"
            />
          )}
        </FormField>
        <Button
          type="submit"
          variant="primary"
          size="lg"
          busy={isSubmitting}
          disabled={blockedUntil !== null}
          className="mt-2 w-full"
        >
          {t('signIn')}
        </Button>
      </Form>
    </EntryFrame>
  );
}

function Wait({ until, onOver }: { until: number; onOver: () => void }) {
  const t = useTranslations('auth');
  const format = useFormat();
  const left = until - useNow(1000);
  const over = left <= 0;

  useEffect(() => {
    if (over) onOver();
  }, [over, onOver]);

  return (
    <Alert tone="warn" title={t('throttled')} className="mb-4">
      <p>{t('throttledWait', { time: format.countdown(left) })}</p>
    </Alert>
  );
}
