// Owns how the audit log calls the price list.
export const PRICES_TARGET = { type: 'pricing', id: 'prices', name: 'prices' } as const;
