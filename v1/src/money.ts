// Owns v1's money: decimal US dollars as Redis' INCRBYFLOAT writes them, float noise in the last digits included.

const NANO_DIGITS = 9;

/** Nano-USD (1e-9 USD) of a decimal amount, rounded half up once; null when the text is no amount. */
export function nanoUsdOf(amount: string): number | null {
  const parts = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?$/u.exec(amount)?.groups;
  if (parts === undefined) return null;
  const fraction = (parts['fraction'] ?? '').padEnd(NANO_DIGITS + 1, '0');
  const nano = BigInt((parts['whole'] ?? '') + fraction.slice(0, NANO_DIGITS));
  const rounded = Number(nano + (fraction.charAt(NANO_DIGITS) >= '5' ? 1n : 0n));
  return parts['sign'] === '-' ? -rounded : rounded;
}
