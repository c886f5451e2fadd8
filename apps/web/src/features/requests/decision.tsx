'use client';
// Owns "why this account?": every candidate with its verdict, as the router wrote it down.
import type { RequestDetail } from '@crs/shared';
import { clsx } from 'clsx';
import { CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { clientName } from '@/lib/client-names';
import { links } from '@/lib/paths';
import { useAccountReason } from '@/lib/use-account-reason';
import { useFormat } from '@/lib/use-format';
import { dialectName, serviceName } from '@/lib/vendor-names';
import { EntryLink } from './entry-link';
import { nextInLine, readVerdict, ruleOf, type Verdict as KnownVerdict } from './verdicts';

/** Names in a sentence; the list above has all of them. */
const MOST_NAMED = 5;

export function Decision({ request }: { request: RequestDetail }) {
  const t = useTranslations('requests');
  const { candidates, chosen } = request.decision;
  const format = useFormat();
  const rule = ruleOf(request);
  const next = nextInLine(request.decision);
  const waited = request.timeline.some(({ event }) => event === 'waits');
  if (candidates.length === 0) return <p className="text-muted text-sm">{t('decision.none')}</p>;
  // The chosen one first, then those that could have been, then the others; else as the router saw them.
  const rank = (candidate: (typeof candidates)[number]) =>
    candidate.accountId === chosen ? 0 : candidate.eligible ? 1 : 2;
  return (
    <>
      {(rule !== null || waited) && (
        <p className="mb-2 text-sm">
          {waited && `${t('decision.waited')} `}
          {rule !== null && t(`rule.${rule}`)}
        </p>
      )}
      <ul className="divide-y divide-line rounded-card border border-line">
        {candidates
          .toSorted((a, b) => rank(a) - rank(b))
          .map((candidate) => {
            const isChosen = candidate.accountId === chosen;
            const Icon = isChosen ? CircleCheck : candidate.eligible ? CircleMinus : CircleX;
            return (
              <li
                key={candidate.accountId}
                className={clsx('flex items-start gap-3 px-3 py-2 text-sm', isChosen && 'bg-ok-soft')}
              >
                <Icon
                  aria-hidden
                  className={clsx('mt-0.5 size-4 shrink-0', isChosen ? 'text-ok-text' : 'text-muted')}
                />
                <div className="min-w-0 flex-1">
                  <EntryLink href={links.account(candidate.accountId)}>{candidate.accountName}</EntryLink>
                  <p className="break-words text-text-soft text-xs">
                    <Verdict reason={candidate.reason} />
                  </p>
                </div>
                <div className="shrink-0 text-right text-xs">
                  <p className={isChosen ? 'font-medium text-ok-text' : 'text-muted'}>
                    {isChosen
                      ? t('decision.chosen')
                      : candidate.eligible
                        ? t('decision.possible')
                        : t('decision.passedOver')}
                  </p>
                  {candidate.score !== null && (
                    <p className="text-muted">
                      {t('decision.load', { load: format.decimal(candidate.score) })}
                    </p>
                  )}
                </div>
              </li>
            );
          })}
      </ul>
      {chosen !== null && (
        <p className="mt-2 text-sm text-text-soft">
          {next === null
            ? t('decision.nextUnknown')
            : next.length === 0
              ? t('decision.nextNobody')
              : t('decision.next', { count: next.length, names: next.slice(0, MOST_NAMED).join(', ') })}
        </p>
      )}
    </>
  );
}

/** The router's words in the reader's language; what an account or a vendor said stays as it was said. */
function Verdict({ reason }: { reason: string }) {
  const accountWords = useAccountReason();
  const verdict = readVerdict(reason);
  if (verdict !== null) return <VerdictWords {...verdict} />;
  const { text, quote } = accountWords(reason);
  return (
    <>
      {text}
      {text !== null && quote !== null && ' '}
      {quote !== null && <span lang="en">{quote}</span>}
    </>
  );
}

function VerdictWords({ name, values }: KnownVerdict) {
  const t = useTranslations('requests');
  const { value = '', service = '', dialect = '', operation = '', clients = '' } = values;
  return t(`verdict.${name}`, {
    value,
    service: serviceName(service),
    dialect: dialectName(dialect),
    operation: t.has(`operation.${operation}` as never) ? t(`operation.${operation}` as never) : operation,
    clients: clients.split(', ').map(clientName).join(', '),
  });
}
