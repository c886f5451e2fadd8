'use client';
// Owns the form of an account: the kind's own fields drawn from its schema, the common ones by hand. A chunk of its own.
import type { Account, AccountKind } from '@crs/shared';
import { LogIn } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { FieldPath } from 'react-hook-form';
import { DiscardDialog } from '@/components/form/discard-dialog';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { useUnsavedWarning } from '@/components/form/use-unsaved-warning';
import { SchemaFields } from '@/components/schema-form/schema-fields';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import { useKindTexts } from '@/lib/account-kinds';
import { callApi } from '@/lib/api';
import {
  ClientSection,
  ModelSection,
  MoreSection,
  OrderSection,
  PoolSection,
  ProxySection,
} from './account-form-sections';
import { HoursSection } from './hours-section';
import {
  type AccountValues,
  bodyOf,
  copiedValues,
  settingsVariant,
  shapeOf,
  unreadable,
  valuesOf,
} from './account-values';

interface AccountFormProps {
  kind: AccountKind;
  account: Account | null;
  /** What a new account is to be like; without a credential, which is never known here. */
  template: Account | null;
  /** Back to the choice of the kind. */
  onBack?: (() => void) | undefined;
  /** To signing in at the vendor, where the kind has that. */
  onSignIn?: (() => void) | undefined;
  onClose: () => void;
  onSaved: (account: Account) => void;
}

const FORM_ID = 'account-form';

export default function AccountForm(props: AccountFormProps) {
  const { kind, account, template, onBack, onSignIn, onClose, onSaved } = props;
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const texts = useKindTexts();
  const isEdit = account !== null;
  const shape = useMemo(() => shapeOf(kind), [kind]);
  const [variants, setVariants] = useState({
    settings: settingsVariant(shape, account ?? template),
    credential: 0,
  });

  const api = useApiForm<AccountValues>({
    defaultValues:
      template === null
        ? valuesOf(kind, shape, account, variants)
        : copiedValues(kind, shape, template, variants, t('duplicate.name', { name: template.name })),
    schema: async () => {
      const shared = await import('@crs/shared');
      return isEdit ? shared.accountUpdateBody : shared.accountCreateBody;
    },
    toBody: (values) => bodyOf(values, shape, variants, account),
    async submit(values) {
      const wrong = unreadable(values, shape, variants);
      if (wrong.length > 0) {
        for (const name of wrong) {
          api.form.setError(name as FieldPath<AccountValues>, { message: errors('field.wrongFormat') });
        }
        return;
      }
      const body = bodyOf(values, shape, variants, account);
      const saved = isEdit
        ? await callApi((client) =>
            client.accounts.update({
              params: { kind: kind.kind, id: account.id },
              body: { ...body, version: account.version },
            }),
          )
        : await callApi((client) =>
            client.accounts.create({
              params: { kind: kind.kind },
              body: { ...body, credential: body.credential ?? {} },
            }),
          );
      if (isEdit) notify.success(t('notice.saved', { name: saved.name }));
      onSaved(saved);
    },
  });
  const { isSubmitting, isDirty } = api.form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const [asking, setAsking] = useState(false);
  const leave = () => (isDirty && !isSubmitting ? setAsking(true) : onClose());
  const terms = texts.terms(kind);

  return (
    <>
      <Dialog
        open
        size="lg"
        onOpenChange={(open) => !open && leave()}
        title={
          isEdit
            ? t('editTitle', { name: account.name })
            : template === null
              ? t('add')
              : t('duplicate.title', { name: template.name })
        }
        aside={<Badge>{texts.label(kind)}</Badge>}
        footer={
          <>
            {onBack !== undefined && (
              <Button variant="ghost" onClick={onBack} className="mr-auto">
                {t('otherKind')}
              </Button>
            )}
            <Button onClick={leave}>{common('cancel')}</Button>
            <Button type="submit" form={FORM_ID} variant="primary" busy={isSubmitting}>
              {isEdit ? t('save') : t('addAndTest')}
            </Button>
          </>
        }
      >
        <Form api={api} id={FORM_ID}>
          <div className="flex flex-col gap-4 pb-5">
            {terms !== null && !isEdit && (
              <Alert tone="warn" title={t('termsTitle')}>
                <p>{terms}</p>
              </Alert>
            )}
            {template !== null && (
              <p className="text-sm text-text-soft">
                {template.proxy?.hasPassword === true ? t('duplicate.helpWithProxy') : t('duplicate.help')}
              </p>
            )}
            <FormField api={api} name="name" label={t('fields.name')} required help={t('fields.nameHelp')}>
              {(control, field) => <Input {...control} {...field} autoComplete="off" />}
            </FormField>
            <SchemaFields
              api={api}
              prefix="settings"
              kind={kind.kind}
              variants={shape.settings}
              variant={variants.settings}
              onVariantChange={(settings) => setVariants({ ...variants, settings })}
            />
            {onSignIn !== undefined && (
              <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-control border border-line bg-sunken px-3 py-2 text-sm">
                <span className="text-text-soft">{t('login.pasteInstead')}</span>
                <Button size="sm" icon={<LogIn />} onClick={onSignIn}>
                  {t('login.signInInstead')}
                </Button>
              </div>
            )}
            <SchemaFields
              api={api}
              prefix="credential"
              kind={kind.kind}
              variants={shape.credential}
              variant={variants.credential}
              onVariantChange={(credential) => setVariants({ ...variants, credential })}
              partial={isEdit}
            />
            {isEdit && <p className="-mt-2 text-muted text-xs">{t('fields.credentialKept')}</p>}
          </div>
          <ProxySection api={api} account={account} />
          <OrderSection api={api} />
          <PoolSection api={api} />
          <ModelSection api={api} />
          <ClientSection api={api} kind={kind} />
          <HoursSection api={api} />
          <MoreSection api={api} />
        </Form>
      </Dialog>
      {asking && <DiscardDialog onStay={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}
