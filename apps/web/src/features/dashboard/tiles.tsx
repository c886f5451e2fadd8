'use client';
// Owns the figures at the top: spend, requests, tokens, errors, latency, each with its change against the period before.
import type { Dashboard } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Growth, Points } from '@/components/figures/change';
import { Tile } from '@/components/figures/tile';
import { allTokens, cacheTokens, errorShare, growth } from '@/lib/figures';
import { useFormat } from '@/lib/use-format';

export function Tiles({ data }: { data: Dashboard }) {
  const t = useTranslations('dashboard.tiles');
  const format = useFormat();
  const { current, previous, forecast } = data;
  const ms = (value: number | undefined) => (value === undefined ? '–' : format.duration(value));
  const share = errorShare(current);
  const shareBefore = errorShare(previous);
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
      <Tile
        label={t('spend')}
        value={format.money(current.costNanoUsd)}
        before={format.money(previous.costNanoUsd)}
        change={<Growth share={growth(current.costNanoUsd, previous.costNanoUsd)} />}
        parts={
          forecast === null
            ? t('noForecast')
            : t('forecast', {
                spent: format.money(forecast.monthToDateNanoUsd),
                low: format.moneyShort(forecast.lowNanoUsd),
                high: format.moneyShort(forecast.highNanoUsd),
              })
        }
      />
      <Tile
        label={t('requests')}
        value={format.count(current.requests)}
        before={format.count(previous.requests)}
        change={<Growth share={growth(current.requests, previous.requests)} />}
        parts={t('attempts', { attempts: format.count(current.attempts) })}
      />
      <Tile
        label={t('tokens')}
        value={format.tokens(allTokens(current))}
        before={format.tokens(allTokens(previous))}
        change={<Growth share={growth(allTokens(current), allTokens(previous))} />}
        parts={t('tokenParts', {
          input: format.tokens(current.input),
          output: format.tokens(current.output),
          cache: format.tokens(cacheTokens(current)),
        })}
      />
      <Tile
        label={t('errors')}
        value={share === null ? '–' : format.percent(share, 2)}
        before={shareBefore === null ? '–' : format.percent(shareBefore, 2)}
        change={<Points from={shareBefore} to={share} />}
        parts={t('failed', {
          failed: format.count(current.errors),
          requests: format.count(current.requests),
        })}
      />
      <Tile
        className="max-md:col-span-2"
        label={t('latency')}
        value={ms(current.latency.durationMs?.p50)}
        before={ms(previous.latency.durationMs?.p50)}
        change={
          <Growth
            share={growth(current.latency.durationMs?.p50, previous.latency.durationMs?.p50)}
            moreIsBad
          />
        }
        parts={t('latencyParts', {
          p95: ms(current.latency.durationMs?.p95),
          first: ms(current.latency.firstEventMs?.p50),
        })}
      />
    </dl>
  );
}
