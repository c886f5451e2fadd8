// Owns what the list of prices keeps in its address.
import { priceProviders } from '@crs/shared';
import { param } from '@/lib/url-state';

export const pricingListDefinition = {
  sortable: ['model', 'input', 'output'],
  defaultSort: 'model',
  filters: { provider: param.choice(priceProviders), state: param.choice(['overridden', 'scheduled']) },
} as const;
