// Owns the admin API of prices: what is asked, what is answered, what goes to the audit log.
import type { pricingRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import { PRICES_TARGET } from './audit-target.ts';
import type { Pricing } from './pricing.service.ts';

export function pricingHandlers({ pricing }: { readonly pricing: Pricing }): Handlers<typeof pricingRoutes> {
  return {
    get: () => pricing.get(),
    replace: async ({ body }, context) => {
      const { answer, before, after } = await pricing.update(body, context.user.username);
      if (before !== after) context.audit('pricing.update', PRICES_TARGET, before, after);
      return answer;
    },
    history: ({ query }) => pricing.history(query),
  };
}
