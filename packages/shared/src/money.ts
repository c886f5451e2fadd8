// Owns money as text: integer nano-USD (1e-9 USD) to and from decimal USD, without floating point.

export const NANO_PER_USD = 1_000_000_000n;

/** Decimal USD (`"12.5"`, `12.5`) to integer nano-USD. Throws RangeError on anything but a plain decimal with at most 9 places. */
export function usdToNano(usd: string | number): bigint {
  const text = typeof usd === 'number' ? plainDecimal(usd) : usd.trim();
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) throw new RangeError(`not a decimal amount of USD with at most 9 places: ${text}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const nano = BigInt(whole) * NANO_PER_USD + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -nano : nano;
}

function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = String(value);
  return text.includes('e') ? value.toFixed(9).replace(/\.?0+$/, '') : text;
}

/** Integer nano-USD to exact decimal USD without trailing zeros (`1500000000` -> `"1.5"`). */
export function nanoToUsd(nano: bigint | number): string {
  const value = BigInt(nano);
  const absolute = value < 0n ? -value : value;
  const fraction = (absolute % NANO_PER_USD).toString().padStart(9, '0').replace(/0+$/, '');
  const text = `${absolute / NANO_PER_USD}${fraction === '' ? '' : `.${fraction}`}`;
  return value < 0n ? `-${text}` : text;
}

/** `nano` times a decimal rate (`1.25`), rounded half up once, exactly. */
export function timesRate(nano: number, rate: number): number {
  if (rate === 1 || nano === 0) return nano;
  const [whole = '0', fraction = ''] = plainDecimal(rate).split('.');
  const denominator = 10n ** BigInt(fraction.length);
  const numerator = BigInt(nano) * BigInt(whole + fraction);
  return Number((2n * numerator + denominator) / (2n * denominator));
}

/**
 * Nano-USD for people: two places from a cent on, four below, and never `0.00` for money that was spent
 * (`<0.0001` instead). No currency sign; the caller's locale adds it.
 */
export function formatNanoUsd(nano: bigint | number): string {
  const value = BigInt(nano);
  const absolute = value < 0n ? -value : value;
  const sign = value < 0n ? '-' : '';
  if (absolute === 0n) return '0.00';
  const places = absolute >= 10_000_000n ? 2 : 4;
  const unit = places === 2 ? 10_000_000n : 100_000n;
  const rounded = (absolute + unit / 2n) / unit;
  if (rounded === 0n) return `${sign}<0.0001`;
  const scale = 10n ** BigInt(places);
  return `${sign}${rounded / scale}.${(rounded % scale).toString().padStart(places, '0')}`;
}
