'use client';
// Owns signing in again over the page that was open: what was typed below stays; a chunk of its own. The browser's own
// dialog: it lies above those of the page and takes the focus from them.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { callApi } from '@/lib/api';
import { BASE_PATH, paths } from '@/lib/paths';
import { tellSessionBack } from '@/lib/session-life';
import { Form, FormField } from '../form/form';
import { useApiForm } from '../form/use-api-form';
import { Button } from '../ui/button';
import { PasswordInput } from '../ui/input';

interface SignInAgainProps {
  username: string;
  description: string;
  onDone: () => void;
  onCancel: (() => void) | undefined;
}

export default function SignInAgain({ username, description, onDone, onCancel }: SignInAgainProps) {
  const t = useTranslations('shell.session');
  const auth = useTranslations('auth');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const api = useApiForm({
    defaultValues: { password: '' },
    async submit({ password }) {
      await callApi((client) => client.auth.adminLogin({ body: { username, password } }));
      tellSessionBack();
      onDone();
      void queries.invalidateQueries();
    },
  });

  useEffect(() => dialog.current?.showModal(), []);

  return createPortal(
    <dialog
      ref={dialog}
      data-session=""
      aria-labelledby="sign-in-again"
      onCancel={(event) => {
        event.preventDefault();
        onCancel?.();
      }}
      className="m-auto w-[min(420px,calc(100vw-32px))] rounded-dialog border border-line-strong bg-surface p-6 text-text shadow-float outline-none backdrop:bg-overlay"
    >
      <h2 id="sign-in-again" className="font-semibold text-lg">
        {t('title')}
      </h2>
      <p className="mt-1 mb-4 text-muted text-sm">{description}</p>
      <Form api={api} className="flex flex-col gap-4">
        <p className="text-sm">
          <span className="text-muted">{auth('username')}</span> <strong>{username}</strong>
        </p>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <FormField
          api={api}
          name="password"
          label={auth('password')}
          rules={{ required: auth('passwordMissing') }}
        >
          {(control, field) => (
            <PasswordInput
              {...control}
              {...field}
              autoFocus
              autoComplete="current-password"
              className="h-10! max-sm:h-11!"
            />
          )}
        </FormField>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" busy={api.form.formState.isSubmitting}>
            {auth('signIn')}
          </Button>
          {onCancel === undefined ? (
            // A full load: what belongs to one user is not shown to another.
            <Button variant="ghost" onClick={() => window.location.assign(BASE_PATH + paths.login)}>
              {t('otherUser')}
            </Button>
          ) : (
            <Button variant="ghost" onClick={onCancel}>
              {common('cancel')}
            </Button>
          )}
        </div>
      </Form>
    </dialog>,
    document.body,
  );
}
