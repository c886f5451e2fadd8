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

/** `nano` times the product of decimal rates (`1.25`), exactly, rounded half up once. */
export function timesRate(nano: number, ...rates: readonly number[]): number {
  if (nano === 0 || rates.every((rate) => rate === 1)) return nano;
  let numerator = BigInt(nano);
  let denominator = 1n;
  for (const rate of rates) {
    const [whole = '0', fraction = ''] = plainDecimal(rate).split('.');
    numerator *= BigInt(whole + fraction);
    denominator *= 10n ** BigInt(fraction.length);
  }
  return Number((2n * numerator + denominator) / (2n * denominator));
}

/** Dearer than anything that is sold, and still exact as a JSON number. */
export const MAX_USD_PER_MTOK = 1_000_000;

/**
 * Decimal USD per million tokens (`"0.125"`, `3`) to whole pico-USD (1e-12 USD) a token. Throws RangeError on anything
 * but a plain decimal from 0 to MAX_USD_PER_MTOK with at most 6 places.
 */
export function usdPerMTokToPico(usd: string | number): number {
  const text = typeof usd === 'number' ? plainDecimal(usd) : usd.trim();
  const match = /^(\d{1,7})(?:\.(\d{1,6}))?$/.exec(text);
  const pico = match === null ? -1 : Number(`${match[1]}${(match[2] ?? '').padEnd(6, '0')}`);
  if (pico < 0 || pico > MAX_USD_PER_MTOK * 1e6)
    throw new RangeError(`not a price in USD per million tokens with at most 6 places: ${text}`);
  return pico;
}

/** Back to decimal USD per million tokens without trailing zeros (`125000` -> `"0.125"`). */
export function picoToUsdPerMTok(pico: bigint | number): string {
  const value = BigInt(pico);
  const fraction = (value % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return `${value / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}`;
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
