// Owns the admin API of figures and of the dashboard.
import type { dashboardRoutes, statsRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import type { Stats } from './stats.service.ts';

export function statsHandlers({ stats }: { readonly stats: Stats }): Handlers<typeof statsRoutes> {
  return {
    usage: ({ query }) => stats.usage(query),
    cost: ({ query }) => stats.cost(query),
    models: ({ query }) => stats.models(query),
    trends: ({ query }) => stats.trends(query),
    export: ({ query }) => stats.export(query),
  };
}

export function dashboardHandlers({ stats }: { readonly stats: Stats }): Handlers<typeof dashboardRoutes> {
  return { overview: ({ query }) => stats.overview(query) };
}
