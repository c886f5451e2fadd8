'use client';
// Owns what can be done with the selected accounts at once; a chunk of its own.
import type { Account } from '@crs/shared';
import { Boxes, FlaskConical, Pause, Pencil, Power, PowerOff, RotateCcw, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { SelectionBar } from '@/components/data-table/selection-bar';
import { Button } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { GroupPanel } from './group-panel';
import type { AccountChanges, ManyChange, ManyNotice } from './use-account-changes';

const BatchEditDialog = lazy(() => import('./batch-edit-dialog'));
const DeleteMany = lazy(() => import('./delete-many'));
const PauseDialog = lazy(() => import('./pause-dialog'));
const TestMany = lazy(() => import('./test-many'));

interface BulkBarProps {
  accounts: readonly Account[];
  changes: AccountChanges;
  /** The accounts that stay selected: those that were refused. */
  onDone: (left: readonly Account[]) => void;
}

type Above = 'edit' | 'pause' | 'test' | 'delete';

export default function BulkBar({ accounts, changes, onDone }: BulkBarProps) {
  const t = useTranslations('accounts');
  const [busy, setBusy] = useState<ManyNotice | null>(null);
  const [above, setAbove] = useState<Above | null>(null);

  async function run(change: ManyChange, notice: ManyNotice) {
    setBusy(notice);
    const left = await changes.many(accounts, change, notice);
    setBusy(null);
    onDone(left);
  }

  const common = (notice: ManyNotice) => ({
    size: 'sm' as const,
    busy: busy === notice,
    disabled: busy !== null,
  });
  const opens = (what: Above) => ({
    size: 'sm' as const,
    disabled: busy !== null,
    onClick: () => setAbove(what),
  });
  const close = () => setAbove(null);
  return (
    <>
      <SelectionBar
        label={t('bulk.title')}
        selected={t('bulk.selected', { count: accounts.length })}
        busy={busy !== null}
        onClear={() => onDone([])}
      >
        <Button
          {...common('enabledMany')}
          icon={<Power aria-hidden />}
          onClick={() => void run({ set: { enabled: true } }, 'enabledMany')}
        >
          {t('enable')}
        </Button>
        <Button
          {...common('disabledMany')}
          icon={<PowerOff aria-hidden />}
          onClick={() => void run({ set: { enabled: false } }, 'disabledMany')}
        >
          {t('disable')}
        </Button>
        <Button {...opens('pause')} icon={<Pause aria-hidden />}>
          {t('pause.action')}
        </Button>
        <Button
          {...common('resetMany')}
          icon={<RotateCcw aria-hidden />}
          onClick={() => void run({ reset: true }, 'resetMany')}
        >
          {t('reset')}
        </Button>
        <Button {...opens('test')} icon={<FlaskConical aria-hidden />}>
          {t('bulk.test')}
        </Button>
        <Popover
          title={t('columns.groups')}
          className="w-80"
          trigger={
            <Button {...common('groupedMany')} icon={<Boxes aria-hidden />}>
              {t('columns.groups')}
            </Button>
          }
        >
          {(dismiss) => (
            <GroupPanel
              accounts={accounts}
              onApply={(change) => {
                dismiss();
                void run(change, 'groupedMany');
              }}
            />
          )}
        </Popover>
        <Button {...opens('edit')} icon={<Pencil aria-hidden />}>
          {t('bulk.edit')}
        </Button>
        <Button {...opens('delete')} variant="dangerGhost" icon={<Trash2 aria-hidden />}>
          {t('bulk.delete')}
        </Button>
      </SelectionBar>
      <Suspense>
        {above === 'edit' && (
          <BatchEditDialog accounts={accounts} onChanged={changes.reload} onClose={close} />
        )}
        {above === 'pause' && (
          <PauseDialog
            accounts={accounts}
            onClose={close}
            onPause={async (pausedUntil) => {
              close();
              await run({ set: { pausedUntil } }, pausedUntil === null ? 'resumedMany' : 'pausedMany');
            }}
          />
        )}
        {above === 'test' && <TestMany accounts={accounts} onDone={changes.reload} onClose={close} />}
        {above === 'delete' && (
          <DeleteMany
            accounts={accounts}
            onDeleted={(left) => {
              changes.reload();
              onDone(left);
            }}
            onClose={close}
          />
        )}
      </Suspense>
    </>
  );
}
