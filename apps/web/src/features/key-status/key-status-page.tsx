'use client';
// Owns the page on which a key tells its own state to whoever holds it: what is used, what is left, when it ends.
import { BookOpen, KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Button, LinkButton } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { PasswordInput } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { keysIn, MOST_KEYS } from './remembered-keys';
import { type HeldKeys, useHeldKeys } from './use-held-keys';

const KeyCard = lazy(() => import('./key-card'));

export function KeyStatusPage() {
  const t = useTranslations('keyStatus');
  const shell = useTranslations('shell');
  const held = useHeldKeys();
  const { keys, remove } = held;
  return (
    <>
      <PageHeader
        title={shell('pages.keyStatus')}
        description={t('description')}
        actions={
          <LinkButton href={paths.setup} prefetch={false} icon={<BookOpen />}>
            {shell('pages.setup')}
          </LinkButton>
        }
      />
      <KeyForm held={held} />
      {keys.length === 0 ? (
        <EmptyState icon={<KeyRound />} title={t('emptyTitle')}>
          {t('emptyHelp')}
        </EmptyState>
      ) : (
        <ul className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,420px),1fr))] items-start gap-4">
          {keys.map((key) => (
            <li key={key.id} className="min-w-0">
              <Suspense fallback={<Skeleton className="h-96 w-full" />}>
                <KeyCard held={key} onRemove={() => remove(key.id)} />
              </Suspense>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function KeyForm({ held }: { held: HeldKeys }) {
  const t = useTranslations('keyStatus');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const isFull = held.keys.length >= MOST_KEYS;
  const add = (given: string) => {
    const left = held.add(given);
    setProblem(left > 0 ? t('tooMany', { count: left, most: MOST_KEYS }) : undefined);
    setText('');
  };
  return (
    <form
      autoComplete="off"
      className="max-w-[720px]"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') setProblem(t('missing'));
        else add(text);
      }}
    >
      <div className="flex items-start gap-2 max-sm:flex-col max-sm:items-stretch">
        <Field label={t('key')} help={t('keyHelp')} error={problem} className="flex-1">
          {(control) => (
            <PasswordInput
              {...control}
              value={text}
              autoComplete="off"
              placeholder={t('keyPlaceholder')}
              onChange={(event) => {
                setText(event.target.value);
                setProblem(undefined);
              }}
              // A field of one line would run the lines of a list together.
              onPaste={(event) => {
                const pasted = event.clipboardData.getData('text');
                if (keysIn(pasted).length < 2) return;
                event.preventDefault();
                add(pasted);
              }}
              className="font-mono text-sm"
            />
          )}
        </Field>
        <Button type="submit" variant="primary" disabled={isFull} className="sm:mt-6">
          {held.keys.length === 0 ? t('show') : t('add')}
        </Button>
      </div>
      <label className="mt-2 inline-flex min-h-6 cursor-pointer items-center gap-2 text-sm max-sm:min-h-11">
        <Checkbox checked={held.isRemembering} onChange={held.setRemembering} />
        {t('remember')}
      </label>
      <p className="text-muted text-xs">{held.isRemembering ? t('rememberOn') : t('rememberOff')}</p>
    </form>
  );
}
