'use client';
// Owns changing many keys in three steps: what, to what, and a look at the difference of each key before anything is
// sent; then what became of each, and another try for those that were refused. A chunk of its own.
import type { Key } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import { BatchFooter } from '@/components/batch/batch-footer';
import { BatchOutcomes } from '@/components/batch/batch-outcomes';
import { BatchPreview } from '@/components/batch/batch-preview';
import { useBatchChange } from '@/components/batch/use-batch-change';
import { Form } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { notify } from '@/components/ui/notify';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { ExpirationFields } from './expiration-fields';
import { keysCache } from './key-cache';
import { AccessSection, ModelSection, StateSection } from './key-form-sections';
import { BudgetSection, LoadSection, RateSection, RoutingSection, WindowSection } from './key-limit-sections';
import {
  batchChange,
  type BatchPart,
  batchPartNames,
  emptyValues,
  type KeyValues,
  partsBody,
} from './key-values';
import { useBatchWords } from './use-batch-words';

const FORM_ID = 'batch-form';

interface BatchEditDialogProps {
  keys: readonly Key[];
  onClose: () => void;
}

type Step = 'choose' | 'set' | 'check' | 'done';
const steps = ['choose', 'set', 'check'] as const;

const budgetWays = ['keep', 'replace'] as const;

const sections = {
  windows: WindowSection,
  load: LoadSection,
  models: ModelSection,
  routing: RoutingSection,
  access: AccessSection,
  rates: RateSection,
  state: StateSection,
} as const;

export default function BatchEditDialog({ keys, onClose }: BatchEditDialogProps) {
  const t = useTranslations('keys.batch');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const errorText = useErrorText();
  const words = useBatchWords();
  const [isChoosing, setIsChoosing] = useState(true);
  const [parts, setParts] = useState<readonly BatchPart[]>([]);
  const [keepsOthers, setKeepsOthers] = useState(true);
  // The list behind it goes on; what was chosen stays.
  const [ids] = useState(() => keys.map(({ id }) => id));

  const bodyOf = (of: readonly string[]) => ({
    ids: [...of],
    ...batchChange(api.form.getValues(), parts, keepsOthers),
  });
  const change = useBatchChange({
    look: (of) => callApi((client) => client.keys.updateMany({ body: { ...bodyOf(of), dryRun: true } })),
    change: (of, versions) =>
      callApi((client) => client.keys.updateMany({ body: { ...bodyOf(of), versions } })),
    onChanged: () => void queries.invalidateQueries({ queryKey: keysCache }),
    onDone: (count) => {
      notify.success(t('saved', { count }));
      onClose();
    },
  });
  const api = useApiForm<KeyValues>({
    defaultValues: emptyValues,
    schema: async () => (await import('@crs/shared')).keyBatchUpdateBody.shape.set,
    toBody: (values) => partsBody(values, parts),
    submit: () => change.check(ids),
  });
  const { result, error } = change;
  const step: Step = change.step === 'set' && isChoosing ? 'choose' : change.step;

  const footer = {
    choose: (
      <>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button variant="primary" disabled={parts.length === 0} onClick={() => setIsChoosing(false)}>
          {t('next')}
        </Button>
      </>
    ),
    set: (
      <>
        <Button onClick={() => setIsChoosing(true)}>{t('back')}</Button>
        <Button type="submit" form={FORM_ID} variant="primary" busy={api.form.formState.isSubmitting}>
          {t('look')}
        </Button>
      </>
    ),
  };

  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && !change.busy && onClose()}
      title={t('title', { count: ids.length })}
      // Buttons of their own for each step: one that turned into the next one's would send the form with its press.
      footer={
        <Fragment key={step}>
          {step === 'choose' || step === 'set' ? (
            footer[step]
          ) : (
            <BatchFooter change={change} applyLabel={(count) => t('apply', { count })} onClose={onClose} />
          )}
        </Fragment>
      }
    >
      {step !== 'done' && <Steps step={step} />}
      {error !== null && (
        <Alert tone="bad" className="mb-3">
          {errorText(error).message}
        </Alert>
      )}
      {step === 'choose' && <Choose parts={parts} onChange={setParts} />}
      {/* Kept while the difference is looked at: going back finds everything as it was. */}
      {step !== 'choose' && (
        <div hidden={step !== 'set'}>
          <Form api={api} id={FORM_ID}>
            <p className="mb-3 text-muted text-sm">{t('setHelp')}</p>
            {parts.includes('budgets') && (
              <SegmentedControl
                label={t('budgetsHow')}
                value={keepsOthers ? 'keep' : 'replace'}
                options={budgetWays.map((value) => ({ value, label: t(`budgetWays.${value}`) }))}
                onChange={(way) => setKeepsOthers(way === 'keep')}
                className="mb-3"
              />
            )}
            {parts.includes('expiration') && (
              <div className="pb-5">
                <ExpirationFields api={api} />
              </div>
            )}
            {parts.map((part) => {
              if (part === 'expiration') return null;
              if (part === 'budgets') {
                return <BudgetSection key={part} api={api} open rowsOnly={keepsOthers} />;
              }
              const Section = sections[part];
              return <Section key={part} api={api} open />;
            })}
          </Form>
        </div>
      )}
      {step === 'check' && result !== null && <BatchPreview result={result} words={words} />}
      {step === 'done' && result !== null && <BatchOutcomes result={result} words={words} />}
    </Dialog>
  );
}

function Steps({ step }: { step: Exclude<Step, 'done'> }) {
  const t = useTranslations('keys.batch');
  return (
    <ol className="mb-4 flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {steps.map((name, index) => (
        <li
          key={name}
          aria-current={name === step ? 'step' : undefined}
          className={name === step ? 'font-medium text-text' : 'text-muted'}
        >
          {`${index + 1}. ${t(`steps.${name}`)}`}
        </li>
      ))}
    </ol>
  );
}

interface ChooseProps {
  parts: readonly BatchPart[];
  onChange: (parts: readonly BatchPart[]) => void;
}

function Choose({ parts, onChange }: ChooseProps) {
  const t = useTranslations('keys.batch');
  const names = useTranslations('keys.form');
  return (
    <fieldset>
      <legend className="mb-2 text-muted text-sm">{t('chooseHelp')}</legend>
      <div className="grid gap-1.5 sm:grid-cols-2">
        {batchPartNames.map((part) => (
          <label
            key={part}
            className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-control border border-line px-3 text-sm has-checked:border-accent has-checked:bg-accent-soft max-sm:min-h-11"
          >
            <Checkbox
              checked={parts.includes(part)}
              onChange={(checked) =>
                onChange(batchPartNames.filter((name) => (name === part ? checked : parts.includes(name))))
              }
            />
            {part === 'expiration' ? names('expiration') : names(`sections.${part}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
