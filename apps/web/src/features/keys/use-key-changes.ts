'use client';
// Owns small changes of keys: the switch (shown at once, taken back when refused), trash and restore, each with undo;
// of one key or of many. What the gateway refused is kept until it is dismissed.
import type { Key } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { keysCache, writeKey } from './key-cache';
import { withEnabled } from './key-state';

interface ChangeFailure {
  /** What could not be done, to how many. */
  title: string;
  error: unknown;
}

export interface KeyChanges {
  failure: ChangeFailure | null;
  dismiss: () => void;
  setEnabled: (key: Key, enabled: boolean) => Promise<void>;
  /** Answers the keys that were refused. */
  setEnabledOfMany: (keys: readonly Key[], enabled: boolean) => Promise<readonly Key[]>;
  /** Moves keys to the trash; answers those that were refused. */
  remove: (keys: readonly Key[]) => Promise<readonly Key[]>;
  restore: (key: Key) => Promise<void>;
  /** Deletes a key in the trash for good; rejects with the gateway's refusal. */
  purge: (key: Key) => Promise<void>;
}

interface Refused {
  key: Key;
  error: unknown;
}

/** One after the other: a refusal of one does not hold up the rest. */
async function each(keys: readonly Key[], send: (key: Key) => Promise<unknown>): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const key of keys) {
    try {
      await send(key);
    } catch (error) {
      refused.push({ key, error });
    }
  }
  return refused;
}

const sendEnabled = (key: Key, enabled: boolean) =>
  callApi((client) => client.keys.update({ params: { id: key.id }, body: { enabled } }));
const sendRestore = (key: Key) => callApi((client) => client.keys.restore({ params: { id: key.id } }));
const sendRemove = (key: Key) => callApi((client) => client.keys.remove({ params: { id: key.id } }));

export function useKeyChanges(): KeyChanges {
  const queries = useQueryClient();
  const t = useTranslations('keys');
  const [failure, setFailure] = useState<ChangeFailure | null>(null);

  const actions = useMemo(() => {
    const reload = () => queries.invalidateQueries({ queryKey: keysCache });

    async function setEnabled(key: Key, enabled: boolean): Promise<void> {
      setFailure(null);
      await queries.cancelQueries({ queryKey: keysCache });
      writeKey(queries, withEnabled(key, enabled, serverNow()));
      try {
        const saved = await sendEnabled(key, enabled);
        writeKey(queries, saved);
        const { name } = key;
        notify.success(enabled ? t('notice.enabled', { name }) : t('notice.disabled', { name }), {
          action: { label: t('undo'), onClick: () => void setEnabled(saved, !enabled) },
        });
      } catch (error) {
        writeKey(queries, key);
        const { name } = key;
        setFailure({
          title: enabled ? t('refused.enable', { name }) : t('refused.disable', { name }),
          error,
        });
      }
      void reload();
    }

    async function setEnabledOfMany(keys: readonly Key[], enabled: boolean): Promise<readonly Key[]> {
      setFailure(null);
      const toChange = keys.filter((key) => key.enabled !== enabled);
      const refused = await each(toChange, async (key) => writeKey(queries, await sendEnabled(key, enabled)));
      await reload();
      const done = toChange.filter((key) => !refused.some((one) => one.key.id === key.id));
      const count = done.length;
      if (count > 0) {
        notify.success(enabled ? t('notice.enabledMany', { count }) : t('notice.disabledMany', { count }), {
          action: { label: t('undo'), onClick: () => void setEnabledOfMany(flipped(done), !enabled) },
        });
      }
      const [first] = refused;
      if (first !== undefined) {
        setFailure({ title: t('refused.many', { count: refused.length }), error: first.error });
      }
      return refused.map(({ key }) => key);
    }

    async function remove(keys: readonly Key[]): Promise<readonly Key[]> {
      setFailure(null);
      const refused = await each(keys, sendRemove);
      await reload();
      const done = keys.filter((key) => !refused.some((one) => one.key.id === key.id));
      const [only] = done;
      if (only !== undefined) {
        const { name } = only;
        const message =
          done.length === 1 ? t('notice.removed', { name }) : t('notice.removedMany', { count: done.length });
        notify.success(message, {
          action: { label: t('undo'), onClick: () => void restoreMany(done) },
        });
      }
      const [first] = refused;
      if (first !== undefined) {
        const { name } = first.key;
        const title =
          keys.length === 1 ? t('refused.remove', { name }) : t('refused.many', { count: refused.length });
        setFailure({ title, error: first.error });
      }
      return refused.map(({ key }) => key);
    }

    async function restoreMany(keys: readonly Key[]): Promise<void> {
      setFailure(null);
      const refused = await each(keys, sendRestore);
      await reload();
      const [first] = refused;
      const [only] = keys;
      if (first !== undefined) {
        setFailure({ title: t('refused.restore', { name: first.key.name }), error: first.error });
      } else if (only !== undefined) {
        const { name } = only;
        notify.success(
          keys.length === 1
            ? t('notice.restored', { name })
            : t('notice.restoredMany', { count: keys.length }),
        );
      }
    }

    return {
      dismiss: () => setFailure(null),
      setEnabled,
      setEnabledOfMany,
      remove,
      restore: (key: Key) => restoreMany([key]),
      async purge(key: Key) {
        await callApi((client) => client.keys.purge({ params: { id: key.id } }));
        await reload();
        notify.success(t('notice.purged', { name: key.name }));
      },
    };
  }, [queries, t]);

  return useMemo(() => ({ ...actions, failure }), [actions, failure]);
}

/** As they are after the change that is to be undone. */
function flipped(keys: readonly Key[]): Key[] {
  return keys.map((key) => ({ ...key, enabled: !key.enabled }));
}
