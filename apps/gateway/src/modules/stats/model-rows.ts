// Owns `GET /stats/models`: figures by model, also of each group, with what is known of the model.
import type { ModelRow, modelsAnswerSchema, modelsQuery, Service } from '@crs/shared';
import type { z } from 'zod';
import { emptySums, addSums, type Sums, toStatsFigures } from '../usage/index.ts';
import type { UnpricedModel } from './attention.ts';
import { isTime, periodLabel } from './groups.ts';
import { errorsOf, type FiguresDependencies, isoRange, readGrouping, readQuery } from './queries.ts';
import { byGroup, type CountedSums, sumsByGroup, totalOf } from './sums-by-group.ts';
import { tagSets, tagsOfSet } from './tags.ts';
import { named } from './usage-rows.ts';

export type ModelsQuery = z.output<typeof modelsQuery>;
export type ModelsAnswer = z.output<typeof modelsAnswerSchema>;

export interface ModelsDependencies extends FiguresDependencies {
  modelsWithoutPrice(): Promise<readonly UnpricedModel[]>;
}

export async function modelRows(
  query: ModelsQuery,
  nowMs: number,
  dependencies: ModelsDependencies,
): Promise<ModelsAnswer> {
  const { range, filters } = await readQuery(query, nowMs, dependencies);
  const { groupBy } = query;
  const asked = {
    range,
    groupBy: readGrouping(groupBy),
    splitBy: groupBy === 'model' ? null : 'model',
    filters,
    ends: 'exact',
    keyAs: groupBy === 'tag' ? tagSets(await dependencies.tags()) : undefined,
  } as const;
  const [counted, unpriced] = await Promise.all([
    sumsByGroup(asked, nowMs, dependencies),
    dependencies.modelsWithoutPrice(),
  ]);
  const chargedAs = new Map(unpriced.map((model) => [model.model, model.chargedAs]));
  const errors = errorsOf(asked);
  const rows: ModelRow[] = [];
  const add = (group: string, label: string, model: string, sums: Sums): void => {
    rows.push({
      group,
      label,
      model,
      ...toStatsFigures(sums, errors),
      service: serviceOf(model),
      cacheShare: cacheShareOf(sums),
      unpriced: chargedAs.has(model),
      chargedAs: chargedAs.get(model) ?? null,
    });
  };
  if (groupBy === 'model') {
    for (const { id, sums } of await named('model', byGroup(counted.groups), dependencies))
      add(id, id, id, sums);
  } else {
    for (const { id, label, models } of await groupsOf(groupBy, counted, dependencies)) {
      for (const model of await named('model', models, dependencies)) add(id, label, model.id, model.sums);
    }
  }
  return { ...isoRange(counted.range), rows, total: toStatsFigures(totalOf(counted.groups), errors) };
}

interface GroupOfModels {
  readonly id: string;
  readonly label: string;
  readonly models: ReadonlyMap<string, Sums>;
}

async function groupsOf(
  groupBy: Exclude<ModelsQuery['groupBy'], 'model'>,
  { groups }: CountedSums,
  dependencies: FiguresDependencies,
): Promise<GroupOfModels[]> {
  if (isTime(groupBy)) {
    return [...groups]
      .map(([start, models]) => ({ startMs: Number(start), models }))
      .sort((one, other) => one.startMs - other.startMs)
      .map(({ startMs, models }) => ({
        id: new Date(startMs).toISOString(),
        label: periodLabel(groupBy, startMs, dependencies.calendar),
        models,
      }));
  }
  const parts = groupBy === 'tag' ? partsByTag(groups) : groups;
  const inOrder = await named(groupBy, byGroup(parts), dependencies);
  return inOrder.map(({ id, label }) => ({ id, label, models: parts.get(id) ?? new Map<string, Sums>() }));
}

function partsByTag(sets: CountedSums['groups']): CountedSums['groups'] {
  const groups: CountedSums['groups'] = new Map();
  for (const [name, parts] of sets) {
    for (const tag of tagsOfSet(name)) {
      const group = groups.get(tag) ?? new Map<string, Sums>();
      groups.set(tag, group);
      for (const [part, sums] of parts) {
        const total = group.get(part) ?? emptySums();
        addSums(total, sums);
        group.set(part, total);
      }
    }
  }
  return groups;
}

function cacheShareOf({ input, cacheWrite5m, cacheWrite1h, cacheRead }: Sums): number {
  const prompt = input + cacheWrite5m + cacheWrite1h + cacheRead;
  return prompt === 0 ? 0 : cacheRead / prompt;
}

const services: readonly [RegExp, Service][] = [
  [/claude|anthropic/, 'claude'],
  [/gemini/, 'gemini'],
  [/^(?:gpt|chatgpt|codex|o\d|text-embedding|davinci|babbage|computer-use|omni)/, 'openai'],
];

/** By its name; null where that does not say. */
function serviceOf(model: string): Service | null {
  const name = model.toLowerCase().replace(/^.*\//, '');
  return services.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
