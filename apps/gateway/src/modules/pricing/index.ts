// What other modules use of prices.
export { PRICES_TARGET } from './audit-target.ts';
export type { PriceBook } from './book.ts';
export { InvalidPack, loadPack, parsePack, type PricePack } from './pack.ts';
export { type PackDifferences, packDifferences } from './pack-differences.ts';
export { Pricing } from './pricing.service.ts';
