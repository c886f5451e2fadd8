// Owns the reading of the names of vendors' quota windows. Pure.

export interface WindowName {
  /** Null where the name says no length. */
  length: { count: number; unit: 'minute' | 'hour' | 'day' } | null;
  /** What alone it counts (a family of models, a limit of a plan); the whole name where it says no length. */
  scope: string | null;
}

const units = { m: 'minute', h: 'hour', d: 'day' } as const;
/** `5h`, `7d_opus`, `codex_other 7d`. */
const pattern = /^(?:(?<limit>.+) )?(?<count>\d+)(?<unit>[mhd])(?:_(?<family>.+))?$/;

export function readWindowName(name: string): WindowName {
  const groups = pattern.exec(name)?.groups;
  const unit = groups?.['unit'];
  if (groups === undefined || (unit !== 'm' && unit !== 'h' && unit !== 'd'))
    return { length: null, scope: name };
  const scope = groups['family'] ?? groups['limit'] ?? null;
  return {
    length: { count: Number(groups['count']), unit: units[unit] },
    scope: scope === null ? null : titled(scope),
  };
}

/** `opus` is a name; anything with other than small letters is left as it is. */
function titled(scope: string): string {
  return /^[a-z]+$/.test(scope) ? scope.charAt(0).toUpperCase() + scope.slice(1) : scope;
}
