// Owns the admin API of pricing a past range again.
import type { repricingRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import { PRICES_TARGET } from '../pricing/index.ts';
import type { Repricing } from './repricing.ts';
import { forAudit } from './run.ts';

export function repricingHandlers({
  repricing,
}: {
  readonly repricing: Repricing;
}): Handlers<typeof repricingRoutes> {
  return {
    previewReprice: ({ body }) => repricing.preview(body),
    startReprice: async ({ body }, context) => {
      const { user, requestId, ip } = context;
      const run = await repricing.start(body.fingerprint, {
        id: user.id,
        username: user.username,
        requestId,
        ip,
      });
      const { before, after } = forAudit(run, 'previewed');
      context.audit('pricing.reprice', PRICES_TARGET, before, after);
      return run;
    },
    repriceRun: async () => ({ run: await repricing.run() }),
    cancelReprice: async (_, context) => {
      const run = await repricing.cancel();
      context.audit('pricing.reprice_cancel', PRICES_TARGET, undefined, { run: run.number });
      return run;
    },
  };
}
