// Owns the reading of a request's timeline: which part of the time was spent on what. Pure.
import type { RequestDetail } from '@crs/shared';

type Timeline = RequestDetail['timeline'];

/** Checks and admission, choice of the account, waiting for the upstream, streaming to the client. */
const phases = ['admit', 'route', 'upstream', 'stream'] as const;
export type Phase = (typeof phases)[number];

export interface Segment {
  phase: Phase;
  startMs: number;
  endMs: number;
}

/** What goes on after an event, until the next one. */
const afterEvent: Readonly<Record<string, Phase>> = {
  admitted: 'route',
  routed: 'route',
  sent: 'upstream',
  first_event: 'stream',
};

/** The request's time without gaps, from its arrival to its end; neighbours of the same phase are one. */
export function segmentsOf(timeline: Timeline, durationMs: number): Segment[] {
  const events = timeline.toSorted((a, b) => a.atMs - b.atMs);
  // The end is an event where it was written down; the duration is rounded.
  const endMs =
    events.find(({ event }) => event === 'ended')?.atMs ?? Math.max(durationMs, events.at(-1)?.atMs ?? 0);
  const segments: Segment[] = [];
  const add = (phase: Phase, startMs: number, until: number) => {
    const last = segments.at(-1);
    if (until <= startMs) return;
    if (last?.phase === phase) last.endMs = until;
    else segments.push({ phase, startMs, endMs: until });
  };
  // Without a choice there was none: what came after admission were the key's own rules.
  const isRouted = events.some(({ event }) => event === 'routed');
  let phase: Phase = 'admit';
  let reachedMs = 0;
  for (const event of events) {
    add(phase, reachedMs, event.atMs);
    reachedMs = Math.max(reachedMs, event.atMs);
    if (isRouted || event.event !== 'admitted') phase = afterEvent[event.event] ?? phase;
  }
  add(phase, reachedMs, endMs);
  return segments;
}

/** Time spent on each phase, in the order in which they come. */
export function timePerPhase(segments: readonly Segment[]): { phase: Phase; ms: number }[] {
  return phases
    .map((phase) => ({
      phase,
      ms: segments
        .filter((segment) => segment.phase === phase)
        .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    }))
    .filter(({ ms }) => ms > 0);
}
