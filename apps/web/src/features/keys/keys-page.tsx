'use client';
// Owns the page of the relay keys: the list or the trash, and what opens above them.
import type { Key } from '@crs/shared';
import { Plus } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { paths, withQuery } from '@/lib/paths';
import { useCanManage, useSession } from '@/lib/session';
import { useShortcut } from '@/lib/shortcuts';
import { useOpenId } from '@/lib/use-open-id';
import { ActiveKeys } from './active-keys';
import { ChangeFailureAlert } from './change-failure';
import { useKeyChanges } from './use-key-changes';

const KeyDialog = lazy(() => import('./key-dialog'));
const KeySheet = lazy(() => import('./key-sheet'));
const PurgeDialog = lazy(() => import('./purge-dialog'));
const SecretDialog = lazy(() => import('./secret-dialog'));
const TrashKeys = lazy(() => import('./trash-keys'));

const views = ['active', 'trash'] as const;
type View = (typeof views)[number];

type Above =
  | { what: 'create'; from: Key | null }
  | { what: 'edit' | 'purge'; key: Key }
  // The secret is here and nowhere else: not in the address, a storage, the query cache or a log.
  | { what: 'secret'; key: Key; secret: string }
  | null;

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
  const [above, setAbove] = useState<Above>(null);

  const close = () => setAbove(null);
  const create = useCallback(() => setAbove({ what: 'create', from: null }), []);
  const onOpen = useCallback((key: Key) => open(key.id), [open]);
  const onEdit = useCallback((key: Key) => setAbove({ what: 'edit', key }), []);
  const onDuplicate = useCallback((key: Key) => setAbove({ what: 'create', from: key }), []);
  const onPurge = useCallback((key: Key) => setAbove({ what: 'purge', key }), []);
  const { restore } = changes;
  const onRestore = useCallback((key: Key) => void restore(key), [restore]);
  useShortcut('n', 'create', create, canManage);
  useNewFromAddress(wantsNew && canManage, create);

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
                onClick={create}
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
        <ActiveKeys {...{ canManage, changes, onOpen, onEdit, onDuplicate }} onCreate={create} />
      ) : (
        <Suspense>
          <TrashKeys {...{ canManage, onOpen, onRestore, onPurge }} canPurge={isAdmin} />
        </Suspense>
      )}
      <Suspense>
        {id !== null && (
          <KeySheet
            id={id}
            {...{ canManage, changes, onEdit, onPurge }}
            canPurge={isAdmin}
            onClose={() => open(null)}
          />
        )}
        {(above?.what === 'create' || above?.what === 'edit') && (
          <KeyDialog
            edited={above.what === 'edit' ? above.key : null}
            template={above.what === 'create' ? above.from : null}
            onClose={close}
            onCreated={(key, secret) => setAbove({ what: 'secret', key, secret })}
          />
        )}
        {above?.what === 'secret' && (
          <SecretDialog apiKey={above.key} secret={above.secret} onClose={close} />
        )}
        {above?.what === 'purge' && (
          <PurgeDialog
            apiKey={above.key}
            onClose={close}
            onPurge={async (key) => {
              await changes.purge(key);
              if (id === key.id) open(null);
            }}
          />
        )}
      </Suspense>
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
