'use client';
// Owns the page of the relay keys: the list or the trash, and what opens above them.
import type { Key } from '@crs/shared';
import { Plus } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { paths, withQuery } from '@/lib/paths';
import { useCanManage, useSession } from '@/lib/session';
import { useShortcut } from '@/lib/shortcuts';
import { useOpenId } from '@/lib/use-open-id';
import { ActiveKeys } from './active-keys';
import { ChangeFailureAlert } from './change-failure';
import { KeyDialogs, useKeyDialogs } from './key-dialogs';
import { useKeyChanges } from './use-key-changes';

const KeySheet = lazy(() => import('./key-sheet'));
const TrashKeys = lazy(() => import('./trash-keys'));

const views = ['active', 'trash'] as const;
type View = (typeof views)[number];

export function KeysPage() {
  const t = useTranslations('keys');
  const shell = useTranslations('shell');
  const canManage = useCanManage();
  const isAdmin = useSession().data?.user.role === 'admin';
  const search = useSearchParams();
  const view: View = search.get('tab') === 'trash' ? 'trash' : 'active';
  const wantsNew = search.get('new') !== null;
  const { id, open } = useOpenId();
  const changes = useKeyChanges();
  const { openers, above, setAbove } = useKeyDialogs();
  const { onCreate, onPurge } = openers;
  const onOpen = useCallback((key: Key) => open(key.id), [open]);
  const { restore } = changes;
  const onRestore = useCallback((key: Key) => void restore(key), [restore]);
  useShortcut('n', 'create', onCreate, canManage);
  useNewFromAddress(wantsNew && canManage, onCreate);

  // Another list starts with its own search and filters.
  const show = (next: View) =>
    window.history.pushState(null, '', addressOf(next === 'trash' ? { tab: 'trash' } : {}));

  return (
    <>
      <PageHeader
        title={shell('pages.keys')}
        description={t('description')}
        actions={
          <>
            <SegmentedControl<View>
              label={t('views.label')}
              value={view}
              options={views.map((value) => ({ value, label: t(`views.${value}`) }))}
              onChange={show}
            />
            {canManage && (
              <Button
                variant="primary"
                icon={<Plus aria-hidden />}
                onClick={onCreate}
                className="max-sm:hidden"
              >
                {t('create')}
              </Button>
            )}
          </>
        }
      />
      {id === null && <ChangeFailureAlert changes={changes} />}
      {view === 'active' ? (
        <ActiveKeys {...{ canManage, changes, onOpen, openers }} />
      ) : (
        <Suspense>
          <TrashKeys {...{ canManage, onOpen, onRestore, onPurge }} canPurge={isAdmin} />
        </Suspense>
      )}
      <Suspense>
        {id !== null && (
          <KeySheet
            id={id}
            {...{ canManage, changes, openers }}
            canPurge={isAdmin}
            onClose={() => open(null)}
          />
        )}
      </Suspense>
      <KeyDialogs
        {...{ above, setAbove, changes }}
        onPurged={(key) => {
          if (id === key.id) open(null);
        }}
      />
    </>
  );
}

function addressOf(query: Record<string, string>): string {
  const path = window.location.pathname;
  return withQuery(path === '' ? paths.keys : path, query);
}

/** `?new=1` opens the form once; the address forgets it at once, so that going back does not open it again. */
function useNewFromAddress(wanted: boolean, create: () => void): void {
  useEffect(() => {
    if (!wanted) return;
    window.history.replaceState(null, '', addressOf({}));
    create();
  }, [wanted, create]);
}
