'use client';
// Owns the form of one section of settings; a chunk of its own. Each field says what it does, its default and who changed
// it when; a bar counts what is not saved yet.
import type { SettingField, SettingSection } from '@crs/shared';
import { RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useUnsavedWarning } from '@/components/form/use-unsaved-warning';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { isApiError } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { useSession } from '@/lib/session';
import { lossOf } from './loss';
import { SettingInput } from './setting-input';
import {
  fieldsOf,
  type SectionAnswer,
  type SectionFormState,
  shownValue,
  useSectionForm,
} from './use-section';

export default function SectionForm({ section }: { section: SettingSection }) {
  const t = useTranslations('settings');
  const isAdmin = useSession().data?.user.role === 'admin';
  const form = useSectionForm(section);
  const [asking, setAsking] = useState(false);
  const changes = Object.keys(form.draft).length;
  useUnsavedWarning(changes > 0);

  if (form.data === undefined) {
    if (form.loadError === null) return <Skeleton className="h-96 w-full" />;
    return <ErrorState title={t('loadFailed')} error={form.loadError} onRetry={form.reload} />;
  }
  const { data } = form;
  const loss = lossOf(section, data, form.draft);
  const save = async () => {
    if (await form.save()) notify.success(t('saved'));
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (loss === null) void save();
        else setAsking(true);
      }}
    >
      <Panel title={t(`sections.${section}.title`)} description={t(`sections.${section}.help`)}>
        {!isAdmin && (
          <Alert tone="info" className="mb-4">
            <p>{t('onlyAdmins')}</p>
          </Alert>
        )}
        <Failure form={form} />
        <div className="divide-y divide-line">
          {fieldsOf(section).map(([name, field]) => (
            <Row key={name} {...{ section, name, field, form, data }} disabled={!isAdmin} />
          ))}
        </div>
      </Panel>
      {changes > 0 && (
        <div className="sticky bottom-3 z-20 mt-4 flex flex-wrap items-center gap-2 rounded-card border border-line-strong bg-surface px-4 py-2.5 shadow-float">
          <p role="status" className="mr-auto text-sm">
            {t('unsaved', { count: changes })}
          </p>
          <Button onClick={form.discard}>{t('discard')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('save')}
          </Button>
        </div>
      )}
      {asking && loss !== null && (
        <ConfirmDialog
          open
          onOpenChange={setAsking}
          title={t('loss.title')}
          confirmLabel={t('loss.confirm')}
          onConfirm={save}
        >
          <ul className="list-disc pl-5">
            {loss.map(({ field, days }) => (
              <li key={field}>{t(`loss.${field}`, { days })}</li>
            ))}
          </ul>
        </ConfirmDialog>
      )}
    </form>
  );
}

/** A refusal that belongs to no field, or a change that came before this one. */
function Failure({ form }: { form: SectionFormState }) {
  const t = useTranslations('settings');
  const errorText = useErrorText();
  const { failure, errors } = form;
  if (failure === null || Object.keys(errors).length > 0) return null;
  const isStale = isApiError(failure) && failure.problem.code === 'conflict';
  return (
    <Alert tone="bad" className="mb-4">
      <p>{isStale ? t('stale') : errorText(failure).message}</p>
      {isStale && (
        <Button size="sm" className="mt-2" onClick={form.reload}>
          {t('readAgain')}
        </Button>
      )}
    </Alert>
  );
}

interface RowProps {
  section: SettingSection;
  name: string;
  field: SettingField;
  form: SectionFormState;
  data: SectionAnswer;
  disabled: boolean;
}

function Row({ section, name, field, form, data, disabled }: RowProps) {
  const t = useTranslations('settings');
  const value = shownValue({ data, draft: form.draft }, name);
  const word = (part: string) => t(`fields.${section}.${name}.${part}` as never);
  const empty = t.has(`fields.${section}.${name}.empty` as never) ? word('empty') : '';
  return (
    <div className="grid gap-x-8 gap-y-2 py-4 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <Field label={word('label')} help={word('help')} error={form.errors[name]} className="contents!">
        {(control) => (
          <div className="sm:col-start-2 sm:row-span-3 sm:row-start-1">
            <SettingInput
              control={control}
              field={field}
              value={value}
              disabled={disabled}
              words={{ option: (option) => word(`options.${option}`), empty }}
              onChange={(next) => form.change(name, next)}
            />
            <Origin {...{ section, name, field, form, data, disabled }} />
          </div>
        )}
      </Field>
    </div>
  );
}

/** Defaults that are told are numbers. */
function textOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The default, who set what holds now, and the way back. */
function Origin({ section, name, field, form, data, disabled }: RowProps) {
  const t = useTranslations('settings');
  const state = data.fields[name];
  if (state === undefined) return null;
  const isOwn = name in form.draft ? form.draft[name] !== null : state.source === 'console';
  const { changedAt, changedBy } = state;
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-xs">
      {field.type === 'number' && (
        <span>
          {t('default', { value: state.default === null ? t('unset') : textOf(state.default) })}
          {state.environment !== null && ` (${state.environment})`}
        </span>
      )}
      {changedAt !== null && changedBy !== null && (
        <span>
          {t('changedBy', { name: changedBy })} <RelativeTime at={changedAt} />
        </span>
      )}
      {isOwn && !disabled && (
        <button
          type="button"
          aria-label={t('resetOf', { name: t(`fields.${section}.${name}.label` as never) })}
          onClick={() => form.change(name, null)}
          className="inline-flex min-h-6 items-center gap-1 rounded-[4px] text-accent-text hover:underline"
        >
          <RotateCcw aria-hidden className="size-3" />
          {t('reset')}
        </button>
      )}
    </div>
  );
}
