'use client';
// Owns changing many accounts: what, to what, and a look at the difference of each before anything is sent; then what
// became of each, and another try for those that were refused. A chunk of its own.
import type { Account } from '@crs/shared';
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

export default function BatchEditDialog({ accounts, onChanged, onClose }: BatchEditDialogProps) {
  const t = useTranslations('accounts.batch');
  const common = useTranslations('common');
  const errorText = useErrorText();
  const words = useBatchWords();
  // The list behind it goes on; what was chosen stays.
  const [ids] = useState(() => accounts.map(({ id }) => id));
  const [chosen, setChosen] = useState<readonly BatchField[]>([]);

  const changeOf = () => batchSet(api.form.getValues(), chosen);
  const change = useBatchChange({
    look: (of) =>
      callApi((client) =>
        client.accounts.updateMany({ body: { ids: [...of], set: changeOf(), dryRun: true } }),
      ),
    change: (of, versions) =>
      callApi((client) => client.accounts.updateMany({ body: { ids: [...of], set: changeOf(), versions } })),
    onChanged,
    onDone: (count) => {
      notify.success(t('saved', { count }));
      onClose();
    },
  });
  const api = useApiForm<BatchValues>({
    defaultValues: emptyBatch,
    schema: async () => (await import('@crs/shared')).accountBatchUpdateBody.shape.set,
    toBody: (values) => batchSet(values, chosen),
    submit: () => change.check(ids),
  });
  const { step, result, error } = change;
  const footer =
    step === 'set' ? (
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
    ) : (
      <BatchFooter change={change} applyLabel={(count) => t('apply', { count })} onClose={onClose} />
    );

  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && !change.busy && onClose()}
      title={t('title', { count: ids.length })}
      {...(step === 'set' && { description: t('help') })}
      // Buttons of their own for each step: one that turned into the next one's would send the form with its press.
      footer={<Fragment key={step}>{footer}</Fragment>}
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
