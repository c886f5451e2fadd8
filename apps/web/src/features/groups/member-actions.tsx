'use client';
// Owns what can be done with the selected members of a group at once.
import type { BatchResult } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { notify } from '@/components/ui/notify';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { groupsChanged } from './use-groups';

interface MemberActionsProps {
  groupId: string;
  /** Ids of the selected members. */
  selected: readonly string[];
  /** The members that stay selected: those that were refused. */
  onDone: (left: readonly string[]) => void;
}

const actions = ['enable', 'disable', 'reset', 'takeOut'] as const;
type Action = (typeof actions)[number];

export function MemberActions({ groupId, selected, onDone }: MemberActionsProps) {
  const t = useTranslations('groups.many');
  const queries = useQueryClient();
  const errorText = useErrorText();
  const [busy, setBusy] = useState<Action | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  async function run(action: Action) {
    setBusy(action);
    setFailure(null);
    try {
      const answer = await send(action, groupId, selected);
      const refused = answer.results.filter(({ error }) => error !== null);
      if (answer.changed + answer.unchanged > 0)
        notify.success(t('done', { count: answer.changed + answer.unchanged }));
      if (refused.length > 0)
        setFailure(`${t('refused', { count: refused.length })}: ${refused[0]?.error?.detail ?? ''}`);
      onDone(refused.map(({ id }) => id));
      groupsChanged(queries);
    } catch (error) {
      setFailure(errorText(error).message);
    }
    setBusy(null);
  }

  return (
    <div className="flex flex-col gap-2">
      <section aria-label={t('actions')} className="flex flex-wrap gap-1.5">
        {actions.map((action) => (
          <Button
            key={action}
            size="sm"
            busy={busy === action}
            disabled={busy !== null || selected.length === 0}
            onClick={() => void run(action)}
          >
            {t(`do.${action}`)}
          </Button>
        ))}
      </section>
      {failure !== null && <Alert tone="bad">{failure}</Alert>}
    </div>
  );
}

function send(action: Action, groupId: string, selected: readonly string[]): Promise<BatchResult> {
  const ids = [...selected];
  const bodies = {
    enable: { ids, set: { enabled: true } },
    disable: { ids, set: { enabled: false } },
    reset: { ids, reset: true },
    takeOut: { ids, removeGroups: [groupId] },
  } satisfies Record<Action, object>;
  return callApi((client) => client.accounts.updateMany({ body: bodies[action] }));
}
