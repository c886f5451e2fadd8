'use client';
// Owns the form that creates or edits a group; a chunk of its own.
import type { Group } from '@crs/shared';
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
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { MemberPicker } from './member-picker';
import { groupsChanged } from './use-groups';

const FORM_ID = 'group-form';

interface GroupDialogProps {
  /** The group to edit; null creates one. */
  group: Group | null;
  onClose: () => void;
}

interface GroupValues {
  name: string;
  description: string;
  accountIds: string[];
}

export default function GroupDialog({ group, onClose }: GroupDialogProps) {
  const t = useTranslations('groups');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const api = useApiForm<GroupValues>({
    defaultValues: {
      name: group?.name ?? '',
      description: group?.description ?? '',
      accountIds: [...(group?.accountIds ?? [])],
    },
    schema: async () => (await import('@crs/shared')).groupCreateBody,
    async submit(values) {
      const saved = await callApi((client) =>
        group === null
          ? client.groups.create({ body: values })
          : client.groups.update({ params: { id: group.id }, body: { ...values, version: group.version } }),
      );
      groupsChanged(queries);
      notify.success(t('notice.saved', { name: saved.name }));
      onClose();
    },
  });
  const { isSubmitting, isDirty } = api.form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const leave = () => (isDirty && !isSubmitting ? setAsking(true) : onClose());

  return (
    <>
      <Dialog
        open
        size="lg"
        onOpenChange={(open) => !open && leave()}
        title={group === null ? t('create') : t('editTitle', { name: group.name })}
        footer={
          <>
            <Button onClick={leave}>{common('cancel')}</Button>
            <Button type="submit" form={FORM_ID} variant="primary" busy={isSubmitting}>
              {group === null ? t('create') : t('save')}
            </Button>
          </>
        }
      >
        <Form api={api} id={FORM_ID}>
          <div className="flex flex-col gap-4">
            <FormField api={api} name="name" label={t('columns.name')} required>
              {(control, field) => (
                <Input {...control} {...field} autoComplete="off" placeholder={t('namePlaceholder')} />
              )}
            </FormField>
            <FormField api={api} name="description" label={t('descriptionField')} optional>
              {(control, field) => <Textarea {...control} {...field} rows={2} />}
            </FormField>
            <FormField api={api} name="accountIds" label={t('columns.members')} help={t('membersHelp')}>
              {(control, { value, onChange }) => <MemberPicker {...{ control, value, onChange }} />}
            </FormField>
          </div>
        </Form>
      </Dialog>
      {asking && <DiscardDialog onStay={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}
