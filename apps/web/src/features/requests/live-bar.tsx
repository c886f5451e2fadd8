'use client';
// Owns what the live list says of itself: the switch with its state, and the bar under which new rows wait.
import { clsx } from 'clsx';
import { ArrowUp, Pause, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Live } from './use-live-requests';

interface LiveSwitchProps {
  status: Live['status'];
  paused: boolean;
  onToggle: () => void;
}

export function LiveSwitch({ status, paused, onToggle }: LiveSwitchProps) {
  const t = useTranslations('requests.live');
  const state = paused
    ? 'paused'
    : status === 'open'
      ? 'open'
      : status === 'reconnecting'
        ? status
        : 'connecting';
  return (
    <Button
      aria-pressed={!paused}
      title={paused ? t('resume') : t('pause')}
      onClick={onToggle}
      icon={paused ? <Play aria-hidden /> : <Pause aria-hidden />}
    >
      <span
        aria-hidden
        className={clsx(
          'size-2 rounded-full',
          state === 'open' ? 'bg-ok' : state === 'paused' ? 'bg-line-control' : 'bg-warn',
        )}
      />
      <span className="max-sm:sr-only">{t(`state.${state}`)}</span>
    </Button>
  );
}

interface LiveBarProps {
  live: Live;
  /** Reads the list anew. */
  onReload: () => void;
}

/** Counts are told to screen readers, now and then; rows never are. */
export function LiveBar({ live, onReload }: LiveBarProps) {
  const t = useTranslations('requests.live');
  const waiting = live.rows.waiting.length;
  const { skipped } = live.rows;
  return (
    <>
      <Announcer count={live.rows.shown.length + waiting} />
      {/* It floats: nothing below it moves when it comes. */}
      {(waiting > 0 || skipped > 0) && (
        <div className="pointer-events-none sticky top-[calc(var(--topbar-height)+52px)] z-20 h-0">
          <div className="flex -translate-y-full justify-center gap-2 pb-2">
            {waiting > 0 && (
              <Button
                variant="primary"
                icon={<ArrowUp aria-hidden />}
                className="pointer-events-auto rounded-full! shadow-md"
                onClick={() => {
                  window.scrollTo({ top: 0 });
                  live.showWaiting();
                }}
              >
                {t('waiting', { count: waiting })}
              </Button>
            )}
            {skipped > 0 && (
              <Button className="pointer-events-auto rounded-full!" onClick={onReload}>
                {t('skipped')}
              </Button>
            )}
          </div>
        </div>
      )}
    </>
  );
}

const ANNOUNCE_EVERY_MS = 10_000;

function Announcer({ count }: { count: number }) {
  const t = useTranslations('requests.live');
  const [told, setTold] = useState<number | null>(null);
  const known = useRef(0);
  const present = useRef(count);
  useEffect(() => {
    present.current = count;
  }, [count]);
  useEffect(() => {
    const timer = setInterval(() => {
      const news = present.current - known.current;
      known.current = present.current;
      setTold(news > 0 ? news : null);
    }, ANNOUNCE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p aria-live="polite" className="sr-only">
      {told === null ? '' : t('announced', { count: told })}
    </p>
  );
}
