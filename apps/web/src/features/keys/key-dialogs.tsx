'use client';
// Owns what opens above a list of keys or the page of one: forms, renewal, rotation, the sight of secrets. A secret is
// in here and nowhere else: not in the address, a storage, the query cache or a log.
import type { Key } from '@crs/shared';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { CreatedKeys } from './secrets-dialog';
import type { KeyChanges } from './use-key-changes';

const KeyDialog = lazy(() => import('./key-dialog'));
const PurgeDialog = lazy(() => import('./purge-dialog'));
const RenewDialog = lazy(() => import('./renew-dialog'));
const RotateDialog = lazy(() => import('./rotate-dialog'));
const SecretDialog = lazy(() => import('./secret-dialog'));
const SecretsDialog = lazy(() => import('./secrets-dialog'));

type Above =
  | { what: 'create'; from: Key | null }
  | { what: 'edit' | 'purge' | 'renew' | 'rotate'; key: Key }
  | { what: 'secret'; key: Key; secret: string }
  | { what: 'secrets'; created: CreatedKeys }
  | null;

/** What opens each of them. */
export interface KeyDialogOpeners {
  onCreate: () => void;
  onDuplicate: (key: Key) => void;
  onEdit: (key: Key) => void;
  onRenew: (key: Key) => void;
  onRotate: (key: Key) => void;
  onPurge: (key: Key) => void;
}

interface KeyDialogState {
  openers: KeyDialogOpeners;
  above: Above;
  setAbove: (above: Above) => void;
}

export function useKeyDialogs(): KeyDialogState {
  const [above, setAbove] = useState<Above>(null);
  const openers = useMemo(
    (): KeyDialogOpeners => ({
      onCreate: () => setAbove({ what: 'create', from: null }),
      onDuplicate: (key) => setAbove({ what: 'create', from: key }),
      onEdit: (key) => setAbove({ what: 'edit', key }),
      onRenew: (key) => setAbove({ what: 'renew', key }),
      onRotate: (key) => setAbove({ what: 'rotate', key }),
      onPurge: (key) => setAbove({ what: 'purge', key }),
    }),
    [],
  );
  return { openers, above, setAbove };
}

interface KeyDialogsProps extends Pick<KeyDialogState, 'above' | 'setAbove'> {
  changes: KeyChanges;
  onPurged: (key: Key) => void;
}

export function KeyDialogs({ above, setAbove, changes, onPurged }: KeyDialogsProps) {
  const close = () => setAbove(null);
  return (
    <Suspense>
      {(above?.what === 'create' || above?.what === 'edit') && (
        <KeyDialog
          edited={above.what === 'edit' ? above.key : null}
          template={above.what === 'create' ? above.from : null}
          onClose={close}
          onCreated={(key, secret) => setAbove({ what: 'secret', key, secret })}
          onCreatedMany={(created) => setAbove({ what: 'secrets', created })}
        />
      )}
      {above?.what === 'renew' && <RenewDialog keys={[above.key]} onClose={close} />}
      {above?.what === 'rotate' && (
        <RotateDialog
          apiKey={above.key}
          onClose={close}
          onRotated={(key, secret) => setAbove({ what: 'secret', key, secret })}
        />
      )}
      {above?.what === 'secret' && <SecretDialog apiKey={above.key} secret={above.secret} onClose={close} />}
      {above?.what === 'secrets' && <SecretsDialog created={above.created} onClose={close} />}
      {above?.what === 'purge' && (
        <PurgeDialog
          apiKey={above.key}
          onClose={close}
          onPurge={async (key) => {
            await changes.purge(key);
            onPurged(key);
          }}
        />
      )}
    </Suspense>
  );
}
