// What other modules use of prices.
export { loadPack } from './pack.ts';
export { createPricing, type Pricing } from './pricing.ts';
