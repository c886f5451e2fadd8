// The gateway's program, except that leases may be shorter: what a killed process held is then given up within the
// time of a test.
import cluster from 'node:cluster';
import { build } from '../../src/app.ts';
import { loadOwnConfig } from '../../src/config/index.ts';
import { serve } from '../../src/process/serve.ts';
import { supervise } from '../../src/process/supervise.ts';

/** `CHAOS_LOST_AFTER`: lease, grace and interval of the looks, in ms. */
function lostAfter(): { leaseMs: number; graceMs: number; lookEveryMs: number } {
  const [leaseMs, graceMs, lookEveryMs] = (process.env['CHAOS_LOST_AFTER'] ?? '').split(',').map(Number);
  if (leaseMs === undefined || graceMs === undefined || lookEveryMs === undefined)
    throw new Error('CHAOS_LOST_AFTER takes three numbers');
  return { leaseMs, graceMs, lookEveryMs };
}

const config = loadOwnConfig();
const lost = lostAfter();
if (cluster.isPrimary && config.workers > 1) supervise(config);
else await serve(config, (own) => build(own, { lostAfter: lost }));
