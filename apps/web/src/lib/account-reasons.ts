// Owns the reading of what the gateway says of an account that is not simply ready: its own words are told in the
// reader's language, the vendor's are quoted. Pure.

const patterns = [
  ['streak', /^(?<value>\d+) failures in a row, the last: (?<quote>.+)$/s],
  ['half', /^half of the latest requests failed, the last: (?<quote>.+)$/s],
  ['probation', /^One request at a time tries it after (?<value>\d+) failures, until one is answered$/],
  ['daily', /^its daily quota of USD (?<value>[\d.]+) is used up$/i],
  ['window', /^The vendor's quota window (?<value>.+) is used up$/],
  ['paused', /^Paused until (?<value>\S+)$/],
  ['offHours', /^Outside its hours until (?<value>\S+)$/],
  ['modelRefused', /^refused (?<value>\S+): (?<quote>.+)$/s],
  ['off', /^Switched off by an administrator$/],
  ['expired', /^Expired at (?<value>\S+)$/],
  ['deleted', /^The account was deleted$/],
  ['probed', /^one request is trying whether it is back$/],
  [
    'notRenewable',
    /^The vendor wants a new login: (?:There is no refresh token|A setup token cannot be renewed)\b.*$/,
  ],
  ['newLogin', /^The vendor wants a new login: (?:The vendor did not renew the login: )?(?<quote>.+)$/s],
  ['settingsUnfit', /^Its settings do not fit this kind of account any more; save them again$/],
  ['credentialUnfit', /^Its credential does not fit this kind of account any more; give it again$/],
  ['credentialUnread', /^Its credential cannot be (?:read; give it again|opened: (?<quote>.+))$/s],
  ['proxyUnread', /^The password of its proxy cannot be opened: (?<quote>.+)$/s],
] as const satisfies readonly (readonly [string, RegExp])[];

type ReasonName = (typeof patterns)[number][0];

export interface AccountReason {
  /** Null where the words are not the gateway's own. */
  name: ReasonName | null;
  value: string;
  /** The vendor's words, or all of them where none are known. */
  quote: string | null;
}

export function readReason(reason: string): AccountReason {
  for (const [name, pattern] of patterns) {
    const match = pattern.exec(reason);
    if (match !== null) {
      return { name, value: match.groups?.['value'] ?? '', quote: match.groups?.['quote'] ?? null };
    }
  }
  return { name: null, value: '', quote: reason };
}
