// Owns how full limits are, for whoever looks at a key: two commands for each key and user, sent together.
import type { LimitState } from '@crs/shared';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { bucketLeavesMs, limitedMeters, limitName, type Meter, periodOf, SLOTS } from './meters.ts';
import type { Periods } from './periods.ts';
import type { LimitedKey, Subject, Subjects } from './subjects.ts';

interface MeterReading {
  readonly used: number;
  readonly held: number;
  /** Null where nothing has to pass, or nothing ever does. */
  readonly resetsAtMs: number | null;
}

type Fields = Readonly<Record<string, string>>;

/** States of each key, in the order of the keys. */
export function readStates(
  redis: RedisConnections,
  periods: Periods,
  subjects: Subjects,
  keys: readonly LimitedKey[],
  nowMs: number,
): Promise<LimitState[][]> {
  return Promise.all(
    keys.map(async (key) => {
      const owner = key.userId ?? key.id;
      const states = await Promise.all(
        subjects.of(key).map((subject) => readSubject(redis, periods, owner, subject, nowMs)),
      );
      return states.flat();
    }),
  );
}

async function readSubject(
  redis: RedisConnections,
  periods: Periods,
  owner: string,
  subject: Subject,
  nowMs: number,
): Promise<LimitState[]> {
  const { keyspace, background } = redis;
  const meters = limitedMeters(subject.policy);
  const [running, fields] = await Promise.all([
    subject.concurrency === 0
      ? 0
      : background.zcount(keyspace.limitRunning(owner, subject.id), Date.now(), '+inf'),
    meters.length === 0 ? {} : background.hgetall(keyspace.limitMeters(owner, subject.id)),
  ]);
  const owned = { owner: subject.name };
  const concurrency: LimitState[] =
    subject.concurrency === 0
      ? []
      : [
          {
            limit: 'concurrency',
            every: null,
            ...owned,
            max: subject.concurrency,
            used: running,
            held: 0,
            resetsAt: null,
          },
        ];
  return [
    ...concurrency,
    ...meters.map((meter): LimitState => {
      const { used, held, resetsAtMs } = readMeter(meter, fields, periods, nowMs);
      return {
        limit: limitName(meter),
        every: meter.every,
        ...(meter.type === 'window' ? { count: meter.count } : {}),
        ...(meter.models === null ? {} : { models: [...meter.models] }),
        ...owned,
        max: meter.max,
        used,
        held,
        resetsAt: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
      };
    }),
  ];
}

/** What a hash of meters says of one of them at that time. */
function readMeter(meter: Meter, fields: Fields, periods: Periods, nowMs: number): MeterReading {
  const number = (field: string): number => Number(fields[`${meter.id}|${field}`] ?? 0);
  const stored = number('p');
  const period = periodOf(meter, nowMs, periods);
  if (meter.type === 'budget') {
    const isCurrent = stored >= period;
    return {
      used: isCurrent ? number('u') : 0,
      held: isCurrent ? number('h') : 0,
      resetsAtMs: periods.at(meter.every, meter.reset, nowMs).endMs,
    };
  }
  let used = 0;
  let newest: number | null = null;
  const latest = Math.max(stored, period);
  for (let bucket = latest - SLOTS + 1; bucket <= stored; bucket += 1) {
    const amount = number(String(bucket % SLOTS));
    used += amount;
    if (amount > 0) newest = bucket;
  }
  return { used, held: number('h'), resetsAtMs: newest === null ? null : bucketLeavesMs(meter, newest) };
}
