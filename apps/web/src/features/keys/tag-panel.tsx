'use client';
// Owns what tags the selected keys are to get and to lose.
import type { Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { TagInput } from '@/components/ui/tag-input';
import type { TagChange } from './tag-change';
import { useKeyTags } from './use-keys';

interface TagPanelProps {
  keys: readonly Key[];
  onApply: (change: TagChange) => void;
}

export function TagPanel({ keys, onApply }: TagPanelProps) {
  const t = useTranslations('keys.tags');
  const known = useKeyTags().map(({ tag }) => tag);
  const present = [...new Set(keys.flatMap(({ tags }) => tags))];
  const [change, setChange] = useState<TagChange>({ add: [], remove: [] });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(change);
      }}
    >
      <Field label={t('add')}>
        {(control) => (
          <TagInput
            {...control}
            value={change.add}
            suggestions={known}
            onChange={(add) => setChange({ ...change, add })}
          />
        )}
      </Field>
      <Field label={t('remove')}>
        {(control) => (
          <TagInput
            {...control}
            value={change.remove}
            suggestions={present}
            onChange={(remove) => setChange({ ...change, remove })}
          />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        disabled={change.add.length + change.remove.length === 0}
        className="self-end"
      >
        {t('apply')}
      </Button>
    </form>
  );
}
