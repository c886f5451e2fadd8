'use client';
// Owns why an account is not simply ready, as it is read: the gateway's words in the reader's language, then the vendor's.
import type { Account } from '@crs/shared';
import { useAccountReason } from '@/lib/use-account-reason';

interface AccountReasonProps {
  reason: string;
  families?: Account['families'];
}

export function AccountReason({ reason, families = {} }: AccountReasonProps) {
  const { text, quote } = useAccountReason()(reason, Object.keys(families));
  return (
    <>
      {text}
      {text !== null && quote !== null && ' '}
      {quote !== null && <span lang="en">{quote}</span>}
    </>
  );
}
