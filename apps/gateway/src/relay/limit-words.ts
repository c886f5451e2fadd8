// Owns how a limit that is in the way is put into words.
import { nanoToUsd } from '@crs/shared';
import type { LimitRefusal } from '../modules/limits/index.ts';

/** The limit, what is used and reserved of it, and when it frees. */
export function describeLimit(refusal: LimitRefusal, nowMs: number): string {
  const { limit, max, owner } = refusal;
  const whose = owner === 'key' ? 'This relay key' : 'The user of this relay key';
  if (limit === 'concurrency') {
    return `${whose} allows ${max} ${max === 1 ? 'request' : 'requests'} at the same time, and as many are running; it frees when one of them ends.`;
  }
  const allowance = `${whose} allows ${amount(refusal, max)} ${span(refusal)}${forModels(refusal)}`;
  return `${allowance}: ${state(refusal)}. ${reset(refusal, nowMs)}`;
}

function state(refusal: LimitRefusal): string {
  const { held, max, needed, used } = refusal;
  const running = held > 0 ? `, ${amount(refusal, held)} reserved by running requests` : '';
  const wanted = used + held < max ? `, and this request needs up to ${amount(refusal, needed)}` : '';
  return `${amount(refusal, used)} used${running}${wanted}`;
}

function amount({ limit }: LimitRefusal, value: number): string {
  if (limit === 'budget' || limit === 'usd') return `USD ${nanoToUsd(value)}`;
  const unit = limit === 'tokens' ? 'token' : 'request';
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}

function span({ limit, every, count }: LimitRefusal): string {
  if (every === 'total') return 'in total';
  if (limit === 'budget') return `per ${every ?? ''}`;
  return count === null || count === 1 ? `per ${every ?? ''}` : `in ${count} ${every ?? ''}s`;
}

function forModels({ models }: LimitRefusal): string {
  return models === null ? '' : ` for the models ${models.join(', ')}`;
}

function reset({ limit, needed, max, resetsAtMs }: LimitRefusal, nowMs: number): string {
  if (needed > max) return 'That is more than all of it: ask for less output, or have the limit raised.';
  if (resetsAtMs === null) {
    return limit === 'budget' ? 'It does not begin anew.' : 'It frees when running requests end.';
  }
  const when = new Date(resetsAtMs).toISOString();
  const seconds = secondsUntil(resetsAtMs, nowMs);
  return limit === 'budget' ? `It begins anew at ${when}.` : `It frees at ${when} (in ${seconds} s).`;
}

export function secondsUntil(atMs: number | null, nowMs: number): number {
  return atMs === null ? 1 : Math.max(1, Math.ceil((atMs - nowMs) / 1000));
}
