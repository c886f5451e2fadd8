'use client';
// Owns what can be done with the selected keys of a page; a bar that floats above the foot of the window.
import type { Key } from '@crs/shared';
import { CalendarPlus, Pencil, Power, PowerOff, Tags, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { SelectionBar } from '@/components/data-table/selection-bar';
import { Button } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { TagPanel } from './tag-panel';
import type { KeyChanges } from './use-key-changes';

const BatchEditDialog = lazy(() => import('./batch-edit-dialog'));
const RenewDialog = lazy(() => import('./renew-dialog'));

interface BulkBarProps {
  keys: readonly Key[];
  changes: KeyChanges;
  /** The keys that stay selected: those that were refused. */
  onDone: (left: readonly Key[]) => void;
}

type Action = 'enable' | 'disable' | 'tags' | 'remove';

export default function BulkBar({ keys, changes, onDone }: BulkBarProps) {
  const t = useTranslations('keys');
  const [busy, setBusy] = useState<Action | null>(null);
  const [above, setAbove] = useState<'edit' | 'renew' | null>(null);

  async function run(what: Action, send: () => Promise<readonly Key[]>) {
    setBusy(what);
    const left = await send();
    setBusy(null);
    onDone(left);
  }

  const common = (what: Action) => ({ size: 'sm' as const, busy: busy === what, disabled: busy !== null });
  return (
    <>
      <SelectionBar
        label={t('bulk.title')}
        selected={t('bulk.selected', { count: keys.length })}
        busy={busy !== null}
        onClear={() => onDone([])}
      >
        <Button
          {...common('enable')}
          icon={<Power aria-hidden />}
          onClick={() => void run('enable', () => changes.setEnabledOfMany(keys, true))}
        >
          {t('enable')}
        </Button>
        <Button
          {...common('disable')}
          icon={<PowerOff aria-hidden />}
          onClick={() => void run('disable', () => changes.setEnabledOfMany(keys, false))}
        >
          {t('disable')}
        </Button>
        <Popover
          title={t('tags.title')}
          className="w-80"
          trigger={
            <Button {...common('tags')} icon={<Tags aria-hidden />}>
              {t('bulk.tags')}
            </Button>
          }
        >
          {(close) => (
            <TagPanel
              keys={keys}
              onApply={(change) => {
                close();
                void run('tags', () => changes.setTags(keys, change));
              }}
            />
          )}
        </Popover>
        <Button
          size="sm"
          disabled={busy !== null}
          icon={<Pencil aria-hidden />}
          onClick={() => setAbove('edit')}
        >
          {t('bulk.edit')}
        </Button>
        <Button
          size="sm"
          disabled={busy !== null}
          icon={<CalendarPlus aria-hidden />}
          onClick={() => setAbove('renew')}
        >
          {t('renew.action')}
        </Button>
        <Button
          {...common('remove')}
          variant="dangerGhost"
          icon={<Trash2 aria-hidden />}
          onClick={() => void run('remove', () => changes.remove(keys))}
        >
          {t('remove')}
        </Button>
      </SelectionBar>
      <Suspense>
        {above === 'edit' && <BatchEditDialog keys={keys} onClose={() => setAbove(null)} />}
        {above === 'renew' && <RenewDialog keys={keys} onClose={() => setAbove(null)} />}
      </Suspense>
    </>
  );
}
