'use client';
// Owns small changes of keys: the switch and tags (shown at once, taken back when refused), trash and restore, each
// with undo; of one key or of many. What the gateway refused is kept until it is dismissed.
import type { Key, BatchResult } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { BatchRefusal } from '@/components/batch/batch-refusal';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { keysCache, writeKey } from './key-cache';
import { withEnabled } from './key-state';
import { byTagChange, type TagChange, withTags } from './tag-change';

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
  /** Adds tags and takes others away; answers the keys that were refused. */
  setTags: (keys: readonly Key[], change: TagChange) => Promise<readonly Key[]>;
  /** Moves keys to the trash; answers those that were refused. */
  remove: (keys: readonly Key[]) => Promise<readonly Key[]>;
  restore: (key: Key) => Promise<void>;
  /** Deletes a key in the trash for good; rejects with the gateway's refusal. */
  purge: (key: Key) => Promise<void>;
}

interface Sent {
  refused: Key[];
  error: unknown;
}

/** The keys that the gateway did not change, all of them where the call itself failed. */
async function sendMany(keys: readonly Key[], send: () => Promise<BatchResult>): Promise<Sent> {
  try {
    const { results } = await send();
    const failed = results.filter(({ error }) => error !== null);
    const error = failed[0]?.error ?? null;
    return {
      refused: keys.filter((key) => failed.some(({ id }) => id === key.id)),
      error: error === null ? null : new BatchRefusal(error),
    };
  } catch (error) {
    return { refused: [...keys], error };
  }
}

const idsOf = (keys: readonly Key[]) => keys.map(({ id }) => id);
const sendEnabled = (key: Key, enabled: boolean) =>
  callApi((client) => client.keys.update({ params: { id: key.id }, body: { enabled } }));
const sendRestore = (key: Key) => callApi((client) => client.keys.restore({ params: { id: key.id } }));

export function useKeyChanges(): KeyChanges {
  const queries = useQueryClient();
  const t = useTranslations('keys');
  const [failure, setFailure] = useState<ChangeFailure | null>(null);

  const actions = useMemo(() => {
    const reload = () => queries.invalidateQueries({ queryKey: keysCache });

    /** Shown at once; what is refused is shown as it was. */
    async function changeMany(
      keys: readonly Key[],
      shown: (key: Key) => Key,
      send: () => Promise<BatchResult>,
    ): Promise<readonly Key[]> {
      setFailure(null);
      await queries.cancelQueries({ queryKey: keysCache });
      for (const key of keys) writeKey(queries, shown(key));
      const { refused, error } = await sendMany(keys, send);
      for (const key of refused) writeKey(queries, key);
      if (refused.length > 0) setFailure({ title: t('refused.many', { count: refused.length }), error });
      await reload();
      return refused;
    }

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
      const toChange = keys.filter((key) => key.enabled !== enabled);
      if (toChange.length === 0) return [];
      const refused = await changeMany(
        toChange,
        (key) => withEnabled(key, enabled, serverNow()),
        () =>
          callApi((client) => client.keys.updateMany({ body: { ids: idsOf(toChange), set: { enabled } } })),
      );
      const done = without(toChange, refused);
      const count = done.length;
      if (count > 0) {
        notify.success(enabled ? t('notice.enabledMany', { count }) : t('notice.disabledMany', { count }), {
          action: { label: t('undo'), onClick: () => void setEnabledOfMany(flipped(done), !enabled) },
        });
      }
      return refused;
    }

    async function sendTags(keys: readonly Key[], change: TagChange): Promise<readonly Key[]> {
      const { add: addTags, remove: removeTags } = change;
      return changeMany(
        keys,
        (key) => withTags(key, change),
        () =>
          callApi((client) => client.keys.updateMany({ body: { ids: idsOf(keys), addTags, removeTags } })),
      );
    }

    async function setTags(keys: readonly Key[], change: TagChange): Promise<readonly Key[]> {
      const refused = await sendTags(keys, change);
      const done = without(keys, refused);
      if (done.length > 0) {
        const undo = async () => {
          for (const group of byTagChange(done, change)) {
            await sendTags(
              group.keys.map((key) => withTags(key, change)),
              { add: group.change.remove, remove: group.change.add },
            );
          }
        };
        notify.success(t('notice.tagged', { count: done.length }), {
          action: { label: t('undo'), onClick: () => void undo() },
        });
      }
      return refused;
    }

    async function remove(keys: readonly Key[]): Promise<readonly Key[]> {
      setFailure(null);
      const { refused, error } = await sendMany(keys, () =>
        callApi((client) => client.keys.removeMany({ body: { ids: idsOf(keys) } })),
      );
      await reload();
      const done = without(keys, refused);
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
        const { name } = first;
        const title =
          keys.length === 1 ? t('refused.remove', { name }) : t('refused.many', { count: refused.length });
        setFailure({ title, error });
      }
      return refused;
    }

    /** One after the other: a refusal of one does not hold up the rest. */
    async function restoreMany(keys: readonly Key[]): Promise<void> {
      setFailure(null);
      const refused: { key: Key; error: unknown }[] = [];
      for (const key of keys) {
        try {
          await sendRestore(key);
        } catch (error) {
          refused.push({ key, error });
        }
      }
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
      setTags,
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

function without(keys: readonly Key[], others: readonly Key[]): Key[] {
  return keys.filter((key) => !others.some(({ id }) => id === key.id));
}

/** As they are after the change that is to be undone. */
function flipped(keys: readonly Key[]): Key[] {
  return keys.map((key) => ({ ...key, enabled: !key.enabled }));
}
