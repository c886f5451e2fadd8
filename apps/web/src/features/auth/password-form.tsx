'use client';
// Owns the form that changes the own password; its rules tick themselves while typing.
import { useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Check, Circle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useWatch } from 'react-hook-form';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { Button } from '@/components/ui/button';
import { PasswordInput } from '@/components/ui/input';
import { callApi } from '@/lib/api';
import { sessionQueryKey } from '@/lib/session';
import { checkPassword } from './password-rules';

interface PasswordFormProps {
  username: string;
  /** Of the new password, in characters. */
  minimumLength: number;
  onDone: () => void;
  onCancel?: (() => void) | undefined;
}

export function PasswordForm({ username, minimumLength, onDone, onCancel }: PasswordFormProps) {
  const t = useTranslations('auth');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const api = useApiForm({
    defaultValues: { current: '', next: '', repeat: '' },
    async submit({ current, next }) {
      await callApi((client) => client.auth.changePassword({ body: { current, next } }));
      await queries.invalidateQueries({ queryKey: sessionQueryKey });
      api.form.reset();
      onDone();
    },
  });
  const [current, next] = useWatch({ control: api.form.control, name: ['current', 'next'] });
  const rules = checkPassword({ current, next, username, minimumLength });
  const { isSubmitting } = api.form.formState;

  return (
    <Form api={api} className="flex flex-col gap-4">
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <FormField
        api={api}
        name="current"
        label={t('currentPassword')}
        rules={{ required: t('currentMissing') }}
      >
        {(control, field) => <PasswordInput {...control} {...field} autoComplete="current-password" />}
      </FormField>
      <FormField
        api={api}
        name="next"
        label={t('newPassword')}
        rules={{
          validate: (value, all) =>
            checkPassword({ next: value, current: all.current, username, minimumLength }).every(
              ({ met }) => met,
            ) || t('rulesUnmet'),
        }}
        help={
          <ul className="mt-0.5 flex flex-col gap-0.5">
            {rules.map(({ rule, met }) => (
              <li key={rule} className={clsx('flex items-center gap-1.5', met && 'text-ok-text')}>
                {met ? (
                  <Check aria-hidden className="size-3.5" />
                ) : (
                  <Circle aria-hidden className="size-3.5 scale-60" />
                )}
                {t(`rules.${rule}`, { length: minimumLength })}
                <span className="sr-only">{met ? t('ruleMet') : t('ruleOpen')}</span>
              </li>
            ))}
          </ul>
        }
      >
        {(control, field) => <PasswordInput {...control} {...field} autoComplete="new-password" />}
      </FormField>
      <FormField
        api={api}
        name="repeat"
        label={t('repeatPassword')}
        rules={{ validate: (value, all) => value === all.next || t('repeatDiffers') }}
      >
        {(control, field) => <PasswordInput {...control} {...field} autoComplete="new-password" />}
      </FormField>
      <div className="mt-1 flex gap-2">
        <Button type="submit" variant="primary" busy={isSubmitting}>
          {t('changePassword')}
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{common('cancel')}</Button>}
      </div>
    </Form>
  );
}
