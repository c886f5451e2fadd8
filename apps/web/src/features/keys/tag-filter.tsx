'use client';
// Owns the filter by tag: the tags in use with their number of keys, and the one an address asks for.
import { useTranslations } from 'next-intl';
import { NativeSelect } from '@/components/ui/select-native';
import { useFormat } from '@/lib/use-format';
import { useKeyTags } from './use-keys';

interface TagFilterProps {
  value: string;
  onChange: (tag: string) => void;
}

export function TagFilter({ value, onChange }: TagFilterProps) {
  const t = useTranslations('keys.filter');
  const format = useFormat();
  const tags = useKeyTags();
  const options = tags.map(({ tag, keys }) => ({
    value: tag,
    label: t('tagCount', { tag, count: format.count(keys) }),
  }));
  const isKnown = value === '' || tags.some(({ tag }) => tag === value);
  if (options.length === 0 && value === '') return null;
  return (
    <NativeSelect
      label={t('tag')}
      value={value}
      options={[{ value: '', label: t('anyTag') }, ...(isKnown ? [] : [{ value, label: value }]), ...options]}
      onChange={onChange}
      className="max-w-56"
    />
  );
}
