'use client';
// Owns how a moment is shown: relative with the exact time on hover, and the countdown to a moment.
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';

interface MomentProps {
  /** ISO time; null shows a dash. */
  at: string | null;
  /** Zone of the exact time where the server's zone decides; else the reader's. */
  timeZone?: string;
  className?: string;
}

export function RelativeTime({ at, timeZone, className }: MomentProps) {
  const format = useFormat();
  const now = useNow(15_000);
  if (at === null) return <span className="text-muted">{'–'}</span>;
  return (
    <time dateTime={at} title={format.exactTime(at, timeZone)} className={className}>
      {format.relative(at, now)}
    </time>
  );
}

/** Time left until `at`, ticking each second; nothing once it is over. */
export function Countdown({ at, className }: { at: string; className?: string }) {
  const format = useFormat();
  const left = Date.parse(at) - useNow(1000);
  if (left <= 0) return null;
  return (
    <time dateTime={at} title={format.exactTime(at)} className={className}>
      {format.countdown(left)}
    </time>
  );
}
