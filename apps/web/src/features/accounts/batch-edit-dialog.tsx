'use client';
// Owns changing many accounts: what, to what, and a look at the difference of each before anything is sent; then what
// became of each, and another try for those that were refused. A chunk of its own.
import type { Account, BatchResult } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Fragment, type ReactNode, useState } from 'react';
import { BatchOutcomes } from '@/components/batch/batch-outcomes';
import { BatchPreview } from '@/components/batch/batch-preview';
import { Form } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { BatchFields } from './batch-fields';
import { type BatchField, batchSet, type BatchValues, emptyBatch } from './batch-values';
import { useBatchWords } from './use-batch-words';

const FORM_ID = 'account-batch';

interface BatchEditDialogProps {
  accounts: readonly Account[];
  onChanged: () => void;
  onClose: () => void;
}

type Step = 'set' | 'check' | 'done';

export default function BatchEditDialog({ accounts, onChanged, onClose }: BatchEditDialogProps) {
  const t = useTranslations('accounts.batch');
  const common = useTranslations('common');
  const errorText = useErrorText();
  const words = useBatchWords();
  // The list behind it goes on; what was chosen stays.
  const [ids] = useState(() => accounts.map(({ id }) => id));
  const [chosen, setChosen] = useState<readonly BatchField[]>([]);
  const [step, setStep] = useState<Step>('set');
  const [result, setResult] = useState<BatchResult | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const look = (values: BatchValues, of: string[]) =>
    callApi((client) =>
      client.accounts.updateMany({ body: { ids: of, set: batchSet(values, chosen), dryRun: true } }),
    );
  const api = useApiForm<BatchValues>({
    defaultValues: emptyBatch,
    schema: async () => (await import('@crs/shared')).accountBatchUpdateBody.shape.set,
    toBody: (values) => batchSet(values, chosen),
    submit: async (values) => {
      setResult(await look(values, ids));
      setStep('check');
    },
  });

  async function run(send: () => Promise<void>) {
    setBusy(true);
    setError(null);
    try {
      await send();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  const apply = () =>
    run(async () => {
      const toChange = (result?.results ?? []).filter(({ outcome }) => outcome === 'changed');
      const versions = Object.fromEntries(
        toChange.flatMap(({ id, version }) => (version === null ? [] : [[id, version]])),
      );
      const set = batchSet(api.form.getValues(), chosen);
      const body = { ids: toChange.map(({ id }) => id), set, versions };
      const answer = await callApi((client) => client.accounts.updateMany({ body }));
      onChanged();
      if (answer.failed > 0) {
        setResult(answer);
        setStep('done');
        return;
      }
      notify.success(t('saved', { count: answer.changed }));
      onClose();
    });

  /** Of those that were refused, as they are now: the difference is looked at anew. */
  const retry = () =>
    run(async () => {
      const refused = (result?.results ?? []).flatMap(({ id, error: refusal }) =>
        refusal === null ? [] : [id],
      );
      setResult(await look(api.form.getValues(), refused));
      setStep('check');
    });

  const footer = {
    set: (
      <>
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button
          type="submit"
          form={FORM_ID}
          variant="primary"
          disabled={chosen.length === 0}
          busy={api.form.formState.isSubmitting}
        >
          {t('look')}
        </Button>
      </>
    ),
    check: (
      <>
        <Button disabled={busy} onClick={() => setStep('set')}>
          {t('back')}
        </Button>
        <Button
          variant="primary"
          busy={busy}
          disabled={(result?.changed ?? 0) === 0}
          onClick={() => void apply()}
        >
          {t('apply', { count: result?.changed ?? 0 })}
        </Button>
      </>
    ),
    done: (
      <>
        <Button busy={busy} onClick={() => void retry()}>
          {t('retry')}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {common('close')}
        </Button>
      </>
    ),
  } satisfies Record<Step, ReactNode>;

  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && !busy && onClose()}
      title={t('title', { count: ids.length })}
      {...(step === 'set' && { description: t('help') })}
      // Buttons of their own for each step: one that turned into the next one's would send the form with its press.
      footer={<Fragment key={step}>{footer[step]}</Fragment>}
    >
      {error !== null && (
        <Alert tone="bad" className="mb-3">
          {errorText(error).message}
        </Alert>
      )}
      {step === 'set' && (
        <Form api={api} id={FORM_ID}>
          <BatchFields api={api} chosen={chosen} onChoose={setChosen} />
        </Form>
      )}
      {step === 'check' && result !== null && <BatchPreview result={result} words={words} />}
      {step === 'done' && result !== null && <BatchOutcomes result={result} words={words} />}
    </Dialog>
  );
}
