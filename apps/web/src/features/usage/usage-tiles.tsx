'use client';
// Owns the figures of the whole range; each is also the way to go into it.
import { useTranslations } from 'next-intl';
import { Growth, Points } from '@/components/figures/change';
import { TileButton } from '@/components/figures/tile';
import { cacheTokens, errorShare } from '@/lib/figures';
import { useFormat } from '@/lib/use-format';
import { changeOf, type Measure, valueOf } from './measures';
import type { UsageAnswer } from './use-usage';

interface UsageTilesProps {
  answer: UsageAnswer;
  measure: Measure;
  onMeasure: (measure: Measure) => void;
}

export function UsageTiles({ answer: { total, previous }, measure, onMeasure }: UsageTilesProps) {
  const t = useTranslations('usage');
  const format = useFormat();
  const tile = (name: Measure, write: (value: number) => string, parts: string, moreIsBad = false) => {
    const [now, before] = [valueOf(name, total), valueOf(name, previous)];
    return {
      name,
      value: now === null ? '–' : write(now),
      before: before === null ? '–' : write(before),
      change:
        name === 'errors' ? (
          <Points from={errorShare(previous)} to={errorShare(total)} />
        ) : (
          <Growth share={changeOf(name, total, previous)} moreIsBad={moreIsBad} />
        ),
      parts,
    };
  };
  const ms = (value: number | undefined) => (value === undefined ? '–' : format.duration(value));
  const tiles = [
    tile('cost', format.money, t('tiles.charged', { charged: format.money(total.chargedNanoUsd) })),
    tile('requests', format.count, t('tiles.attempts', { attempts: format.count(total.attempts) })),
    tile(
      'tokens',
      format.tokens,
      t('tiles.tokenParts', {
        input: format.tokens(total.input),
        output: format.tokens(total.output),
        cache: format.tokens(cacheTokens(total)),
      }),
    ),
    tile('savings', format.money, t('tiles.cacheRead', { tokens: format.tokens(total.cacheRead) })),
    tile(
      'errors',
      (share) => format.percent(share, 2),
      t('tiles.failed', {
        failed: format.count(total.errors),
        limited: format.count(total.errorsByClass.rateLimited),
      }),
    ),
    tile(
      'duration',
      format.duration,
      t('tiles.latencyParts', {
        p50: ms(total.latency.durationMs?.p50),
        first: ms(total.latency.firstEventMs?.p50),
      }),
      true,
    ),
  ];
  return (
    <div
      role="group"
      aria-label={t('measure')}
      className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6"
    >
      {tiles.map(({ name, ...rest }) => (
        <TileButton
          key={name}
          {...rest}
          label={name === 'duration' ? t('tiles.duration') : t(`measures.${name}`)}
          pressed={measure === name}
          onPress={() => onMeasure(name)}
        />
      ))}
    </div>
  );
}
