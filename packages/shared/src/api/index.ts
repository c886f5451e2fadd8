// Owns the tree of the admin API: what the gateway mounts and the console's client calls.
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit.ts';
import { authRoutes } from './auth.ts';
import { dashboardRoutes } from './dashboard.ts';
import { groupRoutes } from './groups.ts';
import { keyRoutes } from './key-routes.ts';
import { keyStatsRoutes } from './key-stats.ts';
import { pricingRoutes } from './pricing.ts';
import { repricingRoutes } from './repricing.ts';
import { requestRoutes } from './requests.ts';
import { searchRoutes } from './search.ts';
import { publicRoutes, settingsRoutes } from './settings.ts';
import { statsRoutes } from './stats.ts';

export const api = {
  auth: authRoutes,
  keys: keyRoutes,
  accounts: accountRoutes,
  groups: groupRoutes,
  pricing: { ...pricingRoutes, ...repricingRoutes },
  requests: requestRoutes,
  stats: statsRoutes,
  dashboard: dashboardRoutes,
  settings: settingsRoutes,
  audit: auditRoutes,
  search: searchRoutes,
  public: { ...publicRoutes, ...keyStatsRoutes },
};
