// Owns what Bedrock calls a Claude model: its own ids, and the inference profiles by which newer models are reached.

/** Where requests may be answered. Geographic profiles cost a tenth more from Claude 4.5 on. */
export type Inference = 'global' | 'geographic';

export interface Place {
  readonly region: string;
  readonly inference: Inference;
}

/** Models up to Opus 4.6 have a date or a version in their id; all later ones are named as their vendor names them. */
const IDS: Readonly<Record<string, string>> = {
  'claude-opus-4-6': 'claude-opus-4-6-v1',
  'claude-opus-4-5': 'claude-opus-4-5-20251101-v1:0',
  'claude-haiku-4-5': 'claude-haiku-4-5-20251001-v1:0',
  'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929-v1:0',
  'claude-opus-4-1': 'claude-opus-4-1-20250805-v1:0',
  'claude-opus-4': 'claude-opus-4-20250514-v1:0',
  'claude-sonnet-4': 'claude-sonnet-4-20250514-v1:0',
  'claude-3-7-sonnet': 'claude-3-7-sonnet-20250219-v1:0',
  'claude-3-5-haiku': 'claude-3-5-haiku-20241022-v1:0',
  'claude-3-5-sonnet': 'claude-3-5-sonnet-20241022-v2:0',
  'claude-3-5-sonnet-20240620': 'claude-3-5-sonnet-20240620-v1:0',
  'claude-3-opus': 'claude-3-opus-20240229-v1:0',
  'claude-3-sonnet': 'claude-3-sonnet-20240229-v1:0',
  'claude-3-haiku': 'claude-3-haiku-20240307-v1:0',
};
/** Older than global profiles, and than those of single countries. */
const BEFORE_GLOBAL = /^claude-(?:3-|opus-4-(?:1-)?20)/;
const DATE = /-(?:\d{8}|latest|0)$/;

/** Of the model itself, without a profile: what counting tokens takes. Ids of Bedrock's own pass as they are. */
export function foundationModel(model: string): string {
  if (isOwnId(model)) return model.replace(/^(?:[a-z-]+\.)?(anthropic\.)/, '$1');
  const named = IDS[model] ?? IDS[model.replace(DATE, '')] ?? model.replace(DATE, '');
  return `anthropic.${named}`;
}

/** What a generating call asks for. */
export function inferenceProfile(model: string, place: Place): string {
  if (isOwnId(model)) return model;
  const id = foundationModel(model);
  return `${profileOf(id.slice('anthropic.'.length), place)}.${id}`;
}

/** Whether it is answered within one part of the world, for more money; an ARN that does not say is taken to be. */
export function isRegional(profile: string): boolean {
  return !profile.startsWith('global.') && !profile.includes('/global.');
}

/** `anthropic.…`, `us.anthropic.…`, or the ARN of a profile that the operator made. */
function isOwnId(model: string): boolean {
  return model.startsWith('arn:') || /(?:^|\.)anthropic\./.test(model);
}

function profileOf(id: string, { region, inference }: Place): string {
  const isOld = BEFORE_GLOBAL.test(id);
  const geography = geographyOf(region, isOld);
  // Separate clouds have no way out.
  if (geography === 'us-gov') return geography;
  return inference === 'global' && !isOld ? 'global' : (geography ?? 'global');
}

function geographyOf(region: string, isOld: boolean): string | null {
  if (region.startsWith('us-gov-')) return 'us-gov';
  if (/^(?:us|ca)-/.test(region)) return 'us';
  if (region.startsWith('eu-')) return 'eu';
  if (!region.startsWith('ap-')) return null;
  if (!isOld && /^ap-northeast-[13]$/.test(region)) return 'jp';
  if (!isOld && /^ap-southeast-[24]$/.test(region)) return 'au';
  return 'apac';
}
