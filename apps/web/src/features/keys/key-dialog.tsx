'use client';
// Owns the form that creates a key or many of them, or edits one. Secrets of new ones are handed on and not kept.
import type { Key } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { DiscardDialog } from '@/components/form/discard-dialog';
import { Form, FormField } from '@/components/form/form';
import { useApiForm } from '@/components/form/use-api-form';
import { useUnsavedWarning } from '@/components/form/use-unsaved-warning';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Input, Textarea } from '@/components/ui/input';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { notify } from '@/components/ui/notify';
import { TagInput } from '@/components/ui/tag-input';
import { callApi } from '@/lib/api';
import { ExpirationFields } from './expiration-fields';
import { keysCache, writeKey } from './key-cache';
import { AccessSection, ModelSection, StateSection } from './key-form-sections';
import { BudgetSection, LoadSection, RateSection, RoutingSection, WindowSection } from './key-limit-sections';
import { changedFields, emptyValues, type KeyValues, toBody, valuesOf } from './key-values';
import { ManyFields } from './many-fields';
import type { CreatedKeys } from './secrets-dialog';
import { useKeyTags } from './use-keys';

const FORM_ID = 'key-form';

interface KeyDialogProps {
  /** The key to edit; null creates one. */
  edited: Key | null;
  /** A key whose settings a new one starts with. */
  template: Key | null;
  onClose: () => void;
  onCreated: (key: Key, secret: string) => void;
  onCreatedMany: (created: CreatedKeys) => void;
}

const amounts = ['one', 'many'] as const;

export default function KeyDialog(props: KeyDialogProps) {
  const { edited, template, onClose, onCreated, onCreatedMany } = props;
  const t = useTranslations('keys.form');
  const keys = useTranslations('keys');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const tags = useKeyTags();
  const [asking, setAsking] = useState(false);
  const [amount, setAmount] = useState<(typeof amounts)[number]>('one');
  const isMany = edited === null && amount === 'many';
  const [initial] = useState<KeyValues>(() => {
    if (edited !== null) return valuesOf(edited);
    return template === null ? emptyValues : { ...valuesOf(template), name: '', enabled: true };
  });

  async function create(values: KeyValues) {
    // Straight from the answer to the dialog: a mutation would keep the secret in its cache.
    const { key, secret } = await callApi((client) => client.keys.create({ body: toBody(values) }));
    void queries.invalidateQueries({ queryKey: keysCache });
    void queries.invalidateQueries({ queryKey: ['dashboard'] });
    onCreated(key, secret);
  }

  async function createMany(values: KeyValues) {
    const { items, failed } = await callApi((client) => client.keys.createMany({ body: manyBody(values) }));
    void queries.invalidateQueries({ queryKey: keysCache });
    void queries.invalidateQueries({ queryKey: ['dashboard'] });
    onCreatedMany({
      secrets: items.map(({ key, secret }) => ({ id: key.id, name: key.name, secret })),
      failed,
    });
  }

  async function update(key: Key, values: KeyValues) {
    const changed = changedFields(initial, values);
    if (Object.keys(changed).length > 0) {
      const body = { ...changed, version: key.version };
      writeKey(queries, await callApi((client) => client.keys.update({ params: { id: key.id }, body })));
      void queries.invalidateQueries({ queryKey: keysCache });
      notify.success(keys('notice.saved', { name: values.name }));
    }
    onClose();
  }

  const api = useApiForm<KeyValues>({
    defaultValues: initial,
    schema: async () => {
      const { keyBatchCreateBody, keyCreateBody } = await import('@crs/shared');
      return isMany ? keyBatchCreateBody : keyCreateBody;
    },
    toBody: isMany ? manyBody : toBody,
    submit: (values) => {
      if (edited !== null) return update(edited, values);
      return isMany ? createMany(values) : create(values);
    },
  });
  const { isSubmitting, isDirty } = api.form.formState;
  useUnsavedWarning(isDirty);
  const leave = () => (isDirty && !isSubmitting ? setAsking(true) : onClose());

  return (
    <>
      <Dialog
        open
        onOpenChange={(open) => !open && leave()}
        size="lg"
        title={edited === null ? t('createTitle') : t('editTitle', { name: edited.name })}
        description={edited === null ? t('createHelp') : undefined}
        footer={
          <>
            <Button onClick={leave}>{common('cancel')}</Button>
            <Button type="submit" form={FORM_ID} variant="primary" busy={isSubmitting}>
              {edited !== null ? t('save') : isMany ? t('createMany') : keys('create')}
            </Button>
          </>
        }
      >
        <Form api={api} id={FORM_ID}>
          <div className="flex flex-col gap-4 pb-5">
            {edited === null && (
              <SegmentedControl
                label={t('amount')}
                value={amount}
                options={amounts.map((value) => ({ value, label: t(`amounts.${value}`) }))}
                onChange={setAmount}
              />
            )}
            <FormField
              api={api}
              name="name"
              label={isMany ? t('namePattern') : t('name')}
              help={isMany ? t('namePatternHelp') : undefined}
              required
            >
              {(control, field) => (
                <Input
                  {...control}
                  {...field}
                  data-first-field=""
                  autoComplete="off"
                  placeholder={t('namePlaceholder')}
                />
              )}
            </FormField>
            {isMany && <ManyFields api={api} />}
            <FormField api={api} name="description" label={t('description')} optional>
              {(control, field) => <Textarea {...control} {...field} rows={2} />}
            </FormField>
            <FormField api={api} name="tags" label={t('tags')} help={t('tagsHelp')} optional>
              {(control, field) => (
                <TagInput {...control} {...field} suggestions={tags.map(({ tag }) => tag)} />
              )}
            </FormField>
            <ExpirationFields api={api} />
          </div>
          <BudgetSection api={api} />
          <WindowSection api={api} />
          <LoadSection api={api} />
          <ModelSection api={api} />
          <RoutingSection api={api} />
          <AccessSection api={api} />
          <RateSection api={api} />
          <StateSection api={api} />
        </Form>
      </Dialog>
      {asking && <DiscardDialog onStay={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}

/** As the gateway takes a template of many keys. */
function manyBody(values: KeyValues) {
  const { count, startAt } = values;
  return {
    ...toBody(values),
    count: Number(count),
    startAt: startAt.trim() === '' ? Number.NaN : Number(startAt),
  };
}
