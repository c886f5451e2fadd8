// Owns the bar of a share: a budget, a quota window. The figure beside it says the same in words.
import { clsx } from 'clsx';

interface ProgressBarProps {
  /** 0 to 1; more than 1 is shown full. */
  share: number;
  /** What the bar measures, for everybody who does not see it. */
  label: string;
  /** Colours by share (80 % warns, 100 % is bad) unless a tone is given. */
  tone?: 'accent' | 'ok' | 'warn' | 'bad';
  className?: string;
}

export function ProgressBar({ share, label, tone, className }: ProgressBarProps) {
  const shown = Math.max(0, Math.min(1, share));
  const colour = tone ?? (share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'accent');
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shown * 100)}
      className={clsx('block h-1.5 w-full overflow-hidden rounded-full bg-sunken', className)}
    >
      <span
        className={clsx('block h-full rounded-full', {
          'bg-accent': colour === 'accent',
          'bg-ok': colour === 'ok',
          'bg-warn': colour === 'warn',
          'bg-bad': colour === 'bad',
        })}
        style={{ width: `${shown * 100}%` }}
      />
    </span>
  );
}
